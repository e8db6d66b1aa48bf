"""Tables people bring: read as text, checked by row, never trusted. Pure."""
