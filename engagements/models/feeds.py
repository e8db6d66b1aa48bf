"""Feeds: where an indicator or a line of the ledger gets its values from by itself. Every vintage is kept."""

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
    paired,
    person,
    refuse,
    within_limits,
)
from engagements.models.evidence import number_column, text_column
from engagements.models.ledger import Stage

APPEND_ONLY = pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)


@pghistory.track()
class Feed(Versioned, Archivable):
    """Bound to one indicator, or (`stage` and `funder`) to one line of the ledger.

    `columns`: name of the column for date, value and others. `defined_by`: who last said what is read and from where;
    `trusted_by`: who looked at that and lets values in without another look, never the same person.
    """

    class Kind(models.TextChoices):
        CSV = "csv", "CSV file at an address"
        SOCRATA = "socrata", "Socrata data set"
        ARCGIS = "arcgis", "ArcGIS feature layer"
        PUSH = "push", "Pushed by a program"

    class Cadence(models.TextChoices):
        DAILY = "daily", "Every day"
        WEEKLY = "weekly", "Every week"
        MONTHLY = "monthly", "Every month"
        QUARTERLY = "quarterly", "Every quarter"
        YEARLY = "yearly", "Every year"

    engagement = models.ForeignKey("engagements.Engagement", on_delete=models.PROTECT, related_name="feeds")
    indicator = models.ForeignKey(
        "engagements.Indicator", null=True, blank=True, on_delete=models.PROTECT, related_name="feeds"
    )
    stage = models.CharField(max_length=9, choices=Stage, blank=True, default="", help_text="of a line of the ledger")
    funder = models.ForeignKey(
        "engagements.Organisation", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    plan = models.ForeignKey("engagements.Plan", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=limits.NAME)
    kind = models.CharField(max_length=7, choices=Kind)
    address = models.CharField(max_length=limits.URL, blank=True, default="")
    query = text_column(limits.FEED_QUERY)
    columns = models.JSONField(default=dict)
    cadence = models.CharField(max_length=9, choices=Cadence)
    owner = person(related_name="feeds")
    defined_by = person()
    defined_at = models.DateTimeField()
    trusted_by = person(null=True)
    trusted_at = models.DateTimeField(null=True, blank=True)
    paused_by = person(null=True)
    paused_at = models.DateTimeField(null=True, blank=True)
    is_fictional = models.BooleanField(default=False)

    class Meta:
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(fields=["indicator"], name="feed_one_of_indicator", condition=Q(archived_at=None)),
            models.CheckConstraint(name="feed_has_name", condition=Q(name__regex=r"\S")),
            models.CheckConstraint(
                name="feed_of_one_thing",
                condition=Q(indicator__isnull=False, stage="", funder=None, plan=None)
                | Q(indicator=None, funder__isnull=False, stage__in=Stage.values),
            ),
            models.CheckConstraint(
                name="feed_kind_declared", condition=Q(kind__in=["csv", "socrata", "arcgis", "push"])
            ),
            models.CheckConstraint(
                name="feed_cadence_declared",
                condition=Q(cadence__in=["daily", "weekly", "monthly", "quarterly", "yearly"]),
            ),
            models.CheckConstraint(
                name="feed_address_of_its_kind",
                condition=Q(kind="push", address="", query="")
                | (~Q(kind="push") & Q(address__regex=r"^https?://[^/@\s]+(/\S*)?$")),
            ),
            models.CheckConstraint(
                name="feed_trusted_by_another",
                condition=Q(trusted_by=None) | (~Q(trusted_by=F("defined_by")) & ~Q(trusted_by=F("owner"))),
            ),
            paired("feed_trusted_pair", "trusted_at", "trusted_by"),
            paired("feed_paused_pair", "paused_at", "paused_by"),
            paired("feed_archived_pair", "archived_at", "archived_by"),
        ]
        triggers = [
            BUMP_VERSION,
            NEVER_DELETED,
            pgtrigger.Trigger(
                name="feed_within_engagement",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("indicator_id", "plan_id", "engagement_id"),
                func=refuse(
                    "feed_within_engagement",
                    """(NEW.indicator_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM engagements_indicator i
                            WHERE i.id = NEW.indicator_id AND i.engagement_id = NEW.engagement_id))
                        OR (NEW.plan_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM engagements_plan p
                            WHERE p.id = NEW.plan_id AND p.engagement_id = NEW.engagement_id))""",
                    "A feed is bound to something of its own engagement.",
                ),
            ),
        ]

    def __str__(self):
        return self.name


class FeedSecret(models.Model):
    """What a publisher wants to see: encrypted with the portal's key, or the name of a variable that holds it.

    In no history, no page and no answer of the API.
    """

    feed = models.OneToOneField(Feed, on_delete=models.PROTECT, related_name="secret")
    encrypted = models.TextField(blank=True, default="")
    variable = text_column(limits.FEED_VARIABLE)
    set_by = person()
    set_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="feed_secret_of_one_kind",
                condition=(Q(encrypted="") & Q(variable__regex=r"^FEED_TOKEN_[A-Z0-9_]+$"))
                | (~Q(encrypted="") & Q(variable="")),
            )
        ]


class FeedStatus(models.Model):
    """How a feed fares. The worker writes it at every look; it says nothing of what was read."""

    feed = models.OneToOneField(Feed, on_delete=models.PROTECT, related_name="status")
    next_at = models.DateTimeField(null=True, blank=True, help_text="empty: never by itself")
    checked_at = models.DateTimeField(null=True, blank=True, help_text="the last answer that could be read")
    sha256 = models.CharField(max_length=64, blank=True, default="")
    failures = models.PositiveIntegerField(default=0, help_text="in a row")
    failing_since = models.DateTimeField(null=True, blank=True)
    problem = text_column(limits.LINE)
    advice = text_column(limits.LINE)
    told_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["next_at"], name="feed_by_next_check", condition=Q(next_at__isnull=False))]


class FeedKey(models.Model):
    """Lets a program push to one feed. Only its hash is kept; it is shown once."""

    feed = models.ForeignKey(Feed, on_delete=models.PROTECT, related_name="keys")
    sha256 = models.CharField(max_length=64, unique=True)
    first_characters = models.CharField(max_length=8)
    created_by = person()
    created_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True, blank=True)
    revoked_by = person(null=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at", "-id"]
        constraints = [paired("feed_key_revoked_pair", "revoked_at", "revoked_by")]
        triggers = [
            NEVER_DELETED,
            pgtrigger.Protect(
                name="revoked_once",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition("OLD.revoked_at IS NOT NULL"),
            ),
        ]


class FeedVintage(models.Model):
    """One answer that brought something new, or one push."""

    feed = models.ForeignKey(Feed, on_delete=models.PROTECT, related_name="vintages")
    number = models.PositiveIntegerField()
    fetched_at = models.DateTimeField()
    sha256 = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField(help_text="bytes")
    rows = models.PositiveIntegerField()
    added = models.PositiveIntegerField()
    corrected = models.PositiveIntegerField()
    waiting = models.PositiveIntegerField()
    problems = models.JSONField(default=list, blank=True, help_text="rows that were left out, a sentence each")
    key = models.ForeignKey(FeedKey, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["feed", "-number"]
        constraints = [models.UniqueConstraint(fields=["feed", "number"], name="feed_vintage_once")]
        triggers = [APPEND_ONLY]


class FeedReading(models.Model):
    """What one vintage says of one period. A later vintage that says otherwise is another row: both stay."""

    class State(models.TextChoices):
        TAKEN = "taken", "Taken"
        WAITING = "waiting", "Waiting for a person"
        ACCEPTED = "accepted", "Accepted"
        REFUSED = "refused", "Refused"
        REPLACED = "replaced", "Replaced by a later value before anyone decided"

    feed = models.ForeignKey(Feed, on_delete=models.PROTECT, related_name="readings")
    vintage = models.ForeignKey(FeedVintage, on_delete=models.PROTECT, related_name="readings")
    period_start = models.DateField()
    period_end = models.DateField()
    key = text_column(limits.EXTERNAL_ID, help_text="number of an entry in its finance system")
    description = text_column(limits.SENTENCE)
    value = models.FloatField()
    low = number_column()
    high = number_column()
    numerator = number_column()
    denominator = number_column()
    state = models.CharField(max_length=8, choices=State)
    why = text_column(limits.SENTENCE, help_text="why it waits")
    corrects = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="corrected_by")
    decided_by = person(null=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    reason = text_column(limits.WHY)
    indicator_value = models.ForeignKey(
        "engagements.IndicatorValue", null=True, blank=True, on_delete=models.PROTECT, related_name="readings"
    )
    entry = models.ForeignKey(
        "engagements.LedgerEntry", null=True, blank=True, on_delete=models.PROTECT, related_name="readings"
    )

    class Meta:
        ordering = ["feed", "-period_end", "-vintage"]
        indexes = [
            models.Index(fields=["feed", "period_end"], name="feed_reading_by_day"),
            models.Index(fields=["feed"], name="feed_reading_waiting", condition=Q(state="waiting")),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["vintage", "period_start", "period_end", "key"], name="feed_reading_once_a_vintage"
            ),
            models.CheckConstraint(name="feed_reading_period_in_order", condition=Q(period_end__gte=F("period_start"))),
            models.CheckConstraint(name="feed_reading_waits_for_reason", condition=~Q(state="waiting") | ~Q(why="")),
            models.CheckConstraint(
                name="feed_reading_decided_with_reason",
                condition=~Q(state__in=["accepted", "refused"]) | (Q(decided_by__isnull=False) & ~Q(reason="")),
            ),
            paired("feed_reading_decided_pair", "decided_at", "decided_by"),
            within_limits("feed_reading_numbers_in_reason", "value", "low", "high", "numerator", "denominator"),
        ]
        triggers = [
            NEVER_DELETED,
            pgtrigger.Trigger(
                name="decided_once",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                func=refuse(
                    "feed_reading_decided_once",
                    """OLD.state <> 'waiting' OR (NEW.feed_id, NEW.vintage_id, NEW.period_start, NEW.period_end,
                        NEW.key, NEW.value, NEW.low, NEW.high, NEW.numerator, NEW.denominator, NEW.why, NEW.corrects_id)
                        IS DISTINCT FROM (OLD.feed_id, OLD.vintage_id, OLD.period_start, OLD.period_end, OLD.key,
                        OLD.value, OLD.low, OLD.high, OLD.numerator, OLD.denominator, OLD.why, OLD.corrects_id)""",
                    "What a feed said stays as it was said, and is decided once.",
                ),
            ),
        ]
