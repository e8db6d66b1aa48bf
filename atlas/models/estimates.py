"""Estimates as vectors: one row per release x measure x area, aligned to the release's own index.

Measured for this shape of data (73,278 tracts x 60 columns), vectors load several times faster
and are a quarter of the size of one row per number; see docs/decisions/.
"""

from django.db import models


class Measure(models.Model):
    """A publisher's name; words and units come from `atlas.measures`, those of context from `atlas.metrics`."""

    slug = models.CharField(max_length=100, unique=True)

    class Meta:
        ordering = ["slug"]

    def __str__(self):
        return self.slug


class AreaIndex(models.Model):
    """The sorted GEOIDs of a release within one area, as little-endian int64."""

    release = models.ForeignKey("atlas.Release", on_delete=models.CASCADE, related_name="indexes")
    area = models.CharField(max_length=2, help_text="state FIPS for tracts, US otherwise")
    geoids = models.BinaryField()
    labels = models.TextField(blank=True, default="", help_text="publisher's name of each area, one a line")

    class Meta:
        verbose_name_plural = "area indexes"
        constraints = [models.UniqueConstraint(fields=["release", "area"], name="one_index_per_release_area")]


class ReleaseMeasure(models.Model):
    """What a release holds of one measure: the list of what exists, and its quality in numbers."""

    release = models.ForeignKey("atlas.Release", on_delete=models.CASCADE, related_name="measures")
    measure = models.ForeignKey(Measure, on_delete=models.PROTECT, related_name="+")
    has_standard_error = models.BooleanField()
    rows_with_value = models.PositiveIntegerField()
    rows_without_value = models.PositiveIntegerField(help_text="suppressed or missing in the publisher's file")
    rows_outside_range = models.PositiveIntegerField(help_text="outside 0-1 where a rank or share is meant: legitimate")
    minimum = models.FloatField(null=True, blank=True)
    maximum = models.FloatField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["release", "measure"], name="measure_once_per_release")]


class Estimate(models.Model):
    """Little-endian float32 vectors aligned to the AreaIndex of the same release and area.

    NaN means the publisher's field is empty: suppressed or missing, never zero.
    """

    release = models.ForeignKey("atlas.Release", on_delete=models.CASCADE, related_name="estimates")
    measure = models.ForeignKey(Measure, on_delete=models.PROTECT, related_name="estimates")
    area = models.CharField(max_length=2)
    value = models.BinaryField()
    standard_error = models.BinaryField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["measure", "area", "release"], name="one_vector_per_release_measure_area")
        ]
