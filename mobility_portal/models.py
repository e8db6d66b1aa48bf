"""Models of the portal itself; each is written in its subject's folder."""

from mobility_portal.backup.models import Backup, Erasure

__all__ = ["Backup", "Erasure"]
