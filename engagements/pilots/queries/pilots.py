"""Pilots as pages show them: the list of an engagement, and one with its versions, cities and links."""

from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q

from engagements.access.discussion import visible_documents
from engagements.access.engagements import engagement_for
from engagements.access.pilots import pilot_for, team_pilots, visible_pilots
from engagements.access.results import visible_projects
from engagements.access.roles import engagements_with, permissions_by_engagement, permissions_in
from engagements.models import (
    Engagement,
    Indicator,
    Milestone,
    Pilot,
    PilotCity,
    PilotLink,
    RegistrationVersion,
    User,
)
from engagements.permissions import EDIT_PILOT, VIEW_PUBLISHED
from engagements.pilots.rules.canonical import chain_problem, registration_of
from engagements.pilots.rules.drafts import changed_fields
from engagements.pilots.rules.facts import RegisteredBefore, registered_before
from engagements.pilots.rules.registration import Registration

Viewer = User | AnonymousUser


@dataclass(frozen=True)
class VersionShown:
    """`is_after_data`: locked after the first data came in. `changes`: names of fields against the one before."""

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
    shown = _versions(versions, first)
    plan = registration_of(versions[-1].content) if versions else None
    opens = registration_of(versions[0].content).outcome.window_from if versions else None
    held = permissions_in(user, pilot.engagement_id)
    is_team = team_pilots(user).filter(pk=pk).exists()
    return PilotPage(
        pilot,
        held,
        is_team,
        plan,
        shown,
        _chain(versions),
        registered_before(versions[0].locked_at if versions else None, first, opens),
        _cities(user, pilot),
        _links(pilot) if is_team else (),
    )


def _versions(versions: list[RegistrationVersion], first_data: datetime | None) -> tuple[VersionShown, ...]:
    plans = [registration_of(one.content) for one in versions]
    return tuple(
        VersionShown(
            one.number,
            one.sha256,
            one.locked_at,
            str(one.locked_by),
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


def _links(pilot: Pilot) -> tuple[LinkShown, ...]:
    rows = PilotLink.objects.filter(pilot=pilot).select_related("milestone", "indicator", "entry")
    found = []
    for row in rows:
        if row.milestone is not None:
            found.append(LinkShown(row.pk, row.milestone.title, f"/milestones/{row.milestone_id}/"))
        elif row.indicator is not None:
            found.append(LinkShown(row.pk, row.indicator.name, f"/indicators/{row.indicator_id}/"))
        else:
            found.append(LinkShown(row.pk, str(row.entry), f"/money/{row.entry_id}/"))
    return tuple(found)


def document_choices(user: User, pilot: Pilot) -> list[tuple[int, str]]:
    """Documents of the cities that take part, as this person sees them."""
    cities = PilotCity.objects.filter(pilot=pilot).values("engagement")
    rows = visible_documents(user).filter(engagement__in=cities, archived_at=None).order_by("-uploaded_at")
    return list(rows.values_list("pk", "title")[:300])


def project_choices(user: User, within: Engagement) -> list[tuple[int, str]]:
    rows = visible_projects(user).filter(engagement=within).order_by("title")
    return list(rows.values_list("pk", "title"))


def city_choices(user: User, pilot: Pilot) -> list[tuple[int, str]]:
    """Engagements this person sees that are not asked yet."""
    asked = PilotCity.objects.filter(pilot=pilot).values("engagement")
    rows = engagements_with(user, VIEW_PUBLISHED).exclude(pk__in=asked).select_related("city", "initiative")
    return [(row.pk, f"{row.city}: {row.initiative.name}") for row in rows.order_by("city__name")]


def link_choices(pilot: Pilot) -> list[tuple[str, str]]:
    """("milestone:7", title) of the cities that take part."""
    cities = PilotCity.objects.filter(pilot=pilot).values("engagement")
    live = {"engagement__in": cities, "archived_at": None}
    milestones = Milestone.objects.filter(**live).order_by("title").values_list("pk", "title")[:300]
    indicators = Indicator.objects.filter(**live).order_by("name").values_list("pk", "name")[:300]
    return [
        *((f"milestone:{pk}", title) for pk, title in milestones),
        *((f"indicator:{pk}", name) for pk, name in indicators),
    ]
