"""What was decided, who met, what is still open, and notes."""

import pghistory
import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q

from engagements import limits
from engagements.models.abstract import BUMP_VERSION, NEVER_DELETED, Archivable, Versioned, paired, person, refuse
from engagements.models.discussion import VISIBILITIES, known_visibility
from engagements.permissions import Visibility


@pghistory.track()
class Record(Versioned, Archivable):
    class Kind(models.TextChoices):
        DECISION = "decision", "Decision"
        MEETING = "meeting", "Meeting"
        NOTE = "note", "Note"
        QUESTION = "question", "Open question"  # answered: archived, with the answer as the reason

    engagement = models.ForeignKey("engagements.Engagement", on_delete=models.PROTECT, related_name="records")
    kind = models.CharField(max_length=8, choices=Kind)
    title = models.CharField(max_length=limits.TITLE)
    body = models.TextField(blank=True, default="")
    on = models.DateField(help_text="the day of the decision or the meeting")
    visibility = models.CharField(max_length=4, choices=VISIBILITIES, default=Visibility.TEAM.value)
    written_by = person()
    created_at = models.DateTimeField()
    present = models.CharField(
        max_length=limits.LINE, blank=True, default="", help_text="who was there, in words: also people without account"
    )
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


_NOT_ITS_OWN = pgtrigger.Trigger(
    name="not_its_own",
    when=pgtrigger.Before,
    operation=pgtrigger.Insert,
    func=refuse(
        "record_place_is_another",
        "EXISTS (SELECT 1 FROM engagements_record r "
        "WHERE r.id = NEW.record_id AND r.engagement_id = NEW.engagement_id)",
        "A record stands in its own engagement already.",
    ),
)


@pghistory.track(pghistory.InsertEvent())
class RecordPlace(models.Model):
    """Another engagement that a record is about too: one call with two cities is one record, read in both."""

    record = models.ForeignKey(Record, on_delete=models.PROTECT, related_name="places")
    engagement = models.ForeignKey("engagements.Engagement", on_delete=models.PROTECT, related_name="record_places")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["record", "engagement"], name="record_place_once")]
        triggers = [
            _NOT_ITS_OWN,
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
        ]
