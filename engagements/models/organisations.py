"""Organizations and what part they have in an initiative or in one city's work, each with its source."""

from django.db import models
from django.db.models import Q

from engagements import limits


class Organisation(models.Model):
    class Kind(models.TextChoices):
        CITY_GOVERNMENT = "city_government", "City government"
        ADVISER = "adviser", "Adviser organization"
        RESEARCH = "research", "Research institute"
        FUNDER = "funder", "Funder"
        LOCAL_PARTNER = "local_partner", "Local partner"

    slug = models.SlugField(unique=True)
    name = models.CharField(max_length=limits.NAME)
    kind = models.CharField(max_length=16, choices=Kind)
    city = models.ForeignKey("atlas.City", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    source = models.TextField(blank=True, default="", help_text="where this is on the public record")
    is_fictional = models.BooleanField(default=False)

    class Meta:
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                name="organisation_has_source_or_is_fictional", condition=~Q(source="") | Q(is_fictional=True)
            )
        ]

    def __str__(self):
        return self.name


class Partnership(models.Model):
    """An organization's part in an initiative (no engagement) or in one city's work."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="partnerships")
    initiative = models.ForeignKey("engagements.Initiative", on_delete=models.CASCADE, related_name="partnerships")
    engagement = models.ForeignKey(
        "engagements.Engagement", null=True, blank=True, on_delete=models.CASCADE, related_name="partnerships"
    )
    part = models.CharField(max_length=limits.PART, help_text="what it does there, for example funder, evaluator")
    source = models.TextField(blank=True, default="")
    is_fictional = models.BooleanField(default=False)

    class Meta:
        ordering = ["organisation__name", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "initiative", "engagement"], name="partnership_once", nulls_distinct=False
            ),
            models.CheckConstraint(
                name="partnership_has_source_or_is_fictional", condition=~Q(source="") | Q(is_fictional=True)
            ),
        ]
