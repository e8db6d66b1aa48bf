"""What of an engagement's record a public-records request may have, why the rest is withheld, what was handed out."""

import pghistory
import pgtrigger
from django.db import models
from django.db.models import F, Q

from engagements import limits
from engagements.models.abstract import BUMP_VERSION, NEVER_DELETED, Versioned, person, refuse
from engagements.models.documents import document_storage, random_name


class RecordNoun(models.TextChoices):
    """The models that are marked, by their names."""

    DOCUMENT = "document", "Document"
    RECORD = "record", "Decision, meeting or note"
    COMMENT = "comment", "Comment"
    PROGRESS = "progressentry", "Log entry"
    UPDATE = "quarterlyupdate", "Quarterly update"
    PLAN = "plan", "Plan"
    RESULT = "result", "Result"
    PILOT = "pilot", "Pilot"
    REQUEST = "expertrequest", "Question to an expert"
    RISK = "risk", "Risk"


class RecordMark(models.TextChoices):
    SHAREABLE = "shareable", "Shareable"
    DELIBERATIVE = "deliberative", "Withheld"


class WithheldReason(models.TextChoices):
    """The short list of a public-records officer."""

    DELIBERATION = "deliberation", "Deliberative process"
    PERSONNEL = "personnel", "Personnel"
    COUNSEL = "counsel", "Attorney-client"
    PERSONAL = "personal", "Personal data"
    OTHER = "other", "Other"


_THING_IS_THERE = pgtrigger.Trigger(
    name="thing_is_there",
    when=pgtrigger.Before,
    operation=pgtrigger.Insert | pgtrigger.UpdateOf("noun", "object_id", "engagement_id"),
    func=refuse(
        "public_mark_of_its_engagement",
        " AND ".join(
            f"NOT (NEW.noun = '{noun.value}' AND EXISTS (SELECT 1 FROM engagements_{noun.value} t"  # noqa: S608 - our own names; values go as parameters
            " WHERE t.id = NEW.object_id AND t.engagement_id = NEW.engagement_id))"
            for noun in RecordNoun
        ),
        "There is no such thing in this engagement.",
    ),
)


@pghistory.track()
class PublicRecordMark(Versioned):
    """One person's decision about one thing; without a row its kind's default holds."""

    engagement = models.ForeignKey("engagements.Engagement", on_delete=models.PROTECT, related_name="public_marks")
    noun = models.CharField(max_length=15, choices=RecordNoun)
    object_id = models.BigIntegerField()
    mark = models.CharField(max_length=12, choices=RecordMark)
    reason = models.CharField(max_length=12, choices=WithheldReason, blank=True, default="")
    words = models.CharField(max_length=limits.WHY, blank=True, default="", help_text="the reason, where it is another")
    marked_by = person()
    marked_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["noun", "object_id"], name="public_mark_once"),
            models.CheckConstraint(name="public_mark_noun", condition=Q(noun__in=RecordNoun.values)),
            models.CheckConstraint(
                name="public_mark_has_its_reason",
                condition=Q(mark="shareable", reason="", words="")
                | Q(mark="deliberative", reason__in=[r for r in WithheldReason.values if r != "other"])
                | Q(mark="deliberative", reason="other", words__regex=r"\S"),
            ),
        ]
        triggers = [BUMP_VERSION, NEVER_DELETED, _THING_IS_THERE]

    def __str__(self):
        return f"{self.get_noun_display()}: {self.get_mark_display()}"


class PublicRecordExport(models.Model):
    """A ZIP for one request, or a city's whole record: who asked, when, how much was in it. Its file expires."""

    class Status(models.TextChoices):
        QUEUED = "queued", "Waiting"
        RUNNING = "running", "Being made"
        DONE = "done", "Ready"
        FAILED = "failed", "Not made"
        EXPIRED = "expired", "Expired"

    engagement = models.ForeignKey("engagements.Engagement", on_delete=models.PROTECT, related_name="public_exports")
    first = models.DateField()
    last = models.DateField()
    is_whole = models.BooleanField(
        default=False, db_default=False, help_text="the city's whole record, for leads; the days say nothing"
    )
    status = models.CharField(max_length=7, choices=Status, default=Status.QUEUED)
    problem = models.CharField(max_length=limits.SENTENCE, blank=True, default="")
    shared = models.PositiveIntegerField(default=0)
    withheld = models.PositiveIntegerField(default=0)
    file = models.FileField(storage=document_storage, upload_to=random_name, max_length=100, blank=True, default="")
    file_name = models.CharField(max_length=120, blank=True, default="")
    size = models.PositiveBigIntegerField(default=0, help_text="bytes")
    sha256 = models.CharField(max_length=64, blank=True, default="")
    asked_by = person()
    asked_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField()

    class Meta:
        ordering = ["-asked_at", "-id"]
        constraints = [
            models.CheckConstraint(name="public_export_days", condition=Q(first__lte=F("last"))),
            models.CheckConstraint(name="public_export_expires", condition=Q(expires_at__gt=F("asked_at"))),
            models.CheckConstraint(
                name="public_export_done_has_file", condition=~Q(status="done") | (~Q(file="") & Q(size__gt=0))
            ),
            models.CheckConstraint(
                name="public_export_failed_says_why", condition=~Q(status="failed") | ~Q(problem="")
            ),
        ]
        triggers = [NEVER_DELETED]

    def __str__(self):
        return f"{self.first} to {self.last}"
