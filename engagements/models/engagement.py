"""Which city takes part in which initiative, and since when. Participation is dated, not assumed."""

import pghistory
import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower

from engagements import limits
from engagements.models.abstract import BUMP_VERSION, Archivable, Versioned, paired, person, refuse
from engagements.workflow import PARTICIPATION

_STARTS_BEFORE_ITS_MILESTONES = pgtrigger.Trigger(
    name="starts_before_milestones",
    when=pgtrigger.Before,
    operation=pgtrigger.UpdateOf("starts_on"),
    func=refuse(
        "engagement_starts_before_milestones",
        "EXISTS (SELECT 1 FROM engagements_milestone m WHERE m.engagement_id = NEW.id AND m.due_on < NEW.starts_on)",
        "A milestone is due before this start.",
    ),
)


_NOT_BEFORE_ITS_INITIATIVE = pgtrigger.Trigger(
    name="not_before_initiative",
    when=pgtrigger.Before,
    operation=pgtrigger.Insert | pgtrigger.UpdateOf("starts_on", "initiative_id"),
    func=refuse(
        "engagement_not_before_initiative",
        "EXISTS (SELECT 1 FROM engagements_initiative i "
        "WHERE i.id = NEW.initiative_id AND NEW.starts_on < i.starts_on)",
        "The engagement starts before its initiative.",
    ),
)

_STARTS_BEFORE_ITS_ENGAGEMENTS = pgtrigger.Trigger(
    name="starts_before_engagements",
    when=pgtrigger.Before,
    operation=pgtrigger.UpdateOf("starts_on"),
    func=refuse(
        "initiative_starts_before_engagements",
        "EXISTS (SELECT 1 FROM engagements_engagement e "
        "WHERE e.initiative_id = NEW.id AND e.starts_on < NEW.starts_on)",
        "A city of the initiative starts before this day.",
    ),
)


class Precision(models.TextChoices):
    """How exactly a source gives a day."""

    DAY = "day"
    MONTH = "month"
    BY = "by", "on or before"


@pghistory.track()
class Initiative(Versioned, Archivable):
    """What several cities do together, and what was pledged for it.

    A pledge is what funders announced, with its day and source. It is no entry of the ledger and never added to one.
    """

    slug = models.SlugField(unique=True)
    name = models.CharField(max_length=limits.INITIATIVE_NAME)
    summary = models.TextField(blank=True, default="")
    source = models.TextField(help_text="where this is on the public record")
    starts_on = models.DateField(null=True, blank=True, help_text="no city of it starts before")
    ends_on = models.DateField(null=True, blank=True)
    pledge = models.DecimalField(max_digits=13, decimal_places=2, null=True, blank=True, help_text="US dollars")
    pledge_on = models.DateField(null=True, blank=True, help_text="the day it was announced")
    pledge_precision = models.CharField(max_length=5, choices=Precision, default=Precision.DAY)
    pledge_source = models.TextField(blank=True, default="")
    pledge_note = models.CharField(max_length=limits.SENTENCE, blank=True, default="")
    is_fictional = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                Lower("name"), "starts_on", "ends_on", name="initiative_once", nulls_distinct=False
            ),
            models.CheckConstraint(
                name="initiative_ends_after_start",
                condition=Q(ends_on__isnull=True) | Q(starts_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
            ),
            models.CheckConstraint(
                name="pledge_is_a_sum", condition=Q(pledge__isnull=True) | Q(pledge__gt=0, pledge__lte=limits.MOST_USD)
            ),
            models.CheckConstraint(
                name="pledge_has_day_and_source",
                condition=Q(pledge__isnull=True, pledge_on__isnull=True)
                | (Q(pledge__isnull=False, pledge_on__isnull=False) & ~Q(pledge_source="")),
            ),
            models.CheckConstraint(
                name="pledge_before_the_end",
                condition=Q(pledge_on__isnull=True) | Q(ends_on__isnull=True) | Q(pledge_on__lte=F("ends_on")),
            ),
            paired("initiative_archived_pair", "archived_at", "archived_by"),
        ]
        triggers = [BUMP_VERSION, _STARTS_BEFORE_ITS_ENGAGEMENTS]

    def __str__(self):
        return self.name


@pghistory.track()
class Engagement(Versioned):
    """One city's work in one initiative; what came of it is in its results and searches."""

    initiative = models.ForeignKey(Initiative, on_delete=models.PROTECT, related_name="engagements")
    city = models.ForeignKey("atlas.City", on_delete=models.PROTECT, related_name="engagements")
    slug = models.SlugField(max_length=110, unique=True)
    theme = models.CharField(max_length=limits.SHORT_NAME, blank=True, default="")
    project = models.TextField(blank=True, default="", help_text="what was done, as the record says it")
    project_source = models.TextField(blank=True, default="")
    starts_on = models.DateField(null=True, blank=True, help_text="nothing is due before it")
    ends_on = models.DateField(null=True, blank=True)
    needs_approval = models.BooleanField(default=False, help_text="milestones are done once a lead approves")
    is_fictional = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["initiative", "city"], name="one_engagement_per_city"),
            models.UniqueConstraint(fields=["id", "initiative"], name="engagement_with_its_initiative"),
            models.CheckConstraint(
                name="engagement_ends_after_start",
                condition=Q(ends_on__isnull=True) | Q(starts_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
            ),
        ]
        triggers = [BUMP_VERSION, _STARTS_BEFORE_ITS_MILESTONES, _NOT_BEFORE_ITS_INITIATIVE]

    def __str__(self):
        return f"{self.city} in {self.initiative}"


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
class Participation(models.Model):
    """A status that began on a day, as far as the public record gives it, with its source."""

    engagement = models.ForeignKey(Engagement, on_delete=models.CASCADE, related_name="participations")
    status = models.CharField(max_length=10, choices=PARTICIPATION.choices)
    began_on = models.DateField()
    precision = models.CharField(max_length=5, choices=Precision, default=Precision.DAY)
    source = models.TextField()
    entered_by = person(null=True)

    class Meta:
        ordering = ["began_on", "id"]
        constraints = [
            models.UniqueConstraint(fields=["engagement", "status", "began_on"], name="participation_status_once"),
            models.CheckConstraint(name="participation_has_source", condition=~Q(source="")),
        ]
