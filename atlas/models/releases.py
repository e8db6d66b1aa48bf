"""Releases of publishers' files, which of them is live, and the jobs that import them."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from atlas.models.jobs import Job, finished_when_ended


class Release(models.Model):
    """One ingested file: staged beside the live one, compared, then flipped.

    `dataset` is the key of a source module's data set (`tract_kfr_rP_gP_p25`,
    `county_outcomes_simple`, `tract_boundaries_2010`). Rows of a release are never
    changed after staging; a newer release replaces it and this one stays for rollback.
    """

    class Status(models.TextChoices):
        STAGED = "staged"
        LIVE = "live"
        RETIRED = "retired"

    class Level(models.TextChoices):
        TRACT = "tract"
        COUNTY = "county"
        CZ = "cz"
        NATION = "nation"
        PERCENTILE = "percentile"
        PLACE = "place"
        METRO = "metro", "metropolitan area"
        ZIP = "zip"
        MAP = "map", "map layer"

    dataset = models.CharField(max_length=100)
    level = models.CharField(max_length=12, choices=Level)
    vintage = models.PositiveSmallIntegerField(help_text="Census vintage of the geography, for example 2010")
    status = models.CharField(max_length=8, choices=Status, default=Status.STAGED)
    file_name = models.CharField(max_length=255)
    sha256 = models.CharField(max_length=64)
    byte_count = models.BigIntegerField()
    rows_read = models.PositiveIntegerField()
    rows_kept = models.PositiveIntegerField()
    is_sample = models.BooleanField(default=False, help_text="generated, not published: says so wherever shown")
    starter_date = models.DateField(
        null=True, blank=True, help_text="of the starter set it came with; empty for a file somebody fetched or loaded"
    )
    report = models.JSONField(default=dict)
    created_at = models.DateTimeField(auto_now_add=True)
    activated_at = models.DateTimeField(null=True, blank=True)
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                name="release_live_or_retired_was_activated",
                condition=Q(status="staged", activated_at__isnull=True)
                | Q(status__in=["live", "retired"], activated_at__isnull=False),
            ),
            models.CheckConstraint(
                name="release_rows_kept_at_most_read", condition=Q(rows_kept__lte=models.F("rows_read"))
            ),
        ]
        indexes = [models.Index(fields=["dataset", "status"])]

    def __str__(self):
        return f"{self.dataset} #{self.pk} ({self.status})"


class LivePart(models.Model):
    """Which release answers for a part of a data set: the single truth of what is live.

    Tables of estimates have one part, "". Boundary data sets have one part per county or
    place, so that a state's shapefile may replace the counties it holds and no others;
    wages have one per metropolitan area.
    """

    dataset = models.CharField(max_length=100)
    part = models.CharField(max_length=11, blank=True, default="")
    release = models.ForeignKey(Release, on_delete=models.PROTECT, related_name="live_parts")
    previous = models.ForeignKey(
        Release,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="kept_for",
        help_text="answered before and is kept: a rollback makes it answer again",
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["dataset", "part"], name="one_live_release_per_part")]


class ReleaseEvent(models.Model):
    """What happened to a release, written with it in one transaction and never changed (a trigger refuses).

    The release may be gone by now (discarded, or retired long ago): its number stays, hence no constraint.
    """

    class Kind(models.TextChoices):
        STAGED = "staged"
        ACTIVATED = "activated"
        ROLLED_BACK = "rolled_back"
        DISCARDED = "discarded"
        REFUSED = "refused"

    release = models.ForeignKey(
        Release,
        null=True,
        blank=True,
        db_constraint=False,
        on_delete=models.DO_NOTHING,
        related_name="events",
        help_text="empty for a refused file, which never became one",
    )
    dataset = models.CharField(max_length=100, blank=True, default="")
    kind = models.CharField(max_length=11, choices=Kind)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="empty: the command line or a worker on its own",
    )
    at = models.DateTimeField(auto_now_add=True)
    reason = models.TextField(blank=True, default="")
    details = models.JSONField(default=dict)

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["dataset", "-id"])]


class IngestJob(Job):
    """One file on its way in."""

    path = models.CharField(max_length=1000)
    source = models.CharField(max_length=100, blank=True, default="", help_text="forced source, else by header")
    dataset = models.CharField(max_length=100, blank=True, default="")
    commit = models.BooleanField(default=True, help_text="make it live; else stage it and wait for a decision")
    is_upload = models.BooleanField(default=False, help_text="the file is ours to delete once the job has ended")
    accept_losses = models.BooleanField(default=False)
    rows_done = models.PositiveIntegerField(default=0)
    rows_total = models.PositiveIntegerField(null=True, blank=True)
    release = models.ForeignKey(Release, null=True, blank=True, on_delete=models.SET_NULL, related_name="jobs")

    class Meta:
        ordering = ["-created_at"]
        indexes = [models.Index(fields=["status", "created_at"])]
        constraints = [finished_when_ended("job_finished_when_ended")]
