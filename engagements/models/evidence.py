"""What studies found, one row per finding. Null and negative findings stay; what nobody verified holds no number."""

import pghistory
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
    within_limits,
)
from engagements.workflow import EVIDENCE


class OutcomeFamily(models.TextChoices):
    """Effects are added within a family at most, never across."""

    ANNUAL_EARNINGS = "annual_earnings", "Earnings a year"
    EMPLOYMENT = "employment", "Employment"
    EDUCATION_ATTAINMENT = "education_attainment", "Degrees and enrollment"
    EDUCATION_SCORES = "education_scores", "Test scores"
    MOBILITY_MOVE = "mobility_move", "Moves to another neighborhood"
    CHILD_DEVELOPMENT = "child_development", "Early childhood"
    JUSTICE = "justice", "Justice"
    SAVINGS_AND_CREDIT = "savings_and_credit", "Savings and credit"
    HOUSING_STABILITY = "housing_stability", "Housing"
    TAX_AND_BENEFITS = "tax_and_benefits", "Taxes and benefits"
    TRANSPORT = "transport", "Transport"
    OTHER = "other", "Other"


class Estimand(models.TextChoices):
    """Whom an effect is the mean of: everybody offered, or those who took it up."""

    TOT = "tot", "Those who took part (TOT)"
    ITT = "itt", "Everybody offered (ITT)"


class StandardErrorOrigin(models.TextChoices):
    """Where a standard error comes from: printed by the source, or what its exact p implies."""

    PUBLISHED = "published", "Printed by the source"
    FROM_P = "from_p", "Computed from p"


def number_column(**options) -> models.FloatField:
    return models.FloatField(null=True, blank=True, **options)


def text_column(length: int = limits.SENTENCE, **options) -> models.CharField:
    return models.CharField(max_length=length, blank=True, default="", **options)


@pghistory.track()
class EvidenceRow(Versioned, Archivable):
    """One finding of one study. Numbers are in the study's own dollars and years."""

    class Tier(models.TextChoices):
        RCT = "rct", "Randomized trial"
        QUASI = "quasi", "Quasi-experiment"
        DESCRIPTIVE = "descriptive", "Descriptive"

    class Finding(models.TextChoices):
        POSITIVE = "positive", "Better"
        NULL = "null", "No difference found"
        NEGATIVE = "negative", "Worse"
        MIXED = "mixed", "Mixed"
        NO_ESTIMATE = "no_estimate", "No estimate"

    key = models.SlugField(max_length=limits.EVIDENCE_KEY, unique=True)
    intervention = models.CharField(max_length=limits.NAME)
    summary = models.TextField(blank=True, default="")
    outcome = models.CharField(max_length=limits.PHRASE)
    outcome_family = models.CharField(max_length=20, choices=OutcomeFamily)
    effect = number_column()
    se = number_column(help_text="standard error, in the effect's unit")
    se_origin = models.CharField(max_length=9, choices=StandardErrorOrigin, blank=True, default="")
    p_value = number_column(help_text="exact, or with a bound the threshold below which p lies")
    se_bound = number_column(help_text="the standard error is at most this; no plan calculates with it")
    ci_low = number_column(help_text="95% interval")
    ci_high = number_column()
    conflict = text_column(limits.EVIDENCE["conflict"], help_text="where sources or versions say different things")
    effect_words = text_column(
        limits.EVIDENCE["effect_words"], help_text="as the source says it, where it is not one number"
    )
    unit = text_column(limits.EVIDENCE["unit"])
    estimand = models.CharField(max_length=3, choices=Estimand, blank=True, default="")
    study_takeup = number_column(help_text="share of those offered who took part in the study, 0-1")
    outcome_age = text_column(limits.EVIDENCE["outcome_age"])
    duration = text_column(limits.EVIDENCE["duration"])
    sample_size = models.PositiveIntegerField(null=True, blank=True)
    population = text_column()
    setting = text_column()
    cost_usd = models.DecimalField(max_digits=12, decimal_places=2, null=True, blank=True)
    cost_words = text_column()
    cost_price_year = models.PositiveSmallIntegerField(null=True, blank=True)
    fadeout = text_column(limits.EVIDENCE["fadeout"])
    mvpf = number_column(help_text="marginal value of public funds")
    mvpf_low = number_column()
    mvpf_high = number_column()
    mvpf_words = text_column(limits.EVIDENCE["mvpf_words"])
    tier = models.CharField(max_length=11, choices=Tier)
    finding = models.CharField(max_length=11, choices=Finding)
    tried_in = models.ManyToManyField("atlas.City", blank=True, related_name="+")
    gaps = models.JSONField(default=list, blank=True, help_text="codes of engagements.evidence.gaps")
    moves_children = models.BooleanField(default=False, help_text="moves children to another neighborhood")
    source = models.TextField()
    is_verified = models.BooleanField(default=False, help_text="read in the source, or recomputed")
    verified_on = models.DateField(null=True, blank=True)
    verification_note = text_column(limits.EVIDENCE["verification_note"])
    status = models.CharField(max_length=9, choices=EVIDENCE.choices, default=EVIDENCE.first)
    written_by = person(null=True)
    reviewed_by = person(null=True)
    reviewed_at = models.DateTimeField(null=True, blank=True)
    seed_sha256 = models.CharField(max_length=64, blank=True, default="", help_text="of the shipped row it came from")

    class Meta:
        ordering = ["outcome_family", "intervention", "id"]
        indexes = [models.Index(fields=["outcome_family", "tier"], name="evidence_by_outcome")]
        constraints = [
            models.CheckConstraint(name="evidence_has_source", condition=~Q(source="")),
            models.CheckConstraint(name="evidence_effect_has_unit", condition=Q(effect=None) | ~Q(unit="")),
            models.CheckConstraint(
                name="evidence_numbers_are_verified",
                condition=Q(is_verified=True)
                | Q(effect=None, se=None, ci_low=None, ci_high=None, cost_usd=None, mvpf=None, p_value=None),
            ),
            models.CheckConstraint(
                name="evidence_verified_on_a_day", condition=Q(is_verified=False) | Q(verified_on__isnull=False)
            ),
            models.CheckConstraint(
                name="evidence_se_above_0", condition=Q(se=None) | Q(se__gt=0, effect__isnull=False)
            ),
            models.CheckConstraint(
                name="evidence_se_origin_known",
                condition=Q(se_origin="") | Q(se_origin__in=StandardErrorOrigin.values, se__isnull=False),
            ),
            models.CheckConstraint(
                name="evidence_se_from_p_has_p", condition=~Q(se_origin="from_p") | Q(p_value__isnull=False)
            ),
            models.CheckConstraint(
                name="evidence_p_within_0_and_1", condition=Q(p_value=None) | Q(p_value__gt=0, p_value__lt=1)
            ),
            models.CheckConstraint(
                name="evidence_se_bound_stands_alone",
                condition=Q(se_bound=None)
                | Q(se_bound__gt=0, effect__isnull=False, p_value__isnull=False, se=None, ci_low=None, ci_high=None),
            ),
            models.CheckConstraint(
                name="evidence_interval_in_order",
                condition=Q(ci_low=None, ci_high=None)
                | Q(effect__isnull=False, ci_low__isnull=False, ci_high__isnull=False)
                & Q(ci_low__lte=F("effect"), ci_high__gte=F("effect")),
            ),
            models.CheckConstraint(
                name="evidence_takeup_is_a_share",
                condition=Q(study_takeup=None) | Q(study_takeup__gt=0, study_takeup__lte=1),
            ),
            models.CheckConstraint(name="evidence_estimand_known", condition=Q(estimand__in=["", *Estimand.values])),
            models.CheckConstraint(
                name="evidence_cost_has_price_year",
                condition=Q(cost_usd=None) | Q(cost_usd__gte=0, cost_price_year__isnull=False),
            ),
            models.CheckConstraint(
                name="evidence_status_is_declared", condition=Q(status__in=[v for v, _ in EVIDENCE.choices])
            ),
            within_limits(
                "evidence_numbers_in_reason",
                "effect",
                "se",
                "se_bound",
                "ci_low",
                "ci_high",
                "mvpf",
                "mvpf_low",
                "mvpf_high",
            ),
            paired("evidence_reviewed_pair", "reviewed_at", "reviewed_by"),
            paired("evidence_archived_pair", "archived_at", "archived_by"),
        ]
        triggers = [
            BUMP_VERSION,
            NEVER_DELETED,
            # What comes with the portal was reviewed with it, by nobody here.
            decided("evidence", to="reviewed", by="reviewed_by", unless="NEW.reviewed_by_id IS NULL"),
        ]

    def __str__(self):
        return f"{self.intervention}: {self.outcome}"
