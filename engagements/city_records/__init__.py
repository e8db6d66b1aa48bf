"""A city's whole record as one archive: for a city that leaves, a funder's auditor, or a successor's system."""
