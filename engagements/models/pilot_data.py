"""What a pilot measured: counts and sums, or rows under an agreement that says when they are deleted."""

import pghistory
import pgtrigger
from django.db import models
from django.db.models import F, Q

from engagements import limits
from engagements.models.abstract import BUMP_VERSION, NEVER_DELETED, Archivable, Versioned, paired, person
from engagements.models.documents import document_storage, random_name
from engagements.models.evidence import text_column
from engagements.models.pilot_promises import before, protected_first, takes_part


@pghistory.track()
class DataAgreement(Versioned, Archivable):
    """Under which rows about people may be held, by whom, for what, and until when."""

    engagement = models.ForeignKey("engagements.Engagement", on_delete=models.PROTECT, related_name="data_agreements")
    title = models.CharField(max_length=limits.TITLE)
    parties = text_column(limits.LINE)
    legal_basis = text_column(limits.LINE)
    allowed_uses = models.TextField(max_length=limits.DEFINITION, blank=True, default="")
    delete_on = models.DateField()
    expires_on = models.DateField(null=True, blank=True, help_text="no new data after this day")
    smallest_cell = models.PositiveSmallIntegerField(default=10)
    rows_in_bundle = models.BooleanField(default=False, help_text="rows may be in the bundle that others download")
    document = models.ForeignKey("engagements.Document", on_delete=models.PROTECT, related_name="data_agreements")
    written_by = person()
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["engagement", "title", "id"]
        constraints = [
            models.CheckConstraint(
                name="data_agreement_says_all",
                condition=Q(
                    title__regex=r"\S", parties__regex=r"\S", legal_basis__regex=r"\S", allowed_uses__regex=r"\S"
                ),
            ),
            models.CheckConstraint(name="data_agreement_cells_of_ten", condition=Q(smallest_cell__gte=10)),
            models.CheckConstraint(
                name="data_agreement_ends_before_deletion",
                condition=Q(expires_on=None) | Q(expires_on__lte=F("delete_on")),
            ),
            paired("data_agreement_archived_pair", "archived_at", "archived_by"),
        ]
        triggers = [
            BUMP_VERSION,
            NEVER_DELETED,
            before(
                "agreement_within_engagement",
                """NOT EXISTS (SELECT 1 FROM engagements_document d
                    WHERE d.id = NEW.document_id AND d.engagement_id = NEW.engagement_id)""",
                "The document of an agreement is of the same engagement.",
                pgtrigger.Insert | pgtrigger.Update,
            ),
            # Later deletion than people were promised would be another agreement.
            before(
                "agreement_keeps_its_promise",
                """EXISTS (SELECT 1 FROM engagements_pilotdataset s WHERE s.agreement_id = OLD.id)
                    AND (NEW.delete_on > OLD.delete_on OR NEW.smallest_cell < OLD.smallest_cell
                        OR (NEW.rows_in_bundle AND NOT OLD.rows_in_bundle)
                        OR NEW.document_id <> OLD.document_id OR NEW.engagement_id <> OLD.engagement_id)""",
                "An agreement that data came under promises no less later.",
                pgtrigger.Update,
            ),
        ]

    def __str__(self):
        return self.title


class PilotDataset(models.Model):
    """One delivery. Aggregates are in `content`, rows in `file`. Deletion takes both; fingerprints and counts stay."""

    class Kind(models.TextChoices):
        AGGREGATES = "aggregates", "Counts and sums"
        ROWS = "rows", "One row per person"

    pilot = models.ForeignKey("engagements.Pilot", on_delete=models.PROTECT, related_name="datasets")
    number = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=10, choices=Kind)
    agreement = models.ForeignKey(
        DataAgreement, null=True, blank=True, on_delete=models.PROTECT, related_name="datasets"
    )
    file_sha256 = models.CharField(max_length=64)
    content_sha256 = models.CharField(max_length=64)
    row_count = models.PositiveIntegerField()
    checks = models.JSONField(default=dict, blank=True, help_text="what was looked at, and what it showed")
    content = models.JSONField(null=True, blank=True)
    file = models.FileField(storage=document_storage, upload_to=random_name, max_length=100, blank=True, default="")
    covers_from = models.DateField(null=True, blank=True)
    covers_to = models.DateField(null=True, blank=True)
    feed = models.ForeignKey(
        "engagements.Feed", null=True, blank=True, on_delete=models.PROTECT, related_name="pilot_datasets"
    )
    uploaded_by = person()
    uploaded_at = models.DateTimeField()
    deleted_at = models.DateTimeField(null=True, blank=True)
    deleted_why = text_column(limits.WHY)

    class Meta:
        ordering = ["pilot", "number"]
        constraints = [
            models.UniqueConstraint(fields=["pilot", "number"], name="pilot_dataset_once"),
            models.CheckConstraint(
                name="pilot_rows_need_agreement",
                condition=Q(kind="aggregates") | Q(kind="rows", agreement__isnull=False),
            ),
            models.CheckConstraint(
                name="pilot_dataset_held_or_deleted",
                condition=Q(deleted_at=None, deleted_why="")
                & (Q(kind="aggregates", content__isnull=False, file="") | Q(kind="rows", content=None) & ~Q(file=""))
                | Q(deleted_at__isnull=False, content=None, file="") & ~Q(deleted_why=""),
            ),
            models.CheckConstraint(
                name="pilot_dataset_fingerprints",
                condition=Q(file_sha256__regex=r"^[0-9a-f]{64}$", content_sha256__regex=r"^[0-9a-f]{64}$"),
            ),
            models.CheckConstraint(
                name="pilot_dataset_period_in_order",
                condition=Q(covers_from=None) | Q(covers_to=None) | Q(covers_to__gte=F("covers_from")),
            ),
        ]
        triggers = [
            NEVER_DELETED,
            protected_first("NEW.pilot_id", "NEW.uploaded_at"),
            before(
                "agreement_holds",
                f"""NEW.agreement_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM engagements_dataagreement g
                    WHERE g.id = NEW.agreement_id AND g.archived_at IS NULL
                    AND g.delete_on > (NEW.uploaded_at AT TIME ZONE 'UTC')::date
                    AND coalesce(g.expires_on, 'infinity') >= (NEW.uploaded_at AT TIME ZONE 'UTC')::date
                    AND {takes_part("NEW.pilot_id", "g.engagement_id")})""",  # noqa: S608 - our own words
                "Rows come under an agreement of a city that takes part, and one that has not ended.",
            ),
            before(
                "data_only_deleted",
                """OLD.deleted_at IS NOT NULL OR NEW.deleted_at IS NULL
                    OR (to_jsonb(NEW) - ARRAY['content', 'file', 'deleted_at', 'deleted_why'])
                    IS DISTINCT FROM (to_jsonb(OLD) - ARRAY['content', 'file', 'deleted_at', 'deleted_why'])""",
                "Data that came in stay as they are, or are deleted.",
                pgtrigger.Update,
            ),
        ]

    def __str__(self):
        return f"{self.pilot_id}, data {self.number}"
