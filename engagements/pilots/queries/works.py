"""Published results with what lies behind them, as one reader may see them. Nothing of a draft is here."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q

from engagements.access.plans import visible_plans
from engagements.access.results import visible_results
from engagements.access.roles import permissions_by_engagement
from engagements.models import Project, ProjectPlan, User
from engagements.permissions import VIEW_MONEY, VIEW_PUBLISHED
from engagements.pilots.rules.works import Work
from engagements.results.queries.published import PublishedResult, published_results

Viewer = User | AnonymousUser
_MADE_UP = Q(result__is_fictional=True) | Q(result__engagement__is_fictional=True)


@dataclass(frozen=True)
class Works:
    """`rows` stand; `retracted`: how many were withdrawn; `made_up`: how many the reader could see of made-up work."""

    rows: tuple[Work, ...]
    retracted: int
    made_up: int


@dataclass(frozen=True)
class Doors:
    """Engagements whose money, and whose milestones, the reader may open."""

    money: frozenset[int]
    milestones: frozenset[int]


def works(viewer: Viewer, *, made_up: bool = False) -> Works:
    """Of real work, or with `made_up` of made-up work alone: they never stand beside one another.

    Strangers read no made-up work. At most nine statements, however many results.
    """
    seen = Q(result__in=visible_results(viewer))
    found = published_results(seen & _MADE_UP if made_up else seen & ~_MADE_UP)
    standing = [one for one in found if not one.is_retracted]
    titles = _titles({one.project_id for one in standing if one.project_id})
    plans = _plans(viewer, titles)
    rows = tuple(_work(one, titles, plans) for one in standing)
    others = len(rows) if made_up else _made_up(viewer)
    return Works(rows, len(found) - len(standing), others)


def doors(viewer: Viewer, engagements: Collection[int]) -> Doors:
    """Strangers open none. Two statements for others."""
    held = permissions_by_engagement(viewer, engagements) if viewer.is_authenticated else {}
    return Doors(
        frozenset(pk for pk, what in held.items() if VIEW_MONEY in what),
        frozenset(pk for pk, what in held.items() if VIEW_PUBLISHED in what),
    )


def _made_up(viewer: Viewer) -> int:
    if not viewer.is_authenticated:
        return 0
    return visible_results(viewer).filter(Q(is_fictional=True) | Q(engagement__is_fictional=True)).count()


def _titles(projects: Collection[int]) -> dict[int, str]:
    return dict(Project.objects.filter(pk__in=projects).values_list("pk", "title")) if projects else {}


def _plans(viewer: Viewer, projects: Collection[int]) -> dict[int, int]:
    """The first plan of each project that the reader may open."""
    if not projects:
        return {}
    links = ProjectPlan.objects.filter(project__in=projects, plan__in=visible_plans(viewer))
    return dict(links.order_by("-plan_id").values_list("project_id", "plan_id"))


def _work(one: PublishedResult, titles: dict[int, str], plans: dict[int, int]) -> Work:
    return Work(
        one.pk,
        one.engagement,
        one.engagement_slug,
        one.city,
        one.city_slug,
        titles.get(one.project_id or 0) or one.fields.tried,
        one.fields,
        one.sentence,
        one.confirmed,
        one.published_at.astimezone(UTC).date(),
        one.is_fictional,
        plans.get(one.project_id or 0),
    )
