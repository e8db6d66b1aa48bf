"""Estimators of pilots: registered methods, and the checks that stand beside them. Pure."""
