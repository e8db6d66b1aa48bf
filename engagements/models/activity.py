"""One line per thing somebody did, as the feed shows it. History (every column, by trigger) is the event tables."""

import uuid

import pgtrigger
from django.conf import settings
from django.db import models

from engagements import limits
from engagements.models.abstract import person
from engagements.models.discussion import VISIBILITIES, known_visibility
from engagements.permissions import Visibility


class Activity(models.Model):
    """`changes` is {field: [before, after]}; whoever may read `visibility` in the engagement reads the whole row."""

    engagement = models.ForeignKey(
        "engagements.Engagement", null=True, blank=True, on_delete=models.PROTECT, related_name="activity"
    )
    by = person(null=True)
    at = models.DateTimeField()
    verb = models.CharField(max_length=20)
    noun = models.CharField(max_length=20)
    object_id = models.BigIntegerField()
    title = models.CharField(max_length=limits.TITLE)
    line = models.CharField(max_length=limits.LINE, blank=True, default="")
    why = models.CharField(max_length=limits.WHY, blank=True, default="")
    changes = models.JSONField(default=dict)
    visibility = models.CharField(max_length=4, choices=VISIBILITIES, default=Visibility.TEAM.value)

    class Meta:
        ordering = ["-at", "-id"]
        indexes = [
            models.Index(fields=["engagement", "-at", "-id"], name="activity_by_engagement"),
            models.Index(fields=["-at", "-id"], name="activity_by_time"),
            models.Index(fields=["by", "-at"], name="activity_by_person"),
        ]
        constraints = [known_visibility("activity_visibility_is_known")]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]


class FormIdempotencyKey(models.Model):
    """A form that is sent twice writes once: the second finds what the first made."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    action = models.CharField(max_length=40)
    key = models.UUIDField(default=uuid.uuid4)
    object_id = models.BigIntegerField(null=True)
    at = models.DateTimeField(auto_now_add=True)
    version = models.PositiveIntegerField(
        null=True, help_text="of the milestone right after an entry: later entries of the same device build on it"
    )

    class Meta:
        db_table = "engagements_submission"
        constraints = [models.UniqueConstraint(fields=["user", "action", "key"], name="submission_once")]
