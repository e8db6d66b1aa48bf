"""Filters of work that somebody keeps under a name. They say what is asked, never what is found."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from engagements import limits


class WorkView(models.Model):
    """`query`: the filters as in the address. `engagement`: of the milestones of one."""

    class Place(models.TextChoices):
        OWN = "todo", "My work"
        ALL = "milestones", "Milestones"
        ONE = "engagement_milestones", "Milestones of an engagement"

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="work_views")
    name = models.CharField(max_length=limits.SHORT_NAME)
    place = models.CharField(max_length=21, choices=Place)
    engagement = models.ForeignKey(
        "engagements.Engagement", null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    query = models.CharField(max_length=limits.FILTER_QUERY, blank=True, default="")
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(Lower("name"), "user", name="work_view_name_once"),
            models.CheckConstraint(name="work_view_has_name", condition=~Q(name="")),
            models.CheckConstraint(
                name="work_view_of_a_place",
                condition=Q(place__in=["todo", "milestones"], engagement=None)
                | Q(place="engagement_milestones", engagement__isnull=False),
            ),
        ]

    def __str__(self):
        return self.name
