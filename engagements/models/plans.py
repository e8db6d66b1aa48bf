"""What a city means to do, where, for how many and for how much; what was published of it stays as it was."""

import pghistory
import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from engagements import limits
from engagements.limits import (
    AGE_OF_MEAN,
    FIRST_AGE,
    LAST_AGE,
    MOST_EARNED,
    MOST_MONTHS,
    MOST_OCCUPATIONS,
    MOST_PEOPLE_OFFERED,
    MOST_USD,
    MOST_USD_INTERVENTION,
)
from engagements.models.abstract import (
    BUMP_VERSION,
    NEVER_DELETED,
    Archivable,
    Versioned,
    decided,
    paired,
    person,
    refuse,
)
from engagements.models.evidence import number_column, text_column
from engagements.workflow import PLAN, PLAN_APPROVED, PLAN_PUBLISHED

PLAN_SECTIONS = [
    ("need", "The need"),
    ("area", "The area"),
    ("interventions", "What will be done"),
    ("money", "The money"),
    ("indicators", "How we will know"),
    ("claims", "What this plan does not promise"),
]


def of_the_city(table: str, engagement_sql: str) -> pgtrigger.Trigger:
    """Tracts of `table` touch the engagement's city, by the overlay of the live outlines."""
    return pgtrigger.Trigger(
        name="tract_of_the_city",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.Update,
        func=refuse(
            f"{table}_tract_of_the_city",
            f"""NOT EXISTS (
                SELECT 1 FROM atlas_citytract t JOIN engagements_engagement e ON e.city_id = t.city_id
                WHERE e.id = ({engagement_sql}) AND t.geoid = NEW.geoid AND t.vintage = NEW.vintage)""",  # noqa: S608 - our own words
            "This tract is not in the city of this engagement.",
        ),
    )


_PROFILE_BY_AGE = pgtrigger.Trigger(
    name="profile_by_age",
    when=pgtrigger.Before,
    operation=pgtrigger.Insert | pgtrigger.Update,
    func=refuse(
        "intervention_profile_by_age",
        f"""NEW.age_profile IS NOT NULL AND (CASE
            WHEN jsonb_typeof(NEW.age_profile) <> 'array' THEN true
            WHEN EXISTS (SELECT 1 FROM jsonb_array_elements(NEW.age_profile) AS pair
                WHERE jsonb_typeof(pair) <> 'array' OR jsonb_typeof(pair->0) IS DISTINCT FROM 'number'
                OR jsonb_typeof(pair->1) IS DISTINCT FROM 'number' OR jsonb_path_exists(pair, '$[2]')) THEN true
            ELSE NOT EXISTS (SELECT 1 FROM jsonb_array_elements(NEW.age_profile) AS pair
                    WHERE (pair->>0)::numeric = {AGE_OF_MEAN})
                OR EXISTS (SELECT 1 FROM jsonb_array_elements(NEW.age_profile) WITH ORDINALITY AS line(pair, number)
                    WHERE (pair->>0)::numeric <> (NEW.age_profile->0->>0)::numeric + number - 1
                    OR (pair->>0)::numeric NOT BETWEEN {FIRST_AGE} AND {LAST_AGE}
                    OR (pair->>1)::numeric <= 0 OR (pair->>1)::numeric > {MOST_EARNED})
            END)""",  # noqa: S608 - our own words and numbers
        f"Ages rise by one from {FIRST_AGE} to {LAST_AGE} at most and include {AGE_OF_MEAN}; earnings are above 0.",
    ),
)

# A trigger, not a constraint: rows written before 0 was refused stay readable and can be archived.
_SOMEBODY_TAKES_PART = pgtrigger.Trigger(
    name="somebody_takes_part",
    when=pgtrigger.Before,
    operation=pgtrigger.Insert | pgtrigger.UpdateOf("takeup"),
    func=refuse(
        "intervention_takeup_above_0", "NEW.takeup = 0", "With a take-up of 0 nobody takes part: give a share above 0."
    ),
)


_OCCUPATIONS_ARE_CODES = pgtrigger.Trigger(
    name="occupations_are_codes",
    when=pgtrigger.Before,
    operation=pgtrigger.Insert | pgtrigger.UpdateOf("occupations"),
    func=refuse(
        "intervention_occupations",
        f"""cardinality(NEW.occupations) > {MOST_OCCUPATIONS}
            OR cardinality(NEW.occupations) <> (SELECT count(DISTINCT code) FROM unnest(NEW.occupations) AS code)
            OR EXISTS (SELECT 1 FROM unnest(NEW.occupations) AS code WHERE code !~ '^[0-9]{{2}}-[0-9]{{4}}$')""",  # noqa: S608 - our own words and numbers
        f"At most {MOST_OCCUPATIONS} occupations, each once, by its code such as 31-1131.",
    ),
)


class Transport(models.TextChoices):
    """How much of a study's effect to expect here: a distribution, never a constant."""

    UNKNOWN = "unknown", "Unknown: anything from none to all of it"
    RANGE = "range", "Between two shares"
    TRIANGULAR = "triangular", "Between two shares, most likely a third"


@pghistory.track()
class Plan(Versioned, Archivable):
    engagement = models.ForeignKey("engagements.Engagement", on_delete=models.PROTECT, related_name="plans")
    title = models.CharField(max_length=limits.PLAN_TITLE)
    need = models.TextField(blank=True, default="", help_text="what was measured, and where")
    gap = text_column(30, help_text="code of engagements.evidence.gaps")
    measure = text_column(limits.MEASURE_SLUG, help_text="slug of the outcome whose map the area was chosen on")
    area_name = text_column(limits.SHORT_NAME)
    area_rule = text_column(limits.SENTENCE, help_text="how the tracts were chosen")
    area_token = text_column(32, help_text="of the saved area they came from")
    starts_on = models.DateField(null=True, blank=True)
    ends_on = models.DateField(null=True, blank=True)
    price_year = models.PositiveSmallIntegerField()
    budget_usd = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)
    cost_per_child_usd = models.DecimalField(
        max_digits=10, decimal_places=2, null=True, blank=True, help_text="for comparing areas under the budget"
    )
    transport = models.CharField(max_length=10, choices=Transport, default=Transport.UNKNOWN)
    transport_low = models.FloatField(default=0)
    transport_mode = number_column()
    transport_high = models.FloatField(default=1)
    transport_reason = text_column(limits.REASON)
    groups_are_distinct = models.BooleanField(default=False, help_text="nobody is counted by two interventions")
    distinct_reason = text_column()
    targets_by_race = models.BooleanField(default=False, help_text="the area was chosen on a measure of one race")
    legal_review_note = models.TextField(blank=True, default="")
    not_claimed = models.TextField(blank=True, default="", help_text="beside what every plan does not claim")
    seed = models.PositiveIntegerField(default=20190618, help_text="of the draws: the same plan gives the same numbers")
    status = models.CharField(max_length=9, choices=PLAN.choices, default=PLAN.first)
    written_by = person()
    reviewed_by = person(null=True)
    reviewed_at = models.DateTimeField(null=True, blank=True)
    approved_by = person(null=True)
    approved_at = models.DateTimeField(null=True, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)
    is_public = models.BooleanField(default=False, help_text="everybody reads what was published")
    public_by = person(null=True)
    public_at = models.DateTimeField(null=True, blank=True)
    what_happened = models.TextField(blank=True, default="")
    closed_by = person(null=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    is_fictional = models.BooleanField(default=False)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["id", "engagement"], name="plan_with_its_engagement"),
            models.CheckConstraint(name="plan_has_title", condition=Q(title__regex=r"\S")),
            models.CheckConstraint(
                name="plan_status_is_declared", condition=Q(status__in=[v for v, _ in PLAN.choices])
            ),
            models.CheckConstraint(
                name="plan_ends_after_start",
                condition=Q(starts_on=None) | Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
            ),
            models.CheckConstraint(name="plan_price_year", condition=Q(price_year__gte=2000, price_year__lte=2100)),
            models.CheckConstraint(
                name="plan_budget_in_reason",
                condition=Q(budget_usd=None) | Q(budget_usd__gt=0, budget_usd__lte=MOST_USD),
            ),
            models.CheckConstraint(
                name="plan_cost_per_child_above_0", condition=Q(cost_per_child_usd=None) | Q(cost_per_child_usd__gt=0)
            ),
            models.CheckConstraint(
                name="plan_transport_is_a_distribution",
                condition=Q(transport_low__gte=0, transport_high__lte=1, transport_low__lt=F("transport_high")),
            ),
            models.CheckConstraint(
                name="plan_transport_mode_between",
                condition=~Q(transport="triangular")
                | Q(transport_mode__isnull=False)
                & Q(transport_mode__gte=F("transport_low"), transport_mode__lte=F("transport_high")),
            ),
            models.CheckConstraint(
                name="plan_transport_mode_is_a_share", condition=Q(transport_mode__gte=0, transport_mode__lte=1)
            ),
            models.CheckConstraint(
                name="plan_transport_has_reason", condition=Q(transport="unknown") | ~Q(transport_reason="")
            ),
            models.CheckConstraint(
                name="plan_distinct_has_reason", condition=Q(groups_are_distinct=False) | ~Q(distinct_reason="")
            ),
            models.CheckConstraint(
                name="plan_by_race_needs_legal_note",
                condition=Q(targets_by_race=False) | Q(status="draft") | ~Q(legal_review_note=""),
            ),
            models.CheckConstraint(
                name="plan_approved_was_reviewed",
                condition=~Q(status__in=list(PLAN_APPROVED)) | Q(reviewed_by__isnull=False, approved_by__isnull=False),
            ),
            models.CheckConstraint(
                name="plan_published_has_time",
                condition=~Q(status__in=list(PLAN_PUBLISHED)) | Q(published_at__isnull=False),
            ),
            models.CheckConstraint(
                name="plan_public_was_published", condition=Q(is_public=False) | Q(published_at__isnull=False)
            ),
            models.CheckConstraint(
                name="plan_closed_says_what_happened", condition=~Q(status="closed") | ~Q(what_happened="")
            ),
            paired("plan_reviewed_pair", "reviewed_at", "reviewed_by"),
            paired("plan_approved_pair", "approved_at", "approved_by"),
            paired("plan_public_pair", "public_at", "public_by"),
            paired("plan_closed_pair", "closed_at", "closed_by"),
            paired("plan_archived_pair", "archived_at", "archived_by"),
        ]
        triggers = [BUMP_VERSION, NEVER_DELETED, decided("plan", to="reviewed", by="reviewed_by")]

    def __str__(self):
        return self.title


@pghistory.track(pghistory.InsertEvent(), pghistory.DeleteEvent())
class PlanTract(models.Model):
    """A tract of the plan's area; the Census vintage is part of the key."""

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="tracts")
    geoid = models.CharField(max_length=11)
    vintage = models.PositiveSmallIntegerField(default=2010)

    class Meta:
        ordering = ["geoid"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "vintage", "geoid"], name="plan_tract_once"),
            models.CheckConstraint(name="plan_tract_geoid", condition=Q(geoid__regex=r"^[0-9]{11}$")),
            models.CheckConstraint(name="plan_tract_of_2010", condition=Q(vintage=2010)),
        ]
        triggers = [of_the_city("plan", "SELECT p.engagement_id FROM engagements_plan p WHERE p.id = NEW.plan_id")]


@pghistory.track()
class PlanIntervention(Versioned, Archivable):
    """One thing the plan will do. Without an evidence row it has people and a cost and no expected effect."""

    class CostBasis(models.TextChoices):
        OFFERED = "offered", "for each person offered"
        REACHED = "reached", "for each person who takes part"
        TOTAL = "total", "for all of it"

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="interventions")
    evidence = models.ForeignKey(
        "engagements.EvidenceRow", null=True, blank=True, on_delete=models.PROTECT, related_name="interventions"
    )
    evidence_version = models.PositiveIntegerField(null=True, blank=True, help_text="of the row that was read")
    name = models.CharField(max_length=limits.NAME)
    people = text_column(limits.PHRASE, help_text="who they are")
    offered = models.PositiveIntegerField(help_text="people offered")
    takeup = models.FloatField(help_text="share of them who take part, above 0 up to 1")
    study_takeup = number_column(
        help_text="share of those offered who took part in the study, where its row records none; above 0 up to 1"
    )
    itt_reason = models.TextField(
        blank=True, default="", help_text="where the study's take-up was read, or why the planned one is taken as it"
    )
    cost_usd = models.DecimalField(max_digits=12, decimal_places=2)
    cost_basis = models.CharField(max_length=7, choices=CostBasis, default=CostBasis.REACHED)
    cost_price_year = models.PositiveSmallIntegerField()
    starts_on = models.DateField(null=True, blank=True)
    duration_months = models.PositiveSmallIntegerField(default=12)
    years_of_exposure = number_column(help_text="of a child who moves, in the new neighborhood")
    rank_change = number_column(help_text="difference of the two neighborhoods' kfr, in ranks 0-1")
    rank_change_se = number_column()
    causal_low = number_column(help_text="share of the difference that comes from the place, lowest")
    causal_high = number_column()
    age_profile = models.JSONField(null=True, blank=True, help_text="[age, mean yearly earnings] by age, in dollars")
    age_profile_name = text_column(limits.SENTENCE, help_text="of the profile, and where it comes from")
    age_profile_year = models.PositiveSmallIntegerField(null=True, blank=True, help_text="whose prices it is in")
    occupations = ArrayField(
        models.CharField(max_length=7),
        default=list,
        blank=True,
        help_text="codes of the jobs it leads to (Standard Occupational Classification)",
    )
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.CheckConstraint(name="intervention_has_name", condition=Q(name__regex=r"\S")),
            models.CheckConstraint(
                name="intervention_offered_in_reason", condition=Q(offered__gte=1, offered__lte=MOST_PEOPLE_OFFERED)
            ),
            models.CheckConstraint(name="intervention_takeup_is_a_share", condition=Q(takeup__gte=0, takeup__lte=1)),
            models.CheckConstraint(
                name="intervention_study_takeup_has_reason",
                condition=Q(study_takeup=None) | Q(study_takeup__gt=0, study_takeup__lte=1, itt_reason__regex=r"\S"),
            ),
            models.CheckConstraint(
                name="intervention_cost_in_reason", condition=Q(cost_usd__gte=0, cost_usd__lte=MOST_USD_INTERVENTION)
            ),
            models.CheckConstraint(
                name="intervention_price_year", condition=Q(cost_price_year__gte=2000, cost_price_year__lte=2100)
            ),
            models.CheckConstraint(
                name="intervention_lasts", condition=Q(duration_months__gte=1, duration_months__lte=MOST_MONTHS)
            ),
            models.CheckConstraint(
                name="intervention_version_of_evidence",
                condition=Q(evidence=None, evidence_version=None)
                | Q(evidence__isnull=False, evidence_version__isnull=False),
            ),
            models.CheckConstraint(
                name="intervention_causal_share",
                condition=Q(causal_low=None, causal_high=None)
                | Q(causal_low__isnull=False, causal_high__isnull=False)
                & Q(causal_low__gte=0, causal_high__lte=1, causal_low__lt=F("causal_high")),
            ),
            models.CheckConstraint(
                name="intervention_exposure_in_childhood",
                condition=Q(years_of_exposure=None) | Q(years_of_exposure__gt=0, years_of_exposure__lte=23),
            ),
            models.CheckConstraint(
                name="intervention_rank_change",
                condition=Q(rank_change=None)
                | Q(rank_change_se__isnull=False, rank_change__gt=-1, rank_change__lt=1, rank_change_se__gt=0),
            ),
            models.CheckConstraint(
                name="intervention_rank_change_se_is_a_share", condition=Q(rank_change_se__gte=0, rank_change_se__lte=1)
            ),
            models.CheckConstraint(
                name="intervention_profile_is_named",
                condition=Q(age_profile__isnull=True, age_profile_name="", age_profile_year__isnull=True)
                | Q(age_profile__isnull=False, age_profile_name__regex=r"\S", age_profile_year__isnull=False)
                & Q(age_profile_year__gte=1980, age_profile_year__lte=2100),
            ),
            paired("intervention_archived_pair", "archived_at", "archived_by"),
        ]
        triggers = [BUMP_VERSION, NEVER_DELETED, _PROFILE_BY_AGE, _SOMEBODY_TAKES_PART, _OCCUPATIONS_ARE_CODES]

    def __str__(self):
        return self.name


class _OfPlan(models.Model):
    """Something of the engagement that a plan points to; linked, not copied. Both of one engagement (migration)."""

    engagement = models.ForeignKey("engagements.Engagement", on_delete=models.PROTECT, related_name="+")

    class Meta:
        abstract = True


@pghistory.track(pghistory.InsertEvent(), pghistory.DeleteEvent())
class PlanMilestone(_OfPlan):
    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="milestone_links")
    milestone = models.ForeignKey("engagements.Milestone", on_delete=models.PROTECT, related_name="plan_links")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["plan", "milestone"], name="plan_milestone_once")]


@pghistory.track(pghistory.InsertEvent(), pghistory.DeleteEvent())
class PlanDocument(_OfPlan):
    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="document_links")
    document = models.ForeignKey("engagements.Document", on_delete=models.PROTECT, related_name="plan_links")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["plan", "document"], name="plan_document_once")]


class PlanPublication(models.Model):
    """A plan as it was published: what was typed, and the figures as they were computed. Never changed."""

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="publications")
    number = models.PositiveSmallIntegerField(help_text="1 for the first publication")
    content = models.JSONField()
    figures = models.JSONField()
    approved_by = person()
    published_by = person()
    published_at = models.DateTimeField()

    class Meta:
        ordering = ["plan", "-number"]
        constraints = [models.UniqueConstraint(fields=["plan", "number"], name="plan_publication_once")]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]
