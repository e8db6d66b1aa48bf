"""Public pages, kept compressed until something they show changes."""
