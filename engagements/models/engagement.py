"""Which city takes part in which initiative, and since when. Participation is dated, not assumed."""

from django.db import models
from django.db.models import Q


class Initiative(models.Model):
    slug = models.SlugField(unique=True)
    name = models.CharField(max_length=120)
    summary = models.TextField(blank=True, default="")
    source = models.TextField(help_text="where this is on the public record")

    def __str__(self):
        return self.name


class Engagement(models.Model):
    """One city's work in one initiative."""

    initiative = models.ForeignKey(Initiative, on_delete=models.PROTECT, related_name="engagements")
    city = models.ForeignKey("atlas.City", on_delete=models.PROTECT, related_name="engagements")
    theme = models.CharField(max_length=80, blank=True, default="")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["initiative", "city"], name="one_engagement_per_city")]

    def __str__(self):
        return f"{self.city} in {self.initiative}"


class Participation(models.Model):
    """A status that began on a day, as far as the public record gives it, with its source."""

    class Status(models.TextChoices):
        ANNOUNCED = "announced"
        ACTIVE = "active"
        PAUSED = "paused"
        COMPLETED = "completed"
        WITHDRAWN = "withdrawn"

    class Precision(models.TextChoices):
        DAY = "day"
        MONTH = "month"
        BY = "by", "on or before"

    engagement = models.ForeignKey(Engagement, on_delete=models.CASCADE, related_name="participations")
    status = models.CharField(max_length=10, choices=Status)
    began_on = models.DateField()
    precision = models.CharField(max_length=5, choices=Precision, default=Precision.DAY)
    source = models.TextField()

    class Meta:
        ordering = ["began_on", "id"]
        constraints = [
            models.UniqueConstraint(fields=["engagement", "status", "began_on"], name="participation_status_once"),
            models.CheckConstraint(name="participation_has_source", condition=~Q(source="")),
        ]
