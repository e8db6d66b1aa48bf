"""What the portal holds about a person: the table of it, how long, a copy for them, and its erasure."""
