"""Backups of the whole portal: made, verified, restored, kept for a stated time. The run book is docs/backup.md."""
