"""Places and tracts. GEOIDs are fixed-width text and the Census vintage is part of every key."""

from django.db import models
from django.db.models import Q


class Tract(models.Model):
    """One Census tract of one vintage: the union of the official lists ingested so far."""

    geoid = models.CharField(max_length=11)
    vintage = models.PositiveSmallIntegerField(default=2010)
    name = models.CharField(max_length=120, blank=True, default="", help_text="neighborhood name by the publisher")
    is_sample = models.BooleanField(default=False, help_text="of the generated sample: belongs to no official list")

    class Meta:
        ordering = ["geoid"]
        constraints = [
            models.UniqueConstraint(fields=["vintage", "geoid"], name="tract_once_per_vintage"),
            models.CheckConstraint(name="tract_geoid_has_11_digits", condition=Q(geoid__regex=r"^[0-9]{11}$")),
        ]

    def __str__(self):
        return self.geoid


class KnownState(models.Model):
    """A state whose official list of tracts has been ingested: files may hold no others from then on."""

    vintage = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=2)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["vintage", "state"], name="state_known_once")]


class TractRelation(models.Model):
    """The pairs of a relationship file as aligned little-endian vectors: int64 GEOIDs, float64 square meters."""

    release = models.OneToOneField("atlas.Release", on_delete=models.CASCADE, related_name="relation")
    new = models.BinaryField()
    old = models.BinaryField()
    shared_area = models.BinaryField()
    new_area = models.BinaryField()
    old_area = models.BinaryField()


class City(models.Model):
    """A US place shown with a page of its own; any place can become one (`manage.py add_city`)."""

    slug = models.SlugField(unique=True)
    name = models.CharField(max_length=100)
    state_name = models.CharField(max_length=40)
    state_usps = models.CharField(max_length=2)
    place_geoid = models.CharField(max_length=7, unique=True)
    longitude = models.FloatField(help_text="degrees, of a point inside the place")
    latitude = models.FloatField(help_text="degrees, of a point inside the place")

    class Meta:
        ordering = ["name"]
        verbose_name_plural = "cities"
        constraints = [
            models.CheckConstraint(name="place_geoid_has_7_digits", condition=Q(place_geoid__regex=r"^[0-9]{7}$")),
            models.CheckConstraint(
                name="city_point_on_earth", condition=Q(longitude__range=(-180, 180)) & Q(latitude__range=(-90, 90))
            ),
        ]

    def __str__(self):
        return f"{self.name}, {self.state_usps}"


class Boundary(models.Model):
    """One polygon of a boundary release, as published (EPSG:4269 or 4326 degrees, WKB)."""

    release = models.ForeignKey("atlas.Release", on_delete=models.CASCADE, related_name="boundaries")
    geoid = models.CharField(max_length=11)
    part = models.CharField(max_length=11, help_text="county of a tract, or the place itself")
    name = models.CharField(max_length=120, blank=True, default="")
    wkb = models.BinaryField()
    min_longitude = models.FloatField()
    min_latitude = models.FloatField()
    max_longitude = models.FloatField()
    max_latitude = models.FloatField()

    class Meta:
        verbose_name_plural = "boundaries"
        constraints = [models.UniqueConstraint(fields=["release", "geoid"], name="boundary_once_per_release")]
        indexes = [models.Index(fields=["part", "geoid"])]


class CityTract(models.Model):
    """How much of a tract lies in a city: the overlay of the live polygons, with its rule."""

    city = models.ForeignKey(City, on_delete=models.CASCADE, related_name="tracts")
    geoid = models.CharField(max_length=11)
    vintage = models.PositiveSmallIntegerField(default=2010)
    share = models.FloatField(help_text="share of the tract's area inside the city, 0-1")
    belongs = models.BooleanField(help_text="by the rule, the tract counts as the city's")
    rule = models.CharField(max_length=60)

    class Meta:
        ordering = ["geoid"]
        constraints = [
            models.UniqueConstraint(fields=["city", "vintage", "geoid"], name="city_tract_once"),
            models.CheckConstraint(name="share_between_0_and_1", condition=Q(share__gte=0) & Q(share__lte=1)),
        ]


class CityGeometry(models.Model):
    """The city's simplified map, ready to send: one GeoJSON, compressed once, with its ETag."""

    city = models.OneToOneField(City, on_delete=models.CASCADE, related_name="geometry")
    etag = models.CharField(max_length=64)
    gzip = models.BinaryField()
    brotli = models.BinaryField()
    is_sample = models.BooleanField(
        default=False, db_default=False, help_text="drawn from a generated polygon, its tracts chosen by one"
    )
    drawing = models.JSONField(null=True, help_text="path texts of atlas.records.drawing; null until drawn")
    built_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name_plural = "city geometries"
