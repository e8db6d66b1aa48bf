"""How long the database may be kept waiting, by who asks."""
