"""Published results with what lies behind them, as one reader may see them. Nothing of a draft is here."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import UTC, date
from functools import lru_cache

from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.db.models import F, FloatField, Func, Q
from django.utils import timezone
from django.utils.translation import get_language

from atlas.queries.public_version import public_version
from engagements.access.pilots import visible_pilots
from engagements.access.plans import visible_plans
from engagements.access.results import visible_results
from engagements.access.roles import permissions_by_engagement
from engagements.models import PilotResult, Project, ProjectPlan, User
from engagements.permissions import VIEW_MONEY, VIEW_PUBLISHED
from engagements.pilots.rules.beside import Beside, beside
from engagements.pilots.rules.works import PilotBehind, Work
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


@dataclass(frozen=True)
class _Standing:
    """What every reader reads the same: `rows` without a pilot or a plan, since who may open one differs.

    `project_of`: by result. `tested`: results with the portal's own verdict.
    """

    rows: tuple[Work, ...]
    retracted: int
    project_of: dict[int, int]
    tested: tuple[int, ...]


def works(viewer: Viewer, *, made_up: bool = False) -> Works:
    """Of real work, or with `made_up` of made-up work alone: they never stand beside one another.

    Strangers read no made-up work. At most ten statements, however many results.
    """
    found = _standing(viewer, made_up)
    behind = _pilots(viewer, found.tested)
    plans = _plans(viewer, frozenset(found.project_of.values()))
    own_plans = _open_plans(viewer, {plan for _pilot, plan in behind.values() if plan})
    rows = found.rows
    if behind or plans:
        rows = tuple(
            _led(row, plans.get(found.project_of.get(row.pk, 0)), behind.get(row.pk), own_plans) for row in rows
        )
    others = len(rows) if made_up else _made_up(viewer)
    return Works(rows, found.retracted, others)


def _standing(viewer: Viewer, made_up: bool) -> _Standing:
    """Of real work everybody reads the same, so it is kept until something public changes, or the day."""
    if made_up:
        return _stand(published_results(Q(result__in=visible_results(viewer)) & _MADE_UP))
    if connection.in_atomic_block:  # its own writes may hide behind the version
        return _stand(published_results(~_MADE_UP))
    return _kept(public_version(), timezone.localdate(timezone=UTC), get_language())


@lru_cache(maxsize=1)
def _kept(version: str, today: date, language: str | None) -> _Standing:
    """`version` is read before the rows: what changes in between is read again under the next one."""
    return _stand(published_results(~_MADE_UP, today))


def _stand(found: tuple[PublishedResult, ...]) -> _Standing:
    standing = [one for one in found if not one.is_retracted]
    project_of = {one.pk: one.project_id for one in standing if one.project_id}
    titles = _titles(frozenset(project_of.values()))
    return _Standing(
        tuple(_work(one, titles.get(one.project_id or 0, "")) for one in standing),
        len(found) - len(standing),
        project_of,
        tuple(one.pk for one in standing if one.fields.verdict),
    )


def beside_of(viewer: Viewer, result: int) -> Beside | None:
    """One published result beside others of its outcome and unit; None where it is not seen or stands alone.

    Made-up results stand beside made-up ones only.
    """
    for made_up in (False, True):
        rows = works(viewer, made_up=made_up).rows
        this = next((row for row in rows if row.pk == result), None)
        if this is not None:
            return beside(this, rows)
    return None


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


def _pilots(viewer: Viewer, results: Collection[int]) -> dict[int, tuple[PilotBehind, int | None]]:
    """By result: the pilot behind it and the plan it belongs to. One statement, none without verdicts.

    While a correction is a draft, its analysis is nobody's to read: the row has no smallest effect until then.
    """
    if not results:
        return {}
    links = PilotResult.objects.filter(result__in=results, pilot__in=visible_pilots(viewer)).annotate(
        worth=_number_in("analysis__registration__content", "smallest_worthwhile"),
        found=_number_in("analysis__result", "detectable"),
        title=F("pilot__title"),
        plan=F("pilot__plan_id"),
    )
    rows = links.values_list("result_id", "pilot_id", "title", "worth", "found", "plan", "result__status")
    return {
        result: (PilotBehind(pilot, title, worth, found) if status == "published" else PilotBehind(pilot, title), plan)
        for result, pilot, title, worth, found, plan, status in rows
    }


def _number_in(field: str, key: str) -> Func:
    """A number of JSON, also where the column is text; None where there is none."""
    read = "(%(expressions)s::jsonb ->> '%(key)s')::float8"
    return Func(F(field), template=read, key=key, output_field=FloatField())


def _open_plans(viewer: Viewer, plans: Collection[int]) -> frozenset[int]:
    """Of pilots' plans those the reader may open."""
    if not plans:
        return frozenset()
    return frozenset(visible_plans(viewer).filter(pk__in=plans).values_list("pk", flat=True))


def _work(one: PublishedResult, title: str) -> Work:
    return Work(
        one.pk,
        one.engagement,
        one.engagement_slug,
        one.city,
        one.city_slug,
        title or one.fields.tried,
        one.fields,
        one.sentence,
        one.confirmed,
        one.published_at.astimezone(UTC).date(),
        one.is_fictional,
    )


def _led(
    row: Work, plan: int | None, behind: tuple[PilotBehind, int | None] | None, open_plans: Collection[int]
) -> Work:
    """With the pilot and the plan that this reader may open: the pilot's own plan before one of its project."""
    pilot, own_plan = behind or (None, None)
    plan = own_plan if own_plan in open_plans else plan
    if pilot is None and plan is None:
        return row
    return replace(row, name=(pilot.title if pilot else "") or row.name, plan=plan, pilot=pilot)
