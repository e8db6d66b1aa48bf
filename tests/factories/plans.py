"""Plans of a small city whose tracts have standard errors, and rows of evidence for each rule of the arithmetic."""

from datetime import date
from decimal import Decimal

import factory
from factory.django import DjangoModelFactory

from engagements import models
from engagements.permissions import Role
from engagements.plans.actions.status import move_plan
from engagements.reviews.rules.checklists import all_yes
from tests.factories import grid
from tests.factories.engagements import NOW, EngagementFactory, everybody
from tests.factories.names import letters

SOURCE = "A study, read by a test"


class EvidenceFactory(DjangoModelFactory):
    """Reviewed and verified: the effect on those who took part, with its standard error."""

    class Meta:
        model = models.EvidenceRow

    key = factory.Sequence(lambda n: f"study-{letters(n)}")
    intervention, outcome, outcome_family = "Help with moving", "adult earnings", "annual_earnings"
    effect, se, unit, estimand = 3477.0, 1418.0, "dollars a year", "tot"
    study_takeup, population, outcome_age = 0.47, "children in public housing", "at 26"
    tier, finding, source = "rct", "positive", SOURCE
    is_verified, verified_on, status = True, date(2026, 11, 27), "reviewed"


def itt_row(**more) -> models.EvidenceRow:
    """The effect of an offer, of a study that gives no standard error."""
    return EvidenceFactory(
        **{"estimand": "itt", "effect": 1945.0, "se": None, "intervention": "WorkAdvance", "study_takeup": None} | more
    )


def city_house(tmp_path, *, errors: bool = True, rows: int = 1, name: str = ""):
    """A city of ten tracts a row, and everybody in its engagement: (engagement, people)."""
    city = grid.build(tmp_path, errors=errors, rows=rows)
    if name:
        city.name = name
        city.save(update_fields=["name"])
    engagement = EngagementFactory(city=city)
    return engagement, everybody(engagement)


def make_plan(engagement, by, *, tracts=(), interventions=0, evidence=None, **fields) -> models.Plan:
    """Straight into the tables: what a plan costs to read does not depend on how it came there."""
    plan = models.Plan.objects.create(
        **{
            "engagement": engagement,
            "title": "Moves to opportunity",
            "need": "Few get far.",
            "price_year": 2024,
            "written_by": by,
        }
        | fields
    )
    models.PlanTract.objects.bulk_create(models.PlanTract(plan=plan, geoid=geoid) for geoid in tracts)
    for number in range(interventions):
        row = evidence or EvidenceFactory()
        models.PlanIntervention.objects.create(
            plan=plan, evidence=row, evidence_version=row.version, position=number, **planned(f"Offer {number}")
        )
    plan.refresh_from_db()
    return plan


def planned(name: str = "Help with moving", **more) -> dict:
    """What somebody types of one intervention: 200 families, 70 in 100 take part, $2,500 each of 2024."""
    return {
        "name": name,
        "people": "families",
        "offered": 200,
        "takeup": 0.7,
        "cost_usd": Decimal("2500.00"),
        "cost_basis": "reached",
        "cost_price_year": 2024,
        "duration_months": 12,
    } | more


def publish(plan, people) -> models.Plan:
    """Through review and approval, by whoever may."""
    for status, role in (
        ("in_review", Role.ADVISER),
        ("reviewed", Role.EXPERT),
        ("approved", Role.LEAD),
        ("published", Role.LEAD),
    ):
        plan.refresh_from_db()
        answers = all_yes("plan") if status == "reviewed" else ()
        move_plan(plan=plan.pk, status=status, expected_version=plan.version, by=people[role], now=NOW, answers=answers)
    plan.refresh_from_db()
    return plan
