"""Notifications and digests, with what was sent and when."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from engagements import limits


class Digest(models.Model):
    """One mail of one person for one period; made before it is sent, so that no two workers send it."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="digests")
    frequency = models.CharField(max_length=6)
    period_start = models.DateTimeField()
    period_end = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "frequency", "period_start"], name="digest_once_a_period")
        ]


class Notification(models.Model):
    """Mentions and assignments go out at once, changes with the next digest."""

    class Kind(models.TextChoices):
        MENTION = "mention", "You were mentioned"
        ASSIGNMENT = "assignment", "You were given something to do"
        CHANGE = "change", "Something changed"

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notifications")
    kind = models.CharField(max_length=10, choices=Kind)
    engagement = models.ForeignKey(
        "engagements.Engagement", null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    noun = models.CharField(max_length=20)
    object_id = models.BigIntegerField()
    line = models.CharField(max_length=limits.SENTENCE)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)
    seen_at = models.DateTimeField(null=True, blank=True)
    digest = models.ForeignKey(Digest, null=True, blank=True, on_delete=models.SET_NULL, related_name="notifications")

    class Meta:
        ordering = ["-created_at", "-id"]
        indexes = [
            models.Index(fields=["kind", "created_at"], name="notification_unsent", condition=Q(sent_at=None)),
            models.Index(fields=["user", "-created_at"], name="notification_by_person"),
            models.Index(fields=["user", "kind"], name="notification_unread", condition=Q(seen_at=None)),
        ]
