"""What answers while the database, the disk or the broker is away."""
