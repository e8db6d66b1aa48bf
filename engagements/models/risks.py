"""What may go wrong, how likely, how bad, and what is done about it."""

import pghistory
from django.db import models
from django.db.models import F, Q

from engagements import limits
from engagements.models.abstract import BUMP_VERSION, NEVER_DELETED, Archivable, Versioned, paired, person
from engagements.models.discussion import VISIBILITIES, known_visibility
from engagements.models.evidence import text_column
from engagements.permissions import Visibility


@pghistory.track()
class Risk(Versioned, Archivable):
    class Level(models.IntegerChoices):
        LOW = 1, "Low"
        MEDIUM = 2, "Medium"
        HIGH = 3, "High"

    engagement = models.ForeignKey("engagements.Engagement", on_delete=models.PROTECT, related_name="risks")
    title = models.CharField(max_length=limits.TITLE)
    likelihood = models.PositiveSmallIntegerField(choices=Level)
    severity = models.PositiveSmallIntegerField(choices=Level)
    mitigation = models.TextField(blank=True, default="", help_text="what is done about it")
    owner = person(null=True, related_name="risks")
    opened_on = models.DateField()
    closed_on = models.DateField(null=True, blank=True)
    outcome = text_column(limits.OUTCOME, help_text="how it ended")
    visibility = models.CharField(max_length=4, choices=VISIBILITIES, default=Visibility.TEAM.value)
    is_fictional = models.BooleanField(default=False)

    class Meta:
        ordering = ["-severity", "-likelihood", "opened_on", "id"]
        constraints = [
            models.CheckConstraint(name="risk_has_title", condition=Q(title__regex=r"\S")),
            models.CheckConstraint(
                name="risk_levels_known", condition=Q(likelihood__in=[1, 2, 3], severity__in=[1, 2, 3])
            ),
            models.CheckConstraint(
                name="risk_closed_after_opened", condition=Q(closed_on=None) | Q(closed_on__gte=F("opened_on"))
            ),
            known_visibility("risk_visibility_is_known"),
            paired("risk_archived_pair", "archived_at", "archived_by"),
        ]
        triggers = [BUMP_VERSION, NEVER_DELETED]

    def __str__(self):
        return self.title
