"""Documents and reports in an S3-compatible bucket, for portals that run on more than one host."""
