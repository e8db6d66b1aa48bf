"""Links that let one person write one quarter's update without signing in. Only their hashes are kept."""

from datetime import timedelta

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q

from engagements import limits
from engagements.models.abstract import NEVER_DELETED, paired, person

VALID_FOR = timedelta(days=7)


class UpdateLink(models.Model):
    """Sent with a reminder. It opens as often as one likes until the update is submitted with it."""

    engagement = models.ForeignKey("engagements.Engagement", on_delete=models.PROTECT, related_name="update_links")
    year = models.PositiveSmallIntegerField()
    quarter = models.PositiveSmallIntegerField()
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    sha256 = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_by = person(null=True)

    class Meta:
        ordering = ["-created_at", "-id"]
        indexes = [models.Index(fields=["engagement", "year", "quarter"], name="update_link_by_quarter")]
        constraints = [
            models.CheckConstraint(name="update_link_quarter_1_to_4", condition=Q(quarter__gte=1, quarter__lte=4)),
            models.CheckConstraint(
                name="update_link_ends_within_a_week",
                condition=Q(expires_at__gt=F("created_at"), expires_at__lte=F("created_at") + VALID_FOR),
            ),
            models.CheckConstraint(name="update_link_used_or_revoked", condition=Q(used_at=None) | Q(revoked_at=None)),
            paired("update_link_revoked_pair", "revoked_at", "revoked_by"),
        ]
        triggers = [
            NEVER_DELETED,
            pgtrigger.Protect(
                name="used_once",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition("OLD.used_at IS NOT NULL OR OLD.revoked_at IS NOT NULL"),
            ),
        ]


class UpdateLinkUse(models.Model):
    """What was done with a link. The address is kept as a keyed hash: enough to tell readers apart, not to find one."""

    class What(models.TextChoices):
        OPENED = "opened", "Opened"
        SAVED = "saved", "Draft saved"
        SUBMITTED = "submitted", "Submitted"
        REFUSED = "refused", "Refused"

    link = models.ForeignKey(UpdateLink, on_delete=models.PROTECT, related_name="uses")
    at = models.DateTimeField()
    what = models.CharField(max_length=9, choices=What)
    why = models.CharField(max_length=20, blank=True, default="", help_text="why it was refused")
    address_hash = models.CharField(max_length=64)
    agent = models.CharField(max_length=limits.BROWSER, blank=True, default="")

    class Meta:
        ordering = ["-at", "-id"]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]


class UpdateReminder(models.Model):
    """A mail about one quarter's update to one person: the row is made before it is sent, so that it is sent once."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    engagement = models.ForeignKey("engagements.Engagement", on_delete=models.CASCADE, related_name="+")
    year = models.PositiveSmallIntegerField()
    quarter = models.PositiveSmallIntegerField()
    number = models.PositiveSmallIntegerField(help_text="1 before it is due, 2 after")
    sent_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "engagement", "year", "quarter", "number"], name="update_reminder_once"
            ),
            models.CheckConstraint(name="update_reminder_number", condition=Q(number__in=[1, 2])),
        ]
