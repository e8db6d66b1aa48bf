"""What the forms of money choose from."""

from dataclasses import dataclass

from django.db.models import OuterRef, Q, QuerySet, Subquery

from engagements.access.plans import visible_plans
from engagements.access.roles import permissions_in
from engagements.models import (
    Engagement,
    Initiative,
    Milestone,
    Organisation,
    Plan,
    PlanPublication,
    Project,
    User,
)
from engagements.permissions import VIEW_PLAN

Choices = tuple[tuple[int, str], ...]


@dataclass(frozen=True)
class MoneyChoices:
    """(id, name) of the engagement's funders, plans, projects and milestones."""

    funders: Choices
    plans: Choices
    projects: Choices
    milestones: Choices


def funders_of(initiative_id: int, city_id: int | None = None) -> QuerySet[Organisation]:
    """Whose money it may be: funders of the initiative, and of a city also its government."""
    within = Q(partnerships__initiative=initiative_id)
    found = Q(kind=Organisation.Kind.FUNDER) & within
    if city_id is not None:
        government = Q(kind=Organisation.Kind.CITY_GOVERNMENT)
        found |= government & (Q(city=city_id) | (within & Q(city=None)))
    return Organisation.objects.filter(found).distinct().order_by("name", "pk")


def money_choices(within: Engagement) -> MoneyChoices:
    """For people who may edit its money. Four statements."""
    plans = Plan.objects.filter(engagement=within, archived_at=None).order_by("title", "pk")
    milestones = Milestone.objects.filter(engagement=within, archived_at=None).order_by("due_on", "pk")
    return MoneyChoices(
        funders=tuple((row.pk, row.name) for row in funders_of(within.initiative_id, within.city_id)),
        plans=tuple(plans.values_list("pk", "title")),
        projects=projects_of(within),
        milestones=tuple(milestones.values_list("pk", "title")),
    )


def projects_of(within: Engagement) -> Choices:
    """(id, title) of what the city tries; whoever has a role in the engagement may know."""
    rows = Project.objects.filter(engagement=within, archived_at=None).order_by("title", "pk")
    return tuple(rows.values_list("pk", "title"))


def plans_to_filter(user: User, within: Engagement) -> Choices:
    """(id, title) of the engagement's plans whose entries this person may filter by. One statement plus the roles.

    A draft's title is the team's: others read that of the last publication.
    """
    last = PlanPublication.objects.filter(plan=OuterRef("pk")).order_by("-number").values("content__title")[:1]
    drafts = VIEW_PLAN in permissions_in(user, within.pk)
    rows = visible_plans(user).filter(engagement=within).annotate(published_title=Subquery(last))
    named = ((row.pk, row.title if drafts else row.published_title or "") for row in rows)
    return tuple(sorted(named, key=lambda row: (row[1].casefold(), row[0])))


def initiative_choices(within: Initiative) -> MoneyChoices:
    """For money of a whole initiative: its funders. One statement."""
    return MoneyChoices(tuple((row.pk, row.name) for row in funders_of(within.pk)), (), (), ())
