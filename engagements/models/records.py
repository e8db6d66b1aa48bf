"""What was decided, who met, and notes."""

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import Q

from engagements import limits
from engagements.models.abstract import BUMP_VERSION, NEVER_DELETED, Archivable, Versioned, paired, person
from engagements.models.discussion import VISIBILITIES, known_visibility
from engagements.permissions import Visibility


@pghistory.track()
class Record(Versioned, Archivable):
    class Kind(models.TextChoices):
        DECISION = "decision", "Decision"
        MEETING = "meeting", "Meeting"
        NOTE = "note", "Note"

    engagement = models.ForeignKey("engagements.Engagement", on_delete=models.PROTECT, related_name="records")
    kind = models.CharField(max_length=8, choices=Kind)
    title = models.CharField(max_length=limits.TITLE)
    body = models.TextField(blank=True, default="")
    on = models.DateField(help_text="the day of the decision or the meeting")
    visibility = models.CharField(max_length=4, choices=VISIBILITIES, default=Visibility.TEAM.value)
    written_by = person()
    created_at = models.DateTimeField()
    attendees = models.ManyToManyField(settings.AUTH_USER_MODEL, blank=True, related_name="+")

    class Meta:
        ordering = ["-on", "-id"]
        constraints = [
            models.CheckConstraint(name="record_has_title", condition=~Q(title="")),
            known_visibility("record_visibility_is_known"),
            paired("record_archived_pair", "archived_at", "archived_by"),
        ]
        triggers = [BUMP_VERSION, NEVER_DELETED]

    def __str__(self):
        return self.title
