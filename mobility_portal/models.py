"""Models of the portal itself; each is written in its subject's folder."""

from mobility_portal.backup.models import Backup, Erasure
from mobility_portal.limits.models import SignInCounter

__all__ = ["Backup", "Erasure", "SignInCounter"]
