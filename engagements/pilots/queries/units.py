"""The units of a pilot and its draw, as pages and rules read them."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from engagements.models import Pilot, PilotAllocation, PilotAssignment, PilotUnitList
from engagements.pilots.rules.canonical import registration_of
from engagements.pilots.rules.drawing.allocate import Assigned
from engagements.pilots.rules.drawing.units import DrawUnit
from engagements.pilots.rules.drawing.verify import draw_problem
from engagements.pilots.rules.registration import Registration


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


def units_by_city(pilot: Pilot) -> list[CityUnits]:
    """Every city that takes part, in their order; 0 where it has brought none yet."""
    listed = PilotUnitList.objects.filter(pilot=pilot).first()
    rows = list(listed.units.values_list("city_id", "block", "cluster")) if listed else []
    counts = Counter(city for city, _block, _cluster in rows)
    return [
        CityUnits(
            pk,
            name,
            counts[pk],
            len({block for city, block, _cluster in rows if city == pk and block}),
            len({cluster for city, _block, cluster in rows if city == pk and cluster}),
        )
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
class DrawShown:
    """`problem`: "" where drawing again gives the same arms; checked each time the page is opened."""

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
    problem: str


def assigned(allocation: PilotAllocation) -> dict[str, Assigned]:
    """By salted id."""
    rows = PilotAssignment.objects.filter(allocation=allocation).values_list("unit__salted_id", "arm", "starts_in")
    return {name: Assigned(arm, starts) for name, arm, starts in rows}


def draw_of(pilot: Pilot) -> DrawShown | None:
    """The draw of a pilot, made again and compared. None before it."""
    rows = PilotAllocation.objects.filter(unit_list__pilot=pilot)
    found = rows.select_related("unit_list", "registration", "drawn_by").first()
    if found is None:
        return None
    plan = registration_of(found.registration.content)
    units = draw_units(found.unit_list)
    arms = assigned(found)
    problem = draw_problem(
        plan,
        units,
        found.seed,
        arms,
        said_list=found.unit_list.sha256,
        said_result=found.result_sha256,
        algorithm=(found.algorithm, found.algorithm_version),
    )
    names = {arm.key: arm.name for arm in plan.arms}
    by_label: dict[tuple[str, str], list[DrawUnit]] = {}
    for unit in units:
        given = arms[unit.id]
        by_label.setdefault((given.arm, given.starts_in), []).append(unit)
    order = {arm.key: place for place, arm in enumerate(plan.arms)}
    counted = tuple(
        ArmCount(
            key, names.get(key, key), starts, len(members), len({unit.cluster for unit in members if unit.cluster})
        )
        for (key, starts), members in sorted(by_label.items(), key=lambda one: (order.get(one[0][0], 99), one[0][1]))
    )
    return DrawShown(
        found.scheme,
        found.algorithm,
        found.algorithm_version,
        found.seed,
        found.seed_from,
        found.unit_list.sha256,
        found.result_sha256,
        found.drawn_at,
        str(found.drawn_by),
        found.registration.number,
        counted,
        problem,
    )
