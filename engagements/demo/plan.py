"""An invented plan for the demo accounts: made once, through everybody's actions, when its tracts are there."""

from datetime import datetime, timedelta
from decimal import Decimal

from django.db import transaction

from atlas.queries.tract_places import tracts_of_city
from engagements.demo.work import SLUG
from engagements.discussion.actions.comments import add_comment
from engagements.models import Engagement, EvidenceRow, Milestone, Plan, User
from engagements.permissions import Role, Visibility
from engagements.plans.actions.interventions import add_intervention
from engagements.plans.actions.links import set_links
from engagements.plans.actions.plans import change_plan, start_plan
from engagements.plans.actions.status import move_plan
from engagements.plans.actions.tracts import set_tracts
from engagements.reviews.rules.checklists import all_yes

CITY = "tulsa"
EVIDENCE = "workadvance-earnings-2"  # tried in Tulsa among other cities
TRACTS = 6
NEED = (
    "Young adults of 18 to 24 who neither work nor study. What children from low-income families who grew up in these "
    "tracts reached stands under “The area”. Made up for this demo."
)
TRAINING = {
    "name": "Training for one sector, with a coach",
    "people": "young adults",
    "offered": 200,
    "takeup": 0.6,
    "itt_reason": "Made up for this demo: as many are taken to have taken part in the study",
    "cost_usd": Decimal("5203.00"),
    "cost_basis": "reached",
    "cost_price_year": 2011,
    "duration_months": 18,
}
REMINDERS = {
    "name": "Reminders by text message",
    "people": "young adults",
    "offered": 900,
    "takeup": 0.9,
    "cost_usd": Decimal("4.50"),
    "cost_basis": "offered",
    "cost_price_year": 2024,
    "duration_months": 12,
}


def is_demo_plan_there() -> bool:
    return Plan.objects.filter(engagement__slug=f"{CITY}-{SLUG}").exists()


@transaction.atomic
def seed_demo_plan(people: dict[Role, User], now: datetime) -> Plan | None:
    """None while the engagement, the city's tracts or the row of evidence are not there, and once it was made."""
    engagement = Engagement.objects.select_for_update().filter(slug=f"{CITY}-{SLUG}").first()
    tracts = tracts_of_city(CITY)[:TRACTS]
    row = EvidenceRow.objects.filter(key=EVIDENCE, status="reviewed", archived_at=None).first()
    if engagement is None or len(tracts) < TRACTS or row is None or is_demo_plan_there():
        return None
    adviser, expert, lead = (people[role] for role in (Role.ADVISER, Role.EXPERT, Role.LEAD))
    plan = start_plan(
        engagement=engagement.pk,
        title="Training and reminders",
        need=NEED,
        price_year=2024,
        by=adviser,
        now=now,
    )
    plan = change_plan(
        plan=plan.pk,
        by=adviser,
        now=now,
        expected_version=plan.version,
        changes={
            "gap": "employment",
            "starts_on": now.date() + timedelta(days=60),
            "budget_usd": Decimal("1250000.00"),
            "ends_on": now.date() + timedelta(days=600),
            "cost_per_child_usd": Decimal("1500.00"),
            "not_claimed": "That those who train here earn what those in the study earned.",
        },
    )
    plan = set_tracts(
        plan=plan.pk,
        geoids=tracts,
        area_name="Six tracts (demo)",
        expected_version=plan.version,
        area_rule="Made up for this demo: the first six tracts in the order of their GEOIDs",
        by=adviser,
        now=now,
    )
    add_intervention(plan=plan.pk, values=TRAINING, evidence=row.key, by=adviser, now=now)
    add_intervention(plan=plan.pk, values=REMINDERS, by=adviser, now=now)
    milestones = Milestone.objects.filter(engagement=engagement).order_by("due_on").values_list("pk", flat=True)
    set_links(plan=plan.pk, milestones=list(milestones[:3]), by=adviser, now=now)
    add_comment(
        engagement=engagement.pk,
        plan=plan.pk,
        section="interventions",
        visibility=Visibility.TEAM.value,
        by=expert,
        body="In Tulsa's own site no difference was found in years two and three: say so beside the number.",
        now=now,
    )
    for status, by in (("in_review", adviser), ("reviewed", expert), ("approved", lead), ("published", lead)):
        plan.refresh_from_db()
        answers = all_yes("plan") if status == "reviewed" else ()
        plan = move_plan(plan=plan.pk, status=status, expected_version=plan.version, by=by, now=now, answers=answers)
    return plan
