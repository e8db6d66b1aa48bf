"""The quarterly update: the thing funders read. What was published stays readable while the next version is written."""

import pghistory
import pgtrigger
from django.db import models
from django.db.models import Q

from engagements.models.abstract import BUMP_VERSION, NEVER_DELETED, Archivable, Versioned, decided, paired, person
from engagements.workflow import UPDATE, UPDATE_APPROVED

UPDATE_SECTIONS = [
    ("what_we_did", "What we did"),
    ("what_we_learned", "What we learned"),
    ("what_we_changed", "What we changed"),
    ("what_we_need", "What we need"),
]
UPDATE_TEXTS = tuple(name for name, _ in UPDATE_SECTIONS)


@pghistory.track()
class QuarterlyUpdate(Versioned, Archivable):
    engagement = models.ForeignKey("engagements.Engagement", on_delete=models.PROTECT, related_name="updates")
    year = models.PositiveSmallIntegerField()
    quarter = models.PositiveSmallIntegerField()
    what_we_did = models.TextField(blank=True, default="")
    what_we_learned = models.TextField(blank=True, default="")
    what_we_changed = models.TextField(blank=True, default="")
    what_we_need = models.TextField(blank=True, default="")
    status = models.CharField(max_length=9, choices=UPDATE.choices, default=UPDATE.first)
    written_by = person()
    reviewed_by = person(null=True)
    reviewed_at = models.DateTimeField(null=True, blank=True)
    approved_by = person(null=True)
    approved_at = models.DateTimeField(null=True, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)
    is_fictional = models.BooleanField(default=False)

    class Meta:
        ordering = ["-year", "-quarter"]
        constraints = [
            models.UniqueConstraint(
                fields=["engagement", "year", "quarter"], name="update_once_a_quarter", condition=Q(archived_at=None)
            ),
            models.CheckConstraint(name="update_quarter_1_to_4", condition=Q(quarter__gte=1, quarter__lte=4)),
            models.CheckConstraint(
                name="update_status_is_declared", condition=Q(status__in=[v for v, _ in UPDATE.choices])
            ),
            models.CheckConstraint(
                name="update_approved_has_approver",
                condition=~Q(status__in=list(UPDATE_APPROVED)) | Q(approved_by__isnull=False),
            ),
            models.CheckConstraint(
                name="update_published_has_time", condition=~Q(status="published") | Q(published_at__isnull=False)
            ),
            paired("update_reviewed_pair", "reviewed_at", "reviewed_by"),
            paired("update_approved_pair", "approved_at", "approved_by"),
            paired("update_archived_pair", "archived_at", "archived_by"),
        ]
        triggers = [BUMP_VERSION, NEVER_DELETED, decided("update", to="approved", by="approved_by")]

    def __str__(self):
        return f"Q{self.quarter} {self.year}"


class PublishedUpdate(models.Model):
    """The words as they were published, once per publication: funders read the newest of an update."""

    update = models.ForeignKey(QuarterlyUpdate, on_delete=models.PROTECT, related_name="publications")
    number = models.PositiveSmallIntegerField(help_text="1 for the first publication")
    what_we_did = models.TextField(blank=True, default="")
    what_we_learned = models.TextField(blank=True, default="")
    what_we_changed = models.TextField(blank=True, default="")
    what_we_need = models.TextField(blank=True, default="")
    approved_by = person()
    published_at = models.DateTimeField()

    class Meta:
        ordering = ["update", "-number"]
        constraints = [models.UniqueConstraint(fields=["update", "number"], name="publication_number_once")]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]
