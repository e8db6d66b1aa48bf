"""What a published pilot belongs to, as far as one reader may open it: its plan, milestones, indicators, dollars."""

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q, QuerySet

from engagements.access.engagements import visible_milestones
from engagements.access.money import visible_entries
from engagements.access.plans import visible_indicators, visible_plans
from engagements.models import LedgerEntry, Pilot, PilotLink, User
from engagements.money.rules.stages import STAGES

Viewer = User | AnonymousUser


@dataclass(frozen=True)
class StageDollars:
    """Of the entries linked to the pilot, at one stage: stages are never added. `usd`: reversals taken off.

    `years`: first and last whose dollars these are; they are not converted. `first`: the number of one entry.
    """

    stage: str
    label: str
    usd: Decimal
    entries: int
    years: tuple[int, int]
    first: int


@dataclass(frozen=True)
class Belongs:
    """`milestones` and `indicators`: (number, title)."""

    plan: int | None = None
    milestones: tuple[tuple[int, str], ...] = ()
    indicators: tuple[tuple[int, str], ...] = ()
    dollars: tuple[StageDollars, ...] = ()


def belongs_of(viewer: Viewer, pilot: Pilot) -> Belongs:
    """Strangers open public plans at most. At most eight statements, none for what is not linked."""
    plan = pilot.plan_id
    if plan is not None and not visible_plans(viewer).filter(pk=plan).exists():
        plan = None
    if not viewer.is_authenticated:
        return Belongs(plan)
    links = PilotLink.objects.filter(pilot=pilot).values_list("milestone", "indicator", "entry")
    kinds = zip(*links, strict=True) if links else ((), (), ())
    milestones, indicators, entries = ([pk for pk in kind if pk is not None] for kind in kinds)
    return Belongs(
        plan,
        _named(visible_milestones(viewer).filter(pk__in=milestones), "title") if milestones else (),
        _named(visible_indicators(viewer).filter(pk__in=indicators), "name") if indicators else (),
        _dollars(viewer, entries, pilot.is_fictional) if entries else (),
    )


def _named(rows: QuerySet, name: str) -> tuple[tuple[int, str], ...]:
    return tuple(rows.order_by(name, "pk").values_list("pk", name))


def _dollars(viewer: User, entries: list[int], is_fictional: bool) -> tuple[StageDollars, ...]:
    """Made-up dollars are never added to real ones."""
    linked = Q(pk__in=entries) | Q(reverses__in=entries)
    rows = visible_entries(viewer).filter(linked, is_fictional=is_fictional)
    found: dict[str, list[LedgerEntry]] = defaultdict(list)
    for row in rows.only("stage", "net_usd", "price_year", "reverses"):
        found[row.stage].append(row)
    return tuple(
        StageDollars(
            stage.value,
            stage.label,
            sum((row.net_usd for row in found[stage.value]), Decimal(0)),
            sum(row.reverses_id is None for row in found[stage.value]),
            (min(row.price_year for row in found[stage.value]), max(row.price_year for row in found[stage.value])),
            min(row.pk for row in found[stage.value]),
        )
        for stage in STAGES
        if stage.value in found
    )
