"""Where somebody is signed in: enough to know one's own browser again, no address and no version of anything."""

from django.conf import settings
from django.db import models
from django.utils import timezone


class UserSession(models.Model):
    """One session. It goes with the session; `last_seen_at` is right within five minutes."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="sessions")
    session_key = models.CharField(max_length=40, unique=True)
    browser = models.CharField(max_length=60, blank=True, default="")
    began_at = models.DateTimeField(default=timezone.now)
    last_seen_at = models.DateTimeField(default=timezone.now)
    is_shared = models.BooleanField(default=False, help_text="on a shared computer: short, and ends with the browser")

    class Meta:
        ordering = ["-last_seen_at", "-id"]
        indexes = [models.Index(fields=["user", "-last_seen_at"], name="session_of_person")]
