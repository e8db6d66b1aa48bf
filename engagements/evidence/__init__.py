"""The evidence library: what was tried, what it did and how sure that is. Pure."""
