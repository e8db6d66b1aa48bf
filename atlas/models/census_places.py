"""The Census Bureau's list of US places: what a city of the portal may be."""

from django.db import models


class CensusPlace(models.Model):
    """A place of a gazetteer's release: an incorporated place or a census designated place."""

    release = models.ForeignKey("atlas.Release", on_delete=models.CASCADE, related_name="census_places")
    geoid = models.CharField(max_length=7)
    name = models.CharField(max_length=100, help_text="without what kind of place it is: Detroit, not Detroit city")
    kind = models.CharField(max_length=60, blank=True, default="", help_text="city, town, CDP and so on, as published")
    usps = models.CharField(max_length=2)
    longitude = models.FloatField(help_text="degrees, of the publisher's point inside the place")
    latitude = models.FloatField(help_text="degrees, of the publisher's point inside the place")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["release", "geoid"], name="census_place_once_per_release")]
