"""Synthetic files in the publishers' formats: deterministic, made from rules, never from their data."""
