"""The units of a pilot and its draw, as pages and rules read them."""

from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256

from django.core.cache import cache
from django.db.models import Count, Q

from engagements.models import Pilot, PilotAllocation, PilotAssignment, PilotKey, PilotUnit, PilotUnitList
from engagements.pilots.rules.canonical import registration_of
from engagements.pilots.rules.drawing.allocate import Assigned
from engagements.pilots.rules.drawing.units import DrawUnit
from engagements.pilots.rules.drawing.verify import draw_problem
from engagements.pilots.rules.registration import Registration
from engagements.pilots.rules.unit_lists import number_columns

_A_DAY = 86_400


@dataclass(frozen=True)
class CityUnits:
    """How many units of one city, blocks and groups among them."""

    engagement: int
    city: str
    count: int
    blocks: int
    groups: int


def latest_registration(pilot: Pilot) -> Registration | None:
    """As locked last; None for a draft."""
    version = pilot.versions.order_by("-number").first()
    return registration_of(version.content) if version else None


def draw_units(units: PilotUnitList) -> list[DrawUnit]:
    """As the rules of the draw read them. One statement."""
    rows = units.units.values_list("salted_id", "city__city__slug", "block", "cluster", "pair", "numbers")
    return [DrawUnit(name, city, block, cluster, pair, numbers) for name, city, block, cluster, pair, numbers in rows]


def list_mark(units: PilotUnitList) -> str:
    """Tells a list from every other that stood in its place: each file that is brought sets the moment anew."""
    return units.uploaded_at.astimezone(UTC).isoformat()


def units_by_city(pilot: Pilot) -> list[CityUnits]:
    """Every city that takes part, in their order; 0 where it has brought none yet."""
    rows = PilotUnit.objects.filter(unit_list__pilot=pilot).values("city_id")
    found = {
        row["city_id"]: (row["units"], row["blocks"], row["groups"])
        for row in rows.annotate(
            units=Count("pk"),
            blocks=Count("block", distinct=True, filter=~Q(block="")),
            groups=Count("cluster", distinct=True, filter=~Q(cluster="")),
        )
    }
    return [
        CityUnits(pk, name, *found.get(pk, (0, 0, 0)))
        for pk, name in pilot.cities.order_by("position").values_list("engagement", "engagement__city__name")
    ]


@dataclass(frozen=True)
class ArmCount:
    key: str
    name: str
    starts_in: str
    units: int
    groups: int


@dataclass(frozen=True)
class DrawChecked:
    """`problem`: "" where drawing again gave the same arms. `at`: when that was."""

    problem: str
    at: datetime


@dataclass(frozen=True)
class DrawShown:
    """`drawn_by`: a name, "" where none is known, never an email address."""

    scheme: str
    algorithm: str
    algorithm_version: str
    seed: str
    seed_from: str
    list_sha256: str
    result_sha256: str
    drawn_at: datetime
    drawn_by: str
    version: int
    arms: tuple[ArmCount, ...]
    checked: DrawChecked
    numbers_deleted_at: datetime | None


def assigned(allocation: PilotAllocation) -> dict[str, Assigned]:
    """By salted id."""
    rows = PilotAssignment.objects.filter(allocation=allocation).values_list("unit__salted_id", "arm", "starts_in")
    return {name: Assigned(arm, starts) for name, arm, starts in rows}


def allocation_of(pilot: Pilot) -> PilotAllocation | None:
    rows = PilotAllocation.objects.filter(unit_list__pilot=pilot)
    return rows.select_related("unit_list", "registration", "drawn_by").first()


def draw_of(pilot: Pilot, now: datetime) -> DrawShown | None:
    """The draw of a pilot and when it was last made again and compared. None before it."""
    found = allocation_of(pilot)
    if found is None:
        return None
    return DrawShown(
        found.scheme,
        found.algorithm,
        found.algorithm_version,
        found.seed,
        found.seed_from,
        found.unit_list.sha256,
        found.result_sha256,
        found.drawn_at,
        found.drawn_by.name,
        found.registration.number,
        _counts(found),
        last_check(found) or check_draw(found, now),
        numbers_deleted_at(found),
    )


def numbers_deleted_at(allocation: PilotAllocation) -> datetime | None:
    """When the numbers that pairs and balance needed were deleted, which is with the pilot's key. None while they are
    there, and where the list never had any."""
    units, plan = allocation.unit_list, registration_of(allocation.registration.content)
    if not set(units.columns) & set(number_columns(plan)) or units.units.exclude(numbers={}).exists():
        return None
    return PilotKey.objects.filter(pilot=units.pilot_id).values_list("destroyed_at", flat=True).first()


def last_check(allocation: PilotAllocation) -> DrawChecked | None:
    """Of the last day; after it the draw is made again: at 50,000 units that takes seconds."""
    kept = cache.get(_check_key(allocation))
    return DrawChecked(kept["problem"], datetime.fromisoformat(kept["at"])) if kept else None


def check_draw(allocation: PilotAllocation, now: datetime) -> DrawChecked:
    """Draws again from the list and the seed, compares every arm, and keeps the answer for a day."""
    problem = draw_problem(
        registration_of(allocation.registration.content),
        draw_units(allocation.unit_list),
        allocation.seed,
        assigned(allocation),
        said_list=allocation.unit_list.sha256,
        said_result=allocation.result_sha256,
        algorithm=(allocation.algorithm, allocation.algorithm_version),
        are_numbers_deleted=numbers_deleted_at(allocation) is not None,
    )
    cache.set(_check_key(allocation), {"problem": problem, "at": now.isoformat()}, _A_DAY)
    return DrawChecked(problem, now)


def _check_key(allocation: PilotAllocation) -> str:
    """Another list, seed or result is another draw: what was found about one says nothing about it."""
    said = (allocation.unit_list.sha256, allocation.seed, allocation.result_sha256)
    return f"pilot-draw-{allocation.pk}-{sha256(' '.join(said).encode()).hexdigest()}"


def _counts(allocation: PilotAllocation) -> tuple[ArmCount, ...]:
    arms = registration_of(allocation.registration.content).arms
    names = {arm.key: arm.name for arm in arms}
    order = {arm.key: place for place, arm in enumerate(arms)}
    rows = PilotAssignment.objects.filter(allocation=allocation).values("arm", "starts_in")
    counted = rows.annotate(
        units=Count("pk"),
        groups=Count("unit__cluster", distinct=True, filter=~Q(unit__cluster="")),
    ).values_list("arm", "starts_in", "units", "groups")
    return tuple(
        ArmCount(key, names.get(key, key), starts, units, groups)
        for key, starts, units, groups in sorted(counted, key=lambda one: (order.get(one[0], len(order)), one[1]))
    )
