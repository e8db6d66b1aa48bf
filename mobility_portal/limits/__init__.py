"""Counters of sign-in: in Postgres, where none goes before its time."""
