"""Where people are signed in, for how long, and how all of it ends at once."""
