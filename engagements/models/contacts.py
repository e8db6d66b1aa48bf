"""People a city works with who have no account: whom to call, and what they do. The team's; never shown to funders."""

import pghistory
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from engagements import limits
from engagements.models.abstract import BUMP_VERSION, NEVER_DELETED, Archivable, Versioned, paired


@pghistory.track()
class Contact(Versioned, Archivable):
    engagement = models.ForeignKey("engagements.Engagement", on_delete=models.PROTECT, related_name="contacts")
    name = models.CharField(max_length=limits.NAME)
    email = models.EmailField(blank=True, default="")
    phone = models.CharField(max_length=limits.PHONE, blank=True, default="")
    title = models.CharField(max_length=limits.JOB_TITLE, blank=True, default="")
    organisation = models.CharField(max_length=limits.NAME, blank=True, default="")
    note = models.CharField(max_length=limits.NOTE, blank=True, default="")
    is_fictional = models.BooleanField(default=False)

    class Meta:
        ordering = ["name", "id"]
        indexes = [
            models.Index(fields=["engagement", "name"], name="contact_by_name", condition=Q(archived_at=None)),
        ]
        constraints = [
            models.CheckConstraint(name="contact_has_name", condition=Q(name__regex=r"\S")),
            models.UniqueConstraint(
                "engagement",
                Lower("email"),
                name="contact_email_once",
                condition=Q(archived_at=None) & ~Q(email=""),
            ),
            paired("contact_archived_pair", "archived_at", "archived_by"),
        ]
        triggers = [BUMP_VERSION, NEVER_DELETED]

    def __str__(self):
        return self.name
