"""The card of one tract beside the map: a sentence with both comparisons, rows of dots, and what limits them."""

import re
from dataclasses import dataclass

import numpy as np

from atlas.measures import describe, is_sensitive
from atlas.records.places import PlaceTracts
from dashboards.charts.marks.axis import Axis
from dashboards.charts.marks.dot_row import DotMark
from dashboards.formatting.estimates import format_estimate, format_in_prose
from dashboards.formatting.sentences import lower_first, with_dashes

PADDING = 0.04
_SHORT = {"kfr_top20": "Reached the top fifth of incomes", "working": "Had work in 2015"}
_BORN = re.compile(r"born \d{4}[-–]\d\d")
Z95 = 1.959964


@dataclass(frozen=True)
class CardRow:
    """One measure: this tract, the middle one of the place, the middle US tract."""

    label: str
    value: str
    mark: DotMark
    axis: Axis


@dataclass(frozen=True)
class TractCard:
    """`sentence` has at most 30 words; `has_value`: the measure shown has one here; `is_sample`: of its numbers or its
    outline at least one was generated."""

    geoid: str
    title: str
    code: str  # "Census tract 5312, Wayne County"
    sentence: str
    rows: tuple[CardRow, ...]
    limit: str
    has_value: bool
    is_sample: bool


def build_card(geoid: str, title: str, code: str, shown: PlaceTracts, beside: tuple[PlaceTracts, ...]) -> TractCard:
    """`shown`: the map's measure; `beside`: measures set below it. All over the same tracts.

    Raises ValueError for a tract that is not among them. Of incarceration and teenage birth nothing is said of one
    tract: the table has the numbers.
    """
    at = shown.geoids.index(geoid)
    measures = [one for one in (shown, *beside) if not is_sensitive(one.measure.slug)]
    unique = list({one.measure.slug: one for one in measures}.values())
    found = [(row, one.is_sample) for one in unique if (row := _row(one, at)) is not None][:3]
    hidden = is_sensitive(shown.measure.slug)
    has_value = not hidden and bool(np.isfinite(shown.values[at]))
    is_sample = shown.is_sample or any(generated for _, generated in found)
    rows = tuple(row for row, _ in found)
    return TractCard(geoid, title, code, _sentence(shown, at, hidden), rows, _limit(shown), has_value, is_sample)


def first_choice(tracts: PlaceTracts, named: frozenset[str]) -> str:
    """The tract shown on load: a named neighborhood with a value, near the middle of the place's own; else one with a
    value, else the first; "" where the place has no tract."""
    own = np.flatnonzero(np.asarray(tracts.belongs, dtype=bool))
    if not own.size:
        return ""
    known = own[np.isfinite(tracts.values[own])]
    called = [place for place in known.tolist() if tracts.geoids[place] in named]
    pool = called or known.tolist()
    if not pool or is_sensitive(tracts.measure.slug):
        return tracts.geoids[(called or known.tolist() or own.tolist())[0]]
    # Three quarters up: neither the highest nor the lowest, and mostly above one middle and below the other.
    ordered = sorted(pool, key=lambda place: (float(tracts.values[place]), tracts.geoids[place]))
    best: str = tracts.geoids[ordered[(len(ordered) - 1) * 3 // 4]]
    return best


def _sentence(tracts: PlaceTracts, at: int, hidden: bool) -> str:
    measure, place = tracts.measure, tracts.place.name
    label = with_dashes(measure.label.replace(" at ages 31–37", ""))
    if hidden:
        return f"{label} is not shown for one neighborhood. The table has the published numbers."
    value = float(tracts.values[at])
    if not np.isfinite(value):
        few = ": too few children to publish" if measure.group == "outcome" else ""
        return f"No data on {lower_first(label)} here{few}."
    said = format_in_prose(value, measure.unit)
    half = _margin(tracts, at)
    beside = ((own_middle(tracts), f"{place} middle"), (tracts.national_middle, "US middle"))
    compared = ", ".join(_side(value, half, middle, name) for middle, name in beside if middle is not None)
    words = describe(measure.slug)
    if words.outcome == "kfr" and measure.unit.startswith("usd") and words.stat == "p25" and words.race == "pooled":
        start = f"Low-income children here reached household incomes of about {said}"
        return f"{start}: {compared}." if compared else f"{start}."
    return f"{label}: {said}, {compared}." if compared else f"{label}: {said}."


def own_middle(tracts: PlaceTracts) -> float | None:
    """The middle one of the place's own tracts with a value."""
    values = tracts.values[np.asarray(tracts.belongs, dtype=bool)]
    known = values[np.isfinite(values)].astype(float)
    return float(np.median(known)) if known.size else None


def _margin(tracts: PlaceTracts, at: int) -> float | None:
    """Half the 95% interval of one tract; None without a standard error."""
    error = np.nan if tracts.standard_errors is None else float(tracts.standard_errors[at])
    return Z95 * error if np.isfinite(error) else None


def _side(value: float, half: float | None, middle: float, name: str) -> str:
    """As the tract's own page has it: within the margin nothing is called."""
    if half is not None and abs(value - middle) <= half:
        return f"too close to call beside the {name}"
    word = "above" if value > middle else "below" if value < middle else "at"
    return f"{word} the {name}"


def _row(tracts: PlaceTracts, at: int) -> CardRow | None:
    """None where neither the tract nor its place has a value."""
    unit, own = tracts.measure.unit, np.asarray(tracts.belongs, dtype=bool)
    known = tracts.values[own][np.isfinite(tracts.values[own])].astype(float).tolist()
    value = float(tracts.values[at]) if np.isfinite(tracts.values[at]) else None
    middle, us = own_middle(tracts), tracts.national_middle
    every = [*known, *(one for one in (value, us) if one is not None)]
    if not every:
        return None
    low, high = min(every), max(every)
    spread = (high - low) or abs(high) or 1.0
    half = _margin(tracts, at)
    label = _SHORT.get(describe(tracts.measure.slug).outcome, with_dashes(tracts.measure.label))
    prose = value is not None and (unit == "share" or unit.startswith("usd"))
    said = format_in_prose(value, unit) if prose else format_estimate(value, unit)
    mark = DotMark(
        words=f"{label}: {said}. {tracts.place.name} middle: {format_estimate(middle, unit)}. "
        f"US middle: {format_estimate(us, unit)}.",
        value=value,
        us=us,
        ring=middle,
        low=None if half is None or value is None else value - half,
        high=None if half is None or value is None else value + half,
        has_shortfall=False,
    )
    return CardRow(label, said, mark, Axis(low - PADDING * spread, high + PADDING * spread))


def _limit(tracts: PlaceTracts) -> str:
    born = _BORN.search(tracts.measure.population)
    who = f"People {with_dashes(born[0])}, not today’s neighbors." if born else ""
    sure = (
        "The file loaded here has no margin of error; small differences may be chance."
        if tracts.standard_errors is None
        else "The line is the 95% margin of error."
    )
    return f"{who} {sure}".strip()
