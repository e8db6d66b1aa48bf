"""Tables people bring: how they are read, what each import did, and the keys by which rows are known again."""

import pghistory
from django.db import models
from django.db.models import F, Q

from engagements import limits
from engagements.models.abstract import BUMP_VERSION, NEVER_DELETED, Archivable, Versioned, paired, person

MAX_KEY = limits.TITLE


class TableKind(models.TextChoices):
    LEDGER = "ledger", "Spending"
    MILESTONES = "milestones", "Milestones"
    INDICATORS = "indicators", "Indicators"
    VALUES = "values", "Indicator values"
    CONTACTS = "contacts", "Contacts"


@pghistory.track()
class TableMapping(Versioned, Archivable):
    """How the columns of one tool's table become rows: `columns` is JSON of `engagements.base.tables.mapping`."""

    engagement = models.ForeignKey("engagements.Engagement", on_delete=models.PROTECT, related_name="table_mappings")
    kind = models.CharField(max_length=10, choices=TableKind, default=TableKind.LEDGER)
    name = models.CharField(max_length=limits.SHORT_NAME)
    source_system = models.CharField(max_length=limits.SOURCE_SYSTEM)
    columns = models.JSONField(default=dict)
    saved_by = person()

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                fields=["engagement", "kind", "name"], name="table_mapping_once", condition=Q(archived_at=None)
            ),
            models.CheckConstraint(name="table_mapping_has_name", condition=Q(name__regex=r"\S")),
            models.CheckConstraint(name="table_mapping_of_a_kind", condition=Q(kind__in=TableKind.values)),
            paired("table_mapping_archived_pair", "archived_at", "archived_by"),
        ]
        triggers = [BUMP_VERSION, NEVER_DELETED]

    def __str__(self):
        return self.name


class TableImport(models.Model):
    """One table on its way in, and what it did once it was kept.

    `packed` is the table while the worker needs it, emptied with the answer. `written`: [noun, id, version before (null
    where it was added), version after] of each row that differs since.
    """

    class State(models.TextChoices):
        CHECKING = "checking", "Being checked"
        CHECKED = "checked", "Checked"
        IMPORTING = "importing", "Being imported"
        KEPT = "kept", "Imported"
        STOPPED = "stopped", "Not imported"
        UNDONE = "undone", "Undone"

    engagement = models.ForeignKey("engagements.Engagement", on_delete=models.PROTECT, related_name="table_imports")
    kind = models.CharField(max_length=10, choices=TableKind)
    state = models.CharField(max_length=9, choices=State)
    source_system = models.CharField(max_length=limits.SOURCE_SYSTEM, blank=True, default="")
    packed = models.TextField(blank=True, default="")
    mapping = models.JSONField(default=dict, blank=True)
    result = models.JSONField(default=dict, blank=True, help_text="what each row would do, from the worker")
    problem = models.CharField(max_length=limits.REASON, blank=True, default="")
    rows_done = models.PositiveIntegerField(default=0)
    rows_total = models.PositiveIntegerField(default=0)
    added = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)
    written = models.JSONField(default=list, blank=True)
    by = person()
    at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_by = person(null=True)

    class Meta:
        ordering = ["-at", "-id"]
        indexes = [models.Index(fields=["engagement", "-at"], name="table_import_by_time")]
        constraints = [
            models.CheckConstraint(name="table_import_of_a_kind", condition=Q(kind__in=TableKind.values)),
            models.CheckConstraint(
                name="table_import_state_is_declared",
                condition=Q(
                    state__in=["checking", "checked", "importing", "kept", "stopped", "undone"],
                ),
            ),
            models.CheckConstraint(name="table_import_rows_in_reason", condition=Q(rows_done__lte=F("rows_total"))),
            models.CheckConstraint(
                name="table_import_undone_is_known",
                condition=Q(state="undone", undone_at__isnull=False) | ~Q(state="undone") & Q(undone_at=None),
            ),
            paired("table_import_undone_pair", "undone_at", "undone_by"),
        ]

    def __str__(self):
        return self.get_kind_display()


class ImportKey(models.Model):
    """The name a row has in the tool it came from: by it the next import finds what this one made."""

    engagement = models.ForeignKey("engagements.Engagement", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=TableKind)
    source_system = models.CharField(max_length=limits.SOURCE_SYSTEM)
    key = models.CharField(max_length=MAX_KEY)
    object_id = models.PositiveBigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["engagement", "kind", "source_system", "key"], name="import_key_once"),
            models.CheckConstraint(name="import_key_has_key", condition=~Q(key="")),
        ]
