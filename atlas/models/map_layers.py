"""What is drawn around tracts, and which tracts a ZIP code covers."""

from django.db import models


class MapFeature(models.Model):
    """A road, water, a stream, a landmark or a point of a layer's release, as published (EPSG:4269 degrees, WKB)."""

    release = models.ForeignKey("atlas.Release", on_delete=models.CASCADE, related_name="map_features")
    part = models.CharField(max_length=5, help_text="state or county of the file it came in")
    kind = models.CharField(max_length=10, help_text="road, water, stream, landmark or point")
    name = models.CharField(max_length=100, blank=True, default="")
    feature_class = models.CharField(max_length=5, help_text="MTFCC of the Census Bureau, such as S1100")
    route_type = models.CharField(max_length=1, blank=True, default="", help_text="of a road: I U S C M O")
    wkb = models.BinaryField()
    min_longitude = models.FloatField()
    min_latitude = models.FloatField()
    max_longitude = models.FloatField()
    max_latitude = models.FloatField()

    class Meta:
        indexes = [models.Index(fields=["release", "min_longitude"])]


class ZipTracts(models.Model):
    """The pieces of a ZIP-to-tract file as aligned little-endian vectors, sorted by ZIP code.

    int32 codes, int64 GEOIDs, int32 people, float32 shares of the ZIP area's people (0-1).
    """

    release = models.OneToOneField("atlas.Release", on_delete=models.CASCADE, related_name="zip_tracts")
    zips = models.BinaryField()
    geoids = models.BinaryField()
    people = models.BinaryField()
    shares = models.BinaryField()
