"""What a person's device keeps: an installable app, the pages seen last, and entries that wait for a connection."""
