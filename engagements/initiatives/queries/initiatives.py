"""Initiatives: a list for who manages them, one of them with its cities, what the next one can be copied from."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.contrib.auth.models import AnonymousUser
from django.db.models import Count, Exists, OuterRef, Q

from atlas.models import CityGeometry
from engagements.access.engagements import initiative_for
from engagements.access.roles import engagements_with, initiatives_with, permissions_in_initiative
from engagements.models import Engagement, EngagementRole, Initiative, Partnership, User
from engagements.permissions import MANAGE_INITIATIVE, VIEW_PUBLISHED, Role


@dataclass(frozen=True)
class Pledge:
    """What funders announced, in US dollars; never recorded money. `precision` of the day: day, month, or by."""

    amount: Decimal
    announced_on: date
    precision: str
    source: str
    note: str


@dataclass(frozen=True)
class InitiativeRow:
    """`pledge`: None where none was announced. `archived_at`: None while it is at work."""

    pk: int
    version: int
    slug: str
    name: str
    starts_on: date | None
    ends_on: date | None
    pledge: Pledge | None
    source: str
    funders: tuple[str, ...]
    cities: int
    archived_at: datetime | None
    is_fictional: bool


@dataclass(frozen=True)
class CityLine:
    """A city of an initiative. `has_map`: its outlines are imported, so its pages are drawn."""

    slug: str
    city_slug: str
    city: str
    has_map: bool
    milestones: int
    people: int


@dataclass(frozen=True)
class InitiativePage:
    row: InitiativeRow
    cities: tuple[CityLine, ...]
    may_manage: bool

    @property
    def without_map(self) -> tuple[CityLine, ...]:
        return tuple(line for line in self.cities if not line.has_map)


def initiatives(
    user: User | AnonymousUser, *, permission: str = VIEW_PUBLISHED, pk: int | None = None
) -> tuple[InitiativeRow, ...]:
    """Those the viewer sees a city of, or holds `permission` in as a whole; at work before archived, newest first.

    Two statements.
    """
    seen = Q(pk__in=initiatives_with(user, permission).values("pk"))
    if permission == VIEW_PUBLISHED:
        seen |= Q(pk__in=engagements_with(user, VIEW_PUBLISHED).values("initiative_id"))
    found = Initiative.objects.filter(seen)
    if pk is not None:
        found = found.filter(pk=pk)
    rows = list(found.annotate(cities=Count("engagements")))
    rows.sort(key=lambda row: (row.archived_at is not None, -(row.starts_on or date.min).toordinal(), row.name, row.pk))
    funders: dict[int, list[str]] = {}
    parts = Partnership.objects.filter(initiative__in=rows, engagement=None, part="funder")
    for initiative, name in parts.order_by("organisation__name").values_list("initiative_id", "organisation__name"):
        funders.setdefault(initiative, []).append(name)
    return tuple(_row(row, tuple(funders.get(row.pk, ()))) for row in rows)


def initiative_page(user: User, slug: str) -> InitiativePage:
    """For who manages it. Five statements. Raises NotFound."""
    found = initiative_for(user, slug, MANAGE_INITIATIVE)
    (row,) = initiatives(user, permission=MANAGE_INITIATIVE, pk=found.pk)
    people = dict(
        EngagementRole.objects.open()
        .listed()
        .filter(initiative=found, engagement__isnull=False)
        .order_by()
        .values_list("engagement_id")
        .annotate(Count("user_id", distinct=True))
    )
    engagements = (
        Engagement.objects.filter(initiative=found)
        .select_related("city")
        .annotate(
            has_map=Exists(CityGeometry.objects.filter(city=OuterRef("city"))),
            made=Count("milestones", filter=Q(milestones__archived_at=None)),
        )
        .order_by("city__name", "pk")
    )
    cities = tuple(
        CityLine(each.slug, each.city.slug, str(each.city), each.has_map, each.made, people.get(each.pk, 0))
        for each in engagements
    )
    held = permissions_in_initiative(user, found.pk)
    return InitiativePage(row, cities, MANAGE_INITIATIVE in held)


@dataclass(frozen=True)
class CopiedInitiative:
    """What the next one takes over: funders, cities (codes of places) and the team, not money and dates."""

    name: str
    funders: tuple[str, ...]
    places: tuple[str, ...]
    team: tuple[tuple[int, str], ...]


def initiative_to_copy(user: User, key: int | str) -> CopiedInitiative:
    """`key`: id or slug of one this person manages. Raises NotFound."""
    found = initiative_for(user, key, MANAGE_INITIATIVE)
    (row,) = initiatives(user, permission=MANAGE_INITIATIVE, pk=found.pk)
    roles = EngagementRole.objects.open().filter(initiative=found, role__in=[Role.ADVISER.value, Role.EXPERT.value])
    return CopiedInitiative(
        name=row.name,
        funders=row.funders,
        places=tuple(found.engagements.order_by("city__name").values_list("city__place_geoid", flat=True)),
        team=tuple(sorted(set(roles.values_list("user_id", "role")))),
    )


def _row(row: Initiative, funders: tuple[str, ...]) -> InitiativeRow:
    return InitiativeRow(
        pk=row.pk,
        version=row.version,
        slug=row.slug,
        name=row.name,
        starts_on=row.starts_on,
        ends_on=row.ends_on,
        pledge=pledge_of(row),
        source=row.source,
        funders=funders,
        cities=row.cities,  # type: ignore[attr-defined]
        archived_at=row.archived_at,
        is_fictional=row.is_fictional,
    )


def pledge_of(row: Initiative) -> Pledge | None:
    if row.pledge is None or row.pledge_on is None:
        return None
    return Pledge(row.pledge, row.pledge_on, row.pledge_precision, row.pledge_source, row.pledge_note)
