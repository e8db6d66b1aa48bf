"""Pilots as pages show them: the list of an engagement, and one with its versions, cities and links."""

from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from engagements.access.discussion import visible_documents
from engagements.access.engagements import engagement_for, visible_milestones
from engagements.access.errors import NotFound, first_or_not_found
from engagements.access.money import visible_entries
from engagements.access.pilots import is_made_up, pilot_for, team_pilots, visible_pilots
from engagements.access.plans import visible_indicators
from engagements.access.results import visible_projects
from engagements.access.roles import engagements_with, in_engagements_with, permissions_by_engagement, permissions_in
from engagements.models import (
    Engagement,
    LedgerEntry,
    Pilot,
    PilotCity,
    PilotLink,
    RegistrationVersion,
    User,
)
from engagements.permissions import EDIT_PILOT, VIEW_INDICATOR, VIEW_PUBLISHED, VIEW_TEAM
from engagements.pilots.queries.analysis_inputs import counting_of, locked_plans
from engagements.pilots.rules.canonical import chain_problem, registration_of
from engagements.pilots.rules.drafts import changed_fields
from engagements.pilots.rules.facts import RegisteredBefore, registered_by
from engagements.pilots.rules.registration import Registration

Viewer = User | AnonymousUser
MOST = 300  # things of one kind in a list to choose from


@dataclass(frozen=True)
class VersionShown:
    """`locked_by`: a name, for the team only; "" for others and where no name is known, never an email address.

    `is_after_data`: locked after the first data came in. `changes`: names of fields against the one before."""

    number: int
    sha256: str
    locked_at: datetime
    locked_by: str
    reason: str
    is_after_data: bool
    changes: tuple[str, ...]


@dataclass(frozen=True)
class CityShown:
    engagement: int
    name: str
    is_home: bool
    is_accepted: bool
    may_edit: bool


@dataclass(frozen=True)
class LinkShown:
    pk: int
    words: str
    address: str


@dataclass(frozen=True)
class PilotPage:
    """`held`: what this person may do in the home engagement; `is_team`: of any city that takes part."""

    pilot: Pilot
    held: frozenset[str]
    is_team: bool
    plan: Registration | None
    versions: tuple[VersionShown, ...]
    chain_problem: str
    before: RegisteredBefore
    cities: tuple[CityShown, ...]
    links: tuple[LinkShown, ...]


@dataclass(frozen=True)
class CopiedPlan:
    """A registered pilot that another begins from."""

    pk: int
    title: str
    city: str
    is_fictional: bool


def copied_plan(user: User, pk: int) -> CopiedPlan:
    """One that is registered and that this person may see. Raises NotFound."""
    rows = visible_pilots(user).filter(pk=pk, versions__number=1).select_related("engagement__city")
    row = first_or_not_found(rows)
    return CopiedPlan(row.pk, row.title, str(row.engagement.city), is_made_up(row))


def copied_plan_of(user: User, pilot: Pilot) -> CopiedPlan | None:
    """Where this pilot's plan came from; None where it began empty or this person may not see it."""
    if pilot.copied_from_id is None:
        return None
    try:
        return copied_plan(user, pilot.copied_from_id)
    except NotFound:
        return None


def engagement_pilots(user: User, slug: str) -> tuple[Engagement, list[Pilot]]:
    """Those at home there and those it takes part in. Raises NotFound."""
    within = engagement_for(user, slug, VIEW_PUBLISHED)
    here = Q(engagement=within) | Q(cities__engagement=within)
    rows = visible_pilots(user).filter(here).select_related("engagement__city").distinct()
    return within, list(rows.order_by("-created_at", "-pk"))


def pilot_page(user: Viewer, pk: int) -> PilotPage:
    """Raises NotFound."""
    pilot = pilot_for(user, pk)
    versions = list(pilot.versions.order_by("number").select_related("locked_by"))
    first = pilot.datasets.order_by("uploaded_at").values_list("uploaded_at", flat=True).first()
    is_team = team_pilots(user).filter(pk=pk).exists()
    shown = _versions(versions, first, with_names=is_team)
    plan = registration_of(versions[-1].content) if versions else None
    counting = counting_of(versions, first)
    held = permissions_in(user, pilot.engagement_id)
    return PilotPage(
        pilot,
        held,
        is_team,
        plan,
        shown,
        _chain(versions),
        registered_by(locked_plans(versions, counting.number) if counting else [], first),
        _cities(user, pilot),
        _links(user, pilot) if isinstance(user, User) and is_team else (),
    )


def _versions(
    versions: list[RegistrationVersion], first_data: datetime | None, *, with_names: bool
) -> tuple[VersionShown, ...]:
    plans = [registration_of(one.content) for one in versions]
    return tuple(
        VersionShown(
            one.number,
            one.sha256,
            one.locked_at,
            one.locked_by.name if with_names else "",
            one.reason,
            first_data is not None and one.locked_at > first_data,
            changed_fields(plans[place - 1], plans[place]) if place else (),
        )
        for place, one in enumerate(versions)
    )


def _chain(versions: list[RegistrationVersion]) -> str:
    return chain_problem([(one.content, one.sha256) for one in versions])


def _cities(user: Viewer, pilot: Pilot) -> tuple[CityShown, ...]:
    rows = PilotCity.objects.filter(pilot=pilot).order_by("position").select_related("engagement__city")
    held = permissions_by_engagement(user, [row.engagement_id for row in rows])
    return tuple(
        CityShown(
            row.engagement_id,
            str(row.engagement.city),
            row.position == 0,
            row.accepted_at is not None,
            EDIT_PILOT in held.get(row.engagement_id, frozenset()),
        )
        for row in rows
    )


def _links(user: User, pilot: Pilot) -> tuple[LinkShown, ...]:
    """Each only for whoever may see it: another city's milestones and indicators are its own."""
    rows = list(PilotLink.objects.filter(pilot=pilot).select_related("milestone", "indicator", "entry"))
    milestones = _seen(visible_milestones(user), [row.milestone_id for row in rows])
    indicators = _seen(visible_indicators(user), [row.indicator_id for row in rows])
    entries = _seen(visible_entries(user), [row.entry_id for row in rows])
    found = []
    for row in rows:
        if row.milestone is not None and row.milestone_id in milestones:
            found.append(LinkShown(row.pk, row.milestone.title, f"/milestones/{row.milestone_id}/"))
        elif row.indicator is not None and row.indicator_id in indicators:
            found.append(LinkShown(row.pk, row.indicator.name, f"/indicators/{row.indicator_id}/"))
        elif row.entry is not None and row.entry_id in entries:
            found.append(LinkShown(row.pk, _entry_words(row.entry), f"/money/{row.entry_id}/"))
    return tuple(found)


def _seen(visible: QuerySet, linked: list[int | None]) -> set[int]:
    """Which of what is linked is visible. No statement where nothing of the kind is linked."""
    pks = [pk for pk in linked if pk is not None]
    return set(visible.filter(pk__in=pks).values_list("pk", flat=True)) if pks else set()


def document_choices(user: User, pilot: Pilot) -> list[tuple[int, str]]:
    """Documents of the cities that take part, as this person sees them."""
    cities = PilotCity.objects.filter(pilot=pilot).values("engagement")
    rows = visible_documents(user).filter(engagement__in=cities, archived_at=None).order_by("-uploaded_at")
    return list(rows.values_list("pk", "title")[:300])


def project_choices(user: User, within: Engagement) -> list[tuple[int, str]]:
    rows = visible_projects(user).filter(engagement=within).order_by("title")
    return list(rows.values_list("pk", "title"))


def city_choices(user: User, pilot: Pilot) -> list[tuple[int, str]]:
    """Engagements this person sees that are not asked yet, made-up ones for a made-up pilot and else real ones."""
    asked = PilotCity.objects.filter(pilot=pilot).values("engagement")
    rows = engagements_with(user, VIEW_PUBLISHED).filter(is_fictional=pilot.is_fictional).exclude(pk__in=asked)
    rows = rows.select_related("city", "initiative")
    return [(row.pk, f"{row.city}: {row.initiative.name}") for row in rows.order_by("city__name")]


def link_choices(user: User, pilot: Pilot) -> list[tuple[str, list[tuple[str, str]]]]:
    """(heading, [("milestone:7", title)]) of the cities that have accepted, without what is linked already.

    What this person may link, as `link_pilot` asks: a city that is only asked shows nothing of its own. An entry that
    was taken back, and what takes it back, are left out.
    """
    cities = PilotCity.objects.filter(pilot=pilot, accepted_at__isnull=False).values("engagement")
    live = Q(engagement__in=cities, archived_at=None)
    milestones = visible_milestones(user).filter(live, in_engagements_with(user, VIEW_TEAM))
    milestones = milestones.exclude(pilot_links__pilot=pilot).order_by("title")
    indicators = visible_indicators(user).filter(live, in_engagements_with(user, VIEW_INDICATOR))
    indicators = indicators.exclude(pilot_links__pilot=pilot).order_by("name")
    entries = visible_entries(user).filter(engagement__in=cities, reverses=None, reversed_by=None)
    entries = entries.exclude(pilot_links__pilot=pilot).order_by("-occurred_on", "-pk")
    groups = [
        (_("Milestones"), [(f"milestone:{pk}", title) for pk, title in milestones.values_list("pk", "title")[:MOST]]),
        (_("Indicators"), [(f"indicator:{pk}", name) for pk, name in indicators.values_list("pk", "name")[:MOST]]),
        (_("Money"), [(f"entry:{one.pk}", _entry_words(one)) for one in entries[:MOST]]),
    ]
    return [(heading, things) for heading, things in groups if things]


def _entry_words(entry: LedgerEntry) -> str:
    """ "Spent $12,000, November 3, 2026: letters"."""
    day = f"{entry.occurred_on:%B} {entry.occurred_on.day}, {entry.occurred_on.year}"
    return f"{entry}, {day}{f': {entry.description}' if entry.description else ''}"
