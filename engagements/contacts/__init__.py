"""Whom a city's team calls: people without an account."""
