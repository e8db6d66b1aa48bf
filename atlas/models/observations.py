"""Observations of places over time: context around people, never a mobility outcome.

One row per number, because series are short, irregular and asked for one place at a time; the vectors of
`Estimate` are for national maps.
"""

from django.db import models
from django.db.models import Q


class Observation(models.Model):
    """One metric of one area, period and group, as published. Units: `atlas.metrics`.

    A NULL value is an empty field: suppressed or missing, never zero. The unique key begins with the release
    and the area, so that it also answers "one place, one metric, all periods".
    """

    class AreaKind(models.TextChoices):
        NATION = "nation"
        PLACE = "place"
        COUNTY = "county"
        ZIP = "zip"
        TRACT = "tract"
        TRACKER_CITY = "tracker_city", "city of the Economic Tracker, by its number"

    class PeriodKind(models.TextChoices):
        YEAR = "year"
        MONTH = "month"
        WEEK = "week"
        NONE = "none"

    release = models.ForeignKey("atlas.Release", on_delete=models.CASCADE, related_name="observations", db_index=False)
    area_kind = models.CharField(max_length=12, choices=AreaKind)
    geoid = models.CharField(max_length=11)
    metric = models.CharField(max_length=100, help_text="slug of atlas.metrics")
    subgroup = models.CharField(max_length=60, blank=True, default="", help_text="publisher's name, empty: everybody")
    period_start = models.DateField(null=True, blank=True, help_text="first day; empty when the file names no period")
    period_kind = models.CharField(max_length=5, choices=PeriodKind)
    value = models.FloatField(null=True, blank=True)
    lower = models.FloatField(null=True, blank=True)
    upper = models.FloatField(null=True, blank=True)
    standard_error = models.FloatField(null=True, blank=True)
    quality = models.CharField(max_length=40, blank=True, default="", help_text="publisher's grade or remark")
    provisional = models.BooleanField(default=False)
    valid_from = models.DateField(null=True, blank=True, help_text="first day a designation is in force")
    valid_to = models.DateField(null=True, blank=True, help_text="last day a designation is in force")
    excluded_reason = models.CharField(max_length=200, blank=True, default="", help_text="why it isn't shown")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["release", "area_kind", "geoid", "metric", "subgroup", "period_start", "period_kind"],
                name="observation_once_per_release",
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                name="observation_has_a_start_unless_it_has_no_period",
                condition=Q(period_kind="none", period_start__isnull=True)
                | (~Q(period_kind="none") & Q(period_start__isnull=False)),
            ),
            models.CheckConstraint(
                name="observation_geoid_has_its_width",
                condition=Q(area_kind="nation", geoid="1")
                | Q(area_kind="place", geoid__regex=r"^[0-9]{7}$")
                | Q(area_kind__in=["county", "zip"], geoid__regex=r"^[0-9]{5}$")
                | Q(area_kind="tract", geoid__regex=r"^[0-9]{11}$")
                | Q(area_kind="tracker_city", geoid__regex=r"^[0-9]{2}$"),
            ),
        ]
