"""Milestones as files: tables and calendars. Pure."""
