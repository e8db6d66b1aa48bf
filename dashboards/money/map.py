"""The map of where money works: one stage at a time, by the tracts it serves, never by a payee's address."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from atlas.formatting.money import format_dollars
from atlas.queries import cities as city_queries
from atlas.queries.members import city_members
from atlas.queries.tracts import tract_names
from dashboards.charts.money_map import MapTracts, draw_money_map
from dashboards.charts.theme import figure_json
from engagements.money.queries.places import Places
from engagements.money.rules.stages import STAGES

NO_EFFECT = (
    "The map shows where money worked, which is no effect: nothing here says that anything changed there, or would "
    "have been different without it."
)


@dataclass(frozen=True)
class MoneyMap:
    """`figure` None where there is nothing to draw; `reason` says why. `finding` in dollars of the stage."""

    figure: dict[str, Any] | None
    name: str
    finding: str
    reason: str


def chosen_stage(blocks: tuple[Places, ...], asked: str) -> int | None:
    """Its place among STAGES: the one asked for, else the latest that any tract is named for; None: no such stage."""
    if asked:
        return next((at for at, each in enumerate(STAGES) if each.value == asked), None)
    return latest_stage(blocks)


def latest_stage(blocks: tuple[Places, ...]) -> int:
    """The latest of STAGES, by its place there, that any tract is named for; the last where none is."""
    placed = [at for at in range(len(STAGES)) for block in blocks if any(row.usd[at] for row in block.tracts)]
    return max(placed, default=len(STAGES) - 1)


def money_map(block: Places, stage: int) -> MoneyMap:
    """Statements: none once the city's tracts are known."""
    label, name = STAGES[stage].label, f"figure-places-{'fictional' if block.is_fictional else 'recorded'}"
    usd = {row.place: amount for row in block.tracts if (amount := row.usd[stage])}
    finding = _finding(block, stage, label, len(usd))
    city = city_queries.city(block.engagement.city.slug)
    if not usd:
        reason = f"No tract is named for anything {label.lower()} yet. Choose another stage."
        return MoneyMap(None, name, finding, reason)
    if city is None or not city.has_geometry:
        return MoneyMap(None, name, finding, "The tract boundaries are not imported yet; the table below is complete.")
    ground = city_members(city.slug)
    geoids = tuple(f"{code:011d}" for code in ground.codes.tolist())
    names = tract_names(geoids, generated=city.geometry_is_sample)
    tracts = MapTracts(geoids, names, tuple(bool(each) for each in ground.belongs))
    return MoneyMap(figure_json(draw_money_map(tracts, usd, label)), name, finding, "")


def _finding(block: Places, stage: int, label: str, tracts: int) -> str:
    total, left = block.total[stage], block.not_placed[stage]
    if not total or left is None:
        return f"Nothing is entered as {label.lower()}." if total is None else f"Nothing is {label.lower()} now."
    if not tracts:
        return f"Nothing of {format_dollars(total)} {label.lower()} is placed in a tract yet."
    where = "1 tract" if tracts == 1 else f"{tracts} tracts"
    said = f"{format_dollars(total - left)} of {format_dollars(total)} {label.lower()} is placed in {where}"
    return f"{said}; {format_dollars(left)} is placed nowhere yet." if left > Decimal(0) else f"{said}."
