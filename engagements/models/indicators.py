"""What is counted to know how it goes: a city's rate and a program's own people are never one list."""

import pghistory
import pgtrigger
from django.db import models
from django.db.models import F, Q

from engagements import limits
from engagements.models.abstract import (
    BUMP_VERSION,
    NEVER_DELETED,
    Archivable,
    Versioned,
    decided,
    paired,
    person,
    refuse,
    within_limits,
)
from engagements.models.evidence import OutcomeFamily, number_column, text_column
from engagements.workflow import INDICATOR_VALUE, INDICATOR_VALUE_APPROVED, VALUE_CHANGE_REASONS


@pghistory.track()
class Indicator(Versioned, Archivable):
    class Kind(models.TextChoices):
        POPULATION = "population", "Population: how the city's people fare"
        PERFORMANCE = "performance", "Performance: what the program did for its own people"

    class Direction(models.TextChoices):
        RISING = "rising", "higher is better"
        FALLING = "falling", "lower is better"

    class Unit(models.TextChoices):
        PEOPLE = "people", "people"
        HOUSEHOLDS = "households", "households"
        COUNT = "count", "count"
        SHARE = "share", "share, 0 to 1"
        USD = "usd", "dollars"
        DAYS = "days", "days"
        SCORE = "score", "score"

    engagement = models.ForeignKey("engagements.Engagement", on_delete=models.PROTECT, related_name="indicators")
    plan = models.ForeignKey(
        "engagements.Plan", null=True, blank=True, on_delete=models.PROTECT, related_name="indicators"
    )
    kind = models.CharField(max_length=11, choices=Kind)
    name = models.CharField(max_length=limits.NAME)
    definition = models.TextField(help_text="what is counted, of whom, by whom")
    unit = models.CharField(max_length=10, choices=Unit)
    direction = models.CharField(max_length=7, choices=Direction)
    denominator = text_column(limits.PHRASE, help_text="of what a share is a share")
    outcome_family = models.CharField(max_length=20, choices=OutcomeFamily)
    baseline = number_column()
    baseline_on = models.DateField(null=True, blank=True)
    target = number_column()
    target_on = models.DateField(null=True, blank=True)
    every_months = models.PositiveSmallIntegerField(default=3, help_text="how often a value is due")
    dimensions = models.JSONField(default=list, blank=True, help_text="names of what it is broken down by")
    source = text_column(limits.SENTENCE, help_text="where its values come from")
    no_interval_reason = text_column(
        limits.PHRASE, help_text="why its values have no uncertainty, for example a full count"
    )
    counts_people = models.BooleanField(default=False, help_text="its total is people reached")
    is_unduplicated = models.BooleanField(default=False, help_text="each person is counted once")
    owner = person(null=True, related_name="indicators")
    is_fictional = models.BooleanField(default=False)

    class Meta:
        ordering = ["kind", "name", "id"]
        constraints = [
            models.UniqueConstraint(fields=["id", "engagement"], name="indicator_with_its_engagement"),
            models.CheckConstraint(name="indicator_has_words", condition=Q(name__regex=r"\S", definition__regex=r"\S")),
            models.CheckConstraint(
                name="indicator_share_has_denominator", condition=~Q(unit="share") | ~Q(denominator="")
            ),
            models.CheckConstraint(
                name="indicator_share_between_0_and_1",
                condition=~Q(unit="share")
                | (Q(baseline=None) | Q(baseline__gte=0, baseline__lte=1))
                & (Q(target=None) | Q(target__gte=0, target__lte=1)),
            ),
            models.CheckConstraint(
                name="indicator_target_on_its_way",
                condition=Q(baseline=None)
                | Q(target=None)
                | Q(direction="rising", target__gte=F("baseline"))
                | Q(direction="falling", target__lte=F("baseline")),
            ),
            models.CheckConstraint(
                name="indicator_target_after_baseline",
                condition=Q(baseline_on=None) | Q(target_on=None) | Q(target_on__gt=F("baseline_on")),
            ),
            models.CheckConstraint(
                name="indicator_baseline_has_day", condition=Q(baseline=None) | Q(baseline_on__isnull=False)
            ),
            models.CheckConstraint(
                name="indicator_target_has_day", condition=Q(target=None) | Q(target_on__isnull=False)
            ),
            models.CheckConstraint(
                name="indicator_people_in_people",
                condition=Q(counts_people=False) | Q(unit__in=["people", "households"]),
            ),
            models.CheckConstraint(name="indicator_due_every", condition=Q(every_months__gte=1, every_months__lte=60)),
            within_limits("indicator_numbers_in_reason", "baseline", "target"),
            paired("indicator_archived_pair", "archived_at", "archived_by"),
        ]
        triggers = [BUMP_VERSION, NEVER_DELETED]

    def __str__(self):
        return self.name


_OF_A_FEED = """EXISTS (SELECT 1 FROM engagements_feed f
    WHERE f.indicator_id = NEW.indicator_id AND f.archived_at IS NULL)"""
_FIXED_ONCE_APPROVED = pgtrigger.Trigger(
    name="fixed_once_approved",
    when=pgtrigger.Before,
    operation=pgtrigger.Update,
    func=refuse(
        "value_fixed_once_approved",
        """(OLD.status IN ('approved', 'locked') AND NEW.archived_at IS NOT DISTINCT FROM OLD.archived_at
            AND (NEW.value, NEW.low, NEW.high, NEW.numerator, NEW.denominator, NEW.period_start, NEW.period_end,
                 NEW.dimension, NEW.category, NEW.document_id)
                IS DISTINCT FROM (OLD.value, OLD.low, OLD.high, OLD.numerator, OLD.denominator, OLD.period_start,
                 OLD.period_end, OLD.dimension, OLD.category, OLD.document_id))
           OR (OLD.status IN ('approved', 'locked') AND NEW.status IN ('draft', 'in_review')
               AND (NEW.change_reason = '' OR NEW.revision <= OLD.revision))""",
        "An approved value is reopened with a coded reason before it is changed.",
    ),
)


@pghistory.track()
class IndicatorValue(Versioned, Archivable):
    """One actual of one period, of everybody (dimension and category empty) or of one group."""

    indicator = models.ForeignKey(Indicator, on_delete=models.PROTECT, related_name="values")
    engagement = models.ForeignKey("engagements.Engagement", on_delete=models.PROTECT, related_name="+")
    period_start = models.DateField()
    period_end = models.DateField()
    dimension = text_column(limits.DIMENSION)
    category = text_column(limits.CATEGORY)
    value = models.FloatField()
    low = number_column(help_text="95% interval, where it is an estimate")
    high = number_column()
    numerator = number_column()
    denominator = number_column()
    document = models.ForeignKey(
        "engagements.Document", null=True, blank=True, on_delete=models.PROTECT, related_name="values"
    )
    note = text_column(limits.NOTE)
    status = models.CharField(max_length=9, choices=INDICATOR_VALUE.choices, default=INDICATOR_VALUE.first)
    revision = models.PositiveSmallIntegerField(default=0, help_text="how often it was reopened after approval")
    change_reason = models.CharField(max_length=12, choices=VALUE_CHANGE_REASONS, blank=True, default="")
    change_words = text_column(limits.WHY)
    entered_by = person()
    entered_at = models.DateTimeField()
    reviewed_by = person(null=True)
    reviewed_at = models.DateTimeField(null=True, blank=True)
    approved_by = person(null=True)
    approved_at = models.DateTimeField(null=True, blank=True)
    is_fictional = models.BooleanField(default=False)

    class Meta:
        ordering = ["indicator", "-period_end", "dimension", "category", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["indicator", "period_start", "period_end", "dimension", "category"],
                name="value_once_a_period",
                condition=Q(archived_at=None),
            ),
            models.CheckConstraint(name="value_period_in_order", condition=Q(period_end__gte=F("period_start"))),
            models.CheckConstraint(
                name="value_interval_around_it",
                condition=Q(low=None, high=None)
                | Q(low__isnull=False, high__isnull=False, low__lte=F("value"), high__gte=F("value")),
            ),
            models.CheckConstraint(
                name="value_group_in_full",
                condition=Q(dimension="", category="") | (~Q(dimension="") & ~Q(category="")),
            ),
            models.CheckConstraint(
                name="value_denominator_above_0", condition=Q(denominator=None) | Q(denominator__gt=0)
            ),
            models.CheckConstraint(
                name="value_status_is_declared", condition=Q(status__in=[v for v, _ in INDICATOR_VALUE.choices])
            ),
            models.CheckConstraint(
                name="value_approved_has_approver",
                condition=~Q(status__in=list(INDICATOR_VALUE_APPROVED)) | Q(approved_by__isnull=False),
            ),
            models.CheckConstraint(name="value_change_has_reason", condition=Q(revision=0) | ~Q(change_reason="")),
            models.CheckConstraint(
                name="value_other_reason_in_words", condition=~Q(change_reason="other") | ~Q(change_words="")
            ),
            within_limits("value_numbers_in_reason", "value", "low", "high", "numerator", "denominator"),
            paired("value_reviewed_pair", "reviewed_at", "reviewed_by"),
            paired("value_approved_pair", "approved_at", "approved_by"),
            paired("value_archived_pair", "archived_at", "archived_by"),
        ]
        triggers = [
            BUMP_VERSION,
            NEVER_DELETED,
            _FIXED_ONCE_APPROVED,
            # A reading of a feed is let in by who trusts the feed, or one by one with a reason: in its own room.
            decided("value", to="approved", by="approved_by", unless=_OF_A_FEED),
        ]
