"""Areas that people put together from tracts: what is in them, who made them, what was done to them since."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

MAX_TRACTS = 2_000
# Characters, for the form, the API and the columns.
LONGEST_NAME = 80
LONGEST_NOTE = 500
HEX = r"^[0-9a-f]{32}$"


class AreaUpload(models.Model):
    """A file of districts that was read: its districts wait here to be looked at, and then point to the areas made."""

    token = models.CharField(max_length=32, unique=True)
    file_name = models.CharField(max_length=120)
    districts = models.JSONField(help_text="what was read and counted; emptied once the areas are made")
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    saved_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.CheckConstraint(name="area_upload_token", condition=Q(token__regex=HEX))]


class Area(models.Model):
    """Tracts under a link. The link is the key: it can't be guessed, and areas are listed to their owners only."""

    class Kind(models.TextChoices):
        PICKED = "picked", "picked on the map"
        PASTED = "pasted", "a list of GEOIDs"
        UPLOADED = "uploaded", "a file of districts"

    token = models.CharField(max_length=32, unique=True)
    name = models.CharField(max_length=LONGEST_NAME)
    note = models.CharField(max_length=LONGEST_NOTE, blank=True, default="")
    kind = models.CharField(max_length=8, choices=Kind)
    file_name = models.CharField(max_length=120, blank=True, default="", help_text="of an uploaded file, harmless")
    district = models.CharField(max_length=80, blank=True, default="", help_text="as the file names it")
    rule = models.CharField(max_length=200, help_text="how its tracts were chosen, in words")
    outline = models.BinaryField(null=True, blank=True, help_text="WKB in degrees, of an uploaded district")
    tract_count = models.PositiveSmallIntegerField(help_text="tracts that belong")
    is_sample = models.BooleanField(default=False, help_text="of generated tracts, or chosen by generated polygons")
    by_link = models.BooleanField(default=True, help_text="anybody with the link sees it; else its owner only")
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="areas"
    )
    upload = models.ForeignKey(AreaUpload, on_delete=models.SET_NULL, null=True, blank=True, related_name="areas")
    created_at = models.DateTimeField(auto_now_add=True)
    archived_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(name="area_token_is_hex", condition=Q(token__regex=HEX)),
            models.CheckConstraint(name="area_has_a_name", condition=Q(name__regex=r"\S")),
            models.CheckConstraint(name="area_kind_known", condition=Q(kind__in=["picked", "pasted", "uploaded"])),
            models.CheckConstraint(
                name="area_file_only_when_uploaded",
                condition=Q(kind="uploaded") | Q(file_name="", district="", outline__isnull=True),
            ),
            models.CheckConstraint(name="area_size", condition=Q(tract_count__gte=1) & Q(tract_count__lte=MAX_TRACTS)),
            models.CheckConstraint(
                name="area_archived_after_made",
                condition=Q(archived_at__isnull=True) | Q(archived_at__gte=F("created_at")),
            ),
        ]

    def __str__(self):
        return self.name


class AreaTract(models.Model):
    """How much of a tract lies in an area, and whether it counts as the area's."""

    area = models.ForeignKey(Area, on_delete=models.CASCADE, related_name="tracts")
    geoid = models.CharField(max_length=11)
    vintage = models.PositiveSmallIntegerField(default=2010)
    share = models.FloatField(help_text="share of the tract's area inside, 0-1; 1 for tracts named one by one")
    belongs = models.BooleanField(help_text="by the rule, the tract counts as the area's")

    class Meta:
        ordering = ["geoid"]
        constraints = [
            models.UniqueConstraint(fields=["area", "vintage", "geoid"], name="area_tract_once"),
            models.CheckConstraint(name="area_tract_geoid", condition=Q(geoid__regex=r"^[0-9]{11}$")),
            models.CheckConstraint(name="area_tract_of_2010", condition=Q(vintage=2010)),
            models.CheckConstraint(name="area_tract_share", condition=Q(share__gte=0) & Q(share__lte=1)),
        ]


class AreaGeometry(models.Model):
    """The area's simplified map, as of a city: one GeoJSON, compressed once, with its ETag."""

    area = models.OneToOneField(Area, on_delete=models.CASCADE, related_name="geometry")
    etag = models.CharField(max_length=64)
    gzip = models.BinaryField()
    brotli = models.BinaryField()
    is_sample = models.BooleanField(default=False)
    drawing = models.JSONField(null=True, help_text="path texts of atlas.records.drawing; null until drawn")
    built_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name_plural = "area geometries"


class AreaEvent(models.Model):
    """What was done to an area, by whom; never changed."""

    class Kind(models.TextChoices):
        MADE = "made"
        CHANGED = "changed"
        ARCHIVED = "archived"

    area = models.ForeignKey(Area, on_delete=models.CASCADE, related_name="events")
    kind = models.CharField(max_length=8, choices=Kind)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True)
    at = models.DateTimeField(auto_now_add=True)
    details = models.JSONField(default=dict)

    class Meta:
        ordering = ["-id"]
