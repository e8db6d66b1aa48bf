"""What the arithmetic and the database refuse in a plan, said at the field where it was typed."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from engagements.plans.arithmetic import PlanningRefused

# Names of the arithmetic's inputs where they are called otherwise in a plan.
_FIELDS = {
    "profile": "age_profile",
    "low": "transport_low",
    "high": "transport_high",
    "mode": "transport_mode",
    "effect": "evidence",
    "unit": "evidence",
    "outcome": "evidence",
    "estimand": "evidence",
    "se": "evidence",
    "ci_low": "evidence",
    "ci_high": "evidence",
    "effect_price_year": "evidence",
}

# Constraint: field and sentence. Everything here is refused before it is written too: this is the last word.
CONSTRAINTS = {
    "plan_has_title": ("title", "Give the plan a title."),
    "plan_ends_after_start": ("ends_on", "The plan ends before it starts."),
    "plan_price_year": ("price_year", "Give a price year from 2000 to 2100."),
    "plan_budget_in_reason": ("budget_usd", "A budget is more than $0 and at most $10 billion. Check for extra zeros."),
    "plan_cost_per_child_above_0": ("cost_per_child_usd", "The cost for each child is more than $0."),
    "plan_transport_is_a_distribution": (
        "transport_high",
        "Give a range from a lower to a higher share, within 0 to 1. One value is no range.",
    ),
    "plan_transport_mode_between": ("transport_mode", "The most likely share lies between the two ends."),
    "plan_transport_mode_is_a_share": ("transport_mode", "The most likely share goes from 0 to 1."),
    "plan_transport_has_reason": ("transport_reason", "Write why you expect this much of the effect here."),
    "plan_distinct_has_reason": ("distinct_reason", "Write why nobody can be in two interventions."),
    "plan_by_race_needs_legal_note": (
        "legal_review_note",
        "The area was chosen on a measure of one race: note what the city's lawyers said.",
    ),
    "plan_approved_was_reviewed": ("status", "An approved plan was reviewed, and approved by someone."),
    "plan_public_was_published": ("is_public", "Only what was published can be public."),
    "plan_closed_says_what_happened": ("what_happened", "Say what happened."),
    "plan_tract_once": ("geoids", "A tract is named twice."),
    "plan_tract_geoid": ("geoids", "A tract has 11 digits."),
    "plan_tract_of_2010": ("geoids", "Every estimate here is for tracts of 2010."),
    "plan_tract_of_the_city": ("geoids", "A tract is not in the city of this engagement."),
    "intervention_has_name": ("name", "Give the intervention a name."),
    "intervention_offered_in_reason": ("offered", "Between 1 and 10 million people are offered it."),
    "intervention_takeup_is_a_share": ("takeup", "Take-up is a share above 0, up to 1 (everyone)."),
    "intervention_takeup_above_0": ("takeup", "With a take-up of 0 nobody takes part: give a share above 0."),
    "intervention_study_takeup_has_reason": (
        "itt_reason",
        "The study's take-up is a share above 0, up to 1. Write where it was read, or why the planned one is taken "
        "as it.",
    ),
    "intervention_cost_in_reason": ("cost_usd", "A cost is $0 or more and at most $1 billion. Check for extra zeros."),
    "intervention_price_year": ("cost_price_year", "Give a price year from 2000 to 2100."),
    "intervention_lasts": ("duration_months", "It lasts 1 to 240 months."),
    "intervention_causal_share": (
        "causal_high",
        "Give the share that comes from the place as a range, from low to high, within 0 to 1.",
    ),
    "intervention_exposure_in_childhood": ("years_of_exposure", "A childhood has more than 0 and at most 23 years."),
    "intervention_rank_change": (
        "rank_change_se",
        "A difference of ranks lies between −1 and 1 and needs its standard error, above 0.",
    ),
    "intervention_rank_change_se_is_a_share": ("rank_change_se", "Ranks go from 0 to 1: 0.02 for two percentiles."),
    "intervention_profile_by_age": (
        "age_profile",
        "Ages rise by one from 18 to 70 at most and include 34; earnings are more than $0.",
    ),
    "intervention_profile_is_named": (
        "age_profile_name",
        "A profile of earnings by age needs its name and source, and whose year's prices it is in.",
    ),
    "intervention_occupations": ("occupations", "Give at most 5 occupations, each once, by a code such as 31-1131."),
    "plan_milestone_once": ("milestones", "A milestone is linked twice."),
    "plan_document_once": ("documents", "A document is linked twice."),
    "plan_milestone_within_engagement": ("milestones", "The milestone is of another engagement."),
    "plan_document_within_engagement": ("documents", "The document is of another engagement."),
}


@contextmanager
def refusals_as_validation() -> Iterator[None]:
    """Turns PlanningRefused and a broken constraint into a ValidationError by field; nothing of it was written."""
    try:
        with transaction.atomic():
            yield
    except PlanningRefused as refused:
        raise ValidationError({field_of(refused): refused.sentence}) from refused
    except IntegrityError as broken:
        name = getattr(getattr(broken.__cause__, "diag", None), "constraint_name", None)
        if name not in CONSTRAINTS:
            raise
        field, sentence = CONSTRAINTS[name]
        raise ValidationError({field: sentence}) from broken


def field_of(refused: PlanningRefused) -> str:
    return _FIELDS.get(refused.field, refused.field)
