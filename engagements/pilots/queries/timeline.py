"""Pilots on the one timeline of an engagement: when what happened, and what was found once it is published."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from atlas.formatting.money import format_dollars
from engagements.access.pilots import visible_pilots
from engagements.models import (
    LedgerEntry,
    Pilot,
    PilotAllocation,
    PilotDataset,
    PilotLink,
    RegistrationVersion,
    Stage,
    User,
)
from engagements.pilots.rules.canonical import registration_of
from engagements.pilots.rules.registration import Registration
from engagements.pilots.rules.spoken_numbers import speak
from engagements.pilots.rules.work_words import likely_words
from engagements.results.queries.published import PublishedResult, published_results
from engagements.verdicts import Wanted


@dataclass(frozen=True)
class PilotDay:
    """`kind`: "done", "published", "closed" or "money"."""

    on: date
    kind: str
    words: str


@dataclass(frozen=True)
class PilotEffect:
    """As published, in the unit and direction of the outcome. `worth`: the smallest change worth having, toward what is
    wanted. `opens`, `closes`: when the outcome was measured. `likely`: the interval in few words."""

    value: float
    low: float
    high: float
    worth: float
    opens: date
    closes: date
    outcome: str
    words: str
    likely: str


@dataclass(frozen=True)
class TimelinePilot:
    """`verdict`, `sentence`: "" before publication. `milestones`: ids of the linked ones."""

    pk: int
    title: str
    state: str
    verdict: str
    icon: str
    tag: str
    sentence: str
    days: tuple[PilotDay, ...]
    milestones: frozenset[int]
    effect: PilotEffect | None
    published_on: date | None
    is_fictional: bool


def timeline_pilots(user: User, engagement: int, *, sees_money: bool) -> tuple[TimelinePilot, ...]:
    """Registered ones that this person may see, oldest first; the caller has checked the engagement. Seven statements.

    Linked dollars are told to who sees money alone.
    """
    here = Q(engagement=engagement) | Q(cities__engagement=engagement)
    rows = {row.pk: row for row in visible_pilots(user).filter(here).select_related("engagement").distinct()}
    versions = _versions(rows)
    if not versions:
        return ()
    drawn = dict(
        PilotAllocation.objects.filter(unit_list__pilot__in=versions)
        .order_by("-drawn_at")
        .values_list("unit_list__pilot", "drawn_at")
    )
    data = dict(
        PilotDataset.objects.filter(pilot__in=versions).order_by("-uploaded_at").values_list("pilot", "uploaded_at")
    )
    milestones, entries = _links(versions, engagement, sees_money)
    results = _results(versions)
    made = [
        _pilot(rows[pk], locked, drawn.get(pk), data.get(pk), milestones[pk], entries[pk], results.get(pk))
        for pk, locked in versions.items()
    ]
    return tuple(sorted(made, key=lambda one: (one.days[0].on, one.pk)))


def _versions(rows: Iterable[int]) -> dict[int, tuple[datetime, Registration]]:
    """Of each that is registered: when it was first locked, and its newest plan."""
    found: dict[int, tuple[datetime, Registration]] = {}
    for one in RegistrationVersion.objects.filter(pilot__in=list(rows)).order_by("pilot_id", "number"):
        first = found[one.pilot_id][0] if one.pilot_id in found else one.locked_at
        found[one.pilot_id] = (first, registration_of(one.content))
    return found


def _links(
    pilots: Iterable[int], engagement: int, sees_money: bool
) -> tuple[dict[int, frozenset[int]], dict[int, list[LedgerEntry]]]:
    milestones: dict[int, frozenset[int]] = defaultdict(frozenset)
    entries: dict[int, list[LedgerEntry]] = defaultdict(list)
    for link in PilotLink.objects.filter(pilot__in=list(pilots), engagement=engagement).select_related("entry"):
        if link.milestone_id is not None:
            milestones[link.pilot_id] |= {link.milestone_id}
        if link.entry is not None and sees_money:
            entries[link.pilot_id].append(link.entry)
    return milestones, entries


def _results(pilots: Iterable[int]) -> dict[int, PublishedResult]:
    """What stands; what was withdrawn is not drawn."""
    found = published_results(Q(result__pilot_result__pilot__in=list(pilots)))
    of = dict(Pilot.objects.filter(pk__in=list(pilots)).values_list("pilot_result__result", "pk"))
    return {of[one.pk]: one for one in found if not one.is_retracted}


def _pilot(
    row: Pilot,
    locked: tuple[datetime, Registration],
    drawn: datetime | None,
    data: datetime | None,
    milestones: frozenset[int],
    entries: list[LedgerEntry],
    result: PublishedResult | None,
) -> TimelinePilot:
    registered, plan = locked
    days = [PilotDay(timezone.localdate(registered), "done", _("registered"))]
    days += [PilotDay(timezone.localdate(drawn), "done", _("drawn"))] if drawn else []
    days += [PilotDay(timezone.localdate(data), "done", _("first data"))] if data else []
    days += [PilotDay(timezone.localdate(row.stopped_at), "closed", _("stopped"))] if row.stopped_at else []
    days += [PilotDay(one.occurred_on, "money", _dollars(one)) for one in entries]
    if result is not None:
        day = timezone.localdate(result.published_at)
        days.append(PilotDay(day, "published", _("verdict: {word}").format(word=result.shown.label)))
    return TimelinePilot(
        row.pk,
        row.title,
        row.get_state_display(),
        result.shown.label if result else "",
        result.shown.icon if result else "",
        result.shown.tag if result else "",
        result.sentence if result else "",
        tuple(days),
        milestones,
        _effect(plan, result) if result else None,
        timezone.localdate(result.published_at) if result else None,
        row.is_fictional or row.engagement.is_fictional,
    )


def _dollars(entry: LedgerEntry) -> str:
    sign = Decimal(-1 if entry.reverses_id else 1)
    return _("{amount}, {stage}").format(
        amount=format_dollars(sign * entry.amount_usd, cents=True), stage=Stage(entry.stage).label
    )


def _effect(plan: Registration, result: PublishedResult) -> PilotEffect | None:
    """None for a verdict without a number: refused, stopped."""
    fields = result.fields
    opens, closes = plan.outcome.window_from or plan.starts_on, plan.outcome.window_to or plan.ends_on
    if fields.effect is None or fields.low is None or fields.high is None or opens is None or closes is None:
        return None
    sign = 1 if plan.outcome.better == Wanted.MORE else -1
    return PilotEffect(
        fields.effect,
        fields.low,
        fields.high,
        sign * plan.smallest_worthwhile,
        opens,
        closes,
        fields.outcome,
        _effect_words(plan, sign * fields.effect, (sign * fields.low, sign * fields.high), fields.level or 0),
        likely_words(fields),
    )


def _effect_words(plan: Registration, gain: float, bounds: tuple[float, float], level: float) -> str:
    """ "7 more in 100 (between 4 and 10 more)", and the level where it is not 95; in gains, `bounds` in any order."""
    ends = sorted(bounds)
    spoken = speak(plan.outcome, (gain, *ends), (0, plan.smallest_worthwhile))
    said = _("{change} in 100") if spoken.is_share else "{change}"
    said = said.format(change=spoken.change(gain))
    between = spoken.between(ends[0], ends[1])
    if level != 95:
        between = _("{between}, a {level}% range").format(between=between, level=f"{level:g}")
    return f"{said} ({between})"
