"""What happened in a place and when, beside its numbers: plain text, dated, with its source."""

from django.conf import settings
from django.core.validators import MaxLengthValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Length

from atlas.models.geography import City

LONGEST_NOTE, LONGEST_SOURCE = 1000, 500
models.TextField.register_lookup(Length)  # text__length, in the constraints


class LocalNote(models.Model):
    """A note on a city, or on one of its tracts. Never changed: a wrong one is archived and another written."""

    class Precision(models.TextChoices):
        DAY = "day"
        MONTH = "month"
        YEAR = "year"

    city = models.ForeignKey(City, on_delete=models.PROTECT, related_name="notes")
    tract_geoid = models.CharField(max_length=11, blank=True, default="", help_text="empty: the whole city")
    tract_vintage = models.PositiveSmallIntegerField(null=True, blank=True, help_text="Census year of the tract")
    happened_on = models.DateField(help_text="first day of the month or year when only that is known")
    precision = models.CharField(max_length=5, choices=Precision, default=Precision.DAY)
    text = models.TextField(validators=[MaxLengthValidator(LONGEST_NOTE)], help_text="plain text")
    source = models.TextField(validators=[MaxLengthValidator(LONGEST_SOURCE)], help_text="where this is on record")
    seed_key = models.SlugField(null=True, blank=True, unique=True, help_text="of a note the portal comes with")
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+",
        help_text="empty: the portal came with it",
    )  # fmt: skip
    written_at = models.DateTimeField(auto_now_add=True)
    archived_at = models.DateTimeField(null=True, blank=True)
    archived_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ["happened_on", "id"]
        constraints = [
            models.CheckConstraint(
                name="note_text_is_some_and_short",
                condition=Q(text__regex=r"\S") & Q(text__length__lte=LONGEST_NOTE),
            ),
            models.CheckConstraint(
                name="note_has_a_source", condition=Q(source__regex=r"\S") & Q(source__length__lte=LONGEST_SOURCE)
            ),
            models.CheckConstraint(
                name="note_tract_comes_with_its_vintage",
                condition=Q(tract_geoid="", tract_vintage__isnull=True)
                | Q(tract_geoid__regex=r"^[0-9]{11}$", tract_vintage__isnull=False, tract_vintage=2010),
            ),
            models.CheckConstraint(
                name="note_is_written_by_somebody_or_comes_along",
                condition=Q(written_by__isnull=False, seed_key__isnull=True)
                | Q(written_by__isnull=True, seed_key__isnull=False),
            ),
            models.CheckConstraint(
                name="note_archived_by_somebody",
                condition=Q(archived_at__isnull=True, archived_by__isnull=True)
                | Q(archived_at__isnull=False, archived_by__isnull=False),
            ),
        ]

    def __str__(self):
        return f"{self.city}, {self.happened_on}: {self.text[:60]}"


class LocalNoteEvent(models.Model):
    """Who wrote or archived a note, when and why; written with it and never changed (a trigger refuses)."""

    class Kind(models.TextChoices):
        ADDED = "added"
        ARCHIVED = "archived"

    note = models.ForeignKey(LocalNote, on_delete=models.PROTECT, related_name="events")
    kind = models.CharField(max_length=8, choices=Kind)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+",
        help_text="empty: the portal came with it",
    )  # fmt: skip
    at = models.DateTimeField(auto_now_add=True)
    reason = models.TextField(blank=True, default="")

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                name="note_is_archived_for_a_reason", condition=Q(kind="added") | Q(reason__regex=r"\S")
            ),
        ]
