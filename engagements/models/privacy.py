"""Who asked to be erased, and what was let go because it was kept long enough. No names in either."""

import pgtrigger
from django.db import models
from django.db.models import Q

from engagements.models.abstract import NEVER_DELETED, person


class ErasureRequest(models.Model):
    """Asked on one's own page; an operator does it, or the person takes it back."""

    user = person()
    asked_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["asked_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["user"], name="erasure_request_one_open", condition=Q(withdrawn_at=None, done_at=None)
            ),
            models.CheckConstraint(
                name="erasure_request_done_or_withdrawn", condition=Q(withdrawn_at=None) | Q(done_at=None)
            ),
        ]
        triggers = [NEVER_DELETED]


class RetentionRun(models.Model):
    """One look at what was kept long enough: numbers only."""

    at = models.DateTimeField()
    counts = models.JSONField(default=dict, help_text="what: how many rows went or were emptied")

    class Meta:
        ordering = ["-at", "-id"]
        triggers = [pgtrigger.Protect(name="never_changed", operation=pgtrigger.Update)]
