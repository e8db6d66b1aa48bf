"""Areas compared under a budget: how often each tract would be chosen, and what the planner's own choice may miss.

The arithmetic is `engagements.plans.arithmetic.compare_targets`; tracts stand in the order of their
GEOIDs, never by rank.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from atlas.formatting.counts import format_count
from atlas.formatting.money import format_whole_dollars
from atlas.queries import cities as city_queries
from atlas.queries.headlines import MEASURE, NotAveraged, headline
from atlas.queries.tract_draws import tract_draws
from atlas.queries.tracts import MeasureNotLive
from atlas.records.analysis import TractDraws
from atlas.records.places import CityRecord, Headline, Source, any_sample
from dashboards.panels.base import Column, Table
from dashboards.plans.pictures import KEY_OF_STEPS, picture_of_choices
from engagements.plans.arithmetic import PlanningRefused, TargetComparison, TargetInput, compare_targets, format_range
from engagements.plans.queries.area import source_line
from engagements.plans.queries.plans import PlanPage

NO_ERRORS = (
    "The file loaded here has no margin of error, so we can’t say how sure the choice of one tract over another is. "
    "The source’s full or simple tract file has margins of error. Choose by what you know of the neighborhoods, not "
    "by small differences of these values."
)


@dataclass(frozen=True)
class ComparisonView:
    """`reason`: why nothing is compared; everything else is then empty. `against` offers the references."""

    finding: str
    own: str
    regret: str
    rule: str
    table: Table | None
    picture: str
    key: tuple[str, ...]
    left_out: str
    against: tuple[tuple[str, str, bool], ...]
    most_tracts: str
    sources: tuple[str, ...]
    caveats: tuple[str, ...]
    is_sample: bool
    reason: str = ""
    needs_money: bool = False  # a budget and a cost for each child would mend it


def compare_areas(page: PlanPage, asked: Mapping[str, str]) -> ComparisonView:
    """`asked`: against (nation, county or city) and most (number of tracts), both optional."""
    content = page.content
    city = city_queries.city(content.city_slug)
    assert city is not None, "a plan is of a city of the atlas"
    slug = content.measure or MEASURE
    try:
        drawn, mean = tract_draws(city, slug), headline(city, slug)
    except (MeasureNotLive, NotAveraged):
        return _nothing("This outcome is not imported, so areas cannot be compared on it yet.")
    references = _references(city, mean)
    chosen = next((row for row in references if row[0] == asked.get("against")), references[0] if references else None)
    most = asked.get("most", "")
    most_tracts = int(most) if most.isdecimal() and len(most) < 5 and int(most) else None
    offered = tuple((kind, words, chosen is not None and kind == chosen[0]) for kind, words, _ in references)
    if drawn.draws is None:
        no_errors = drawn.tracts.standard_errors is None and not drawn.tracts.reason
        return _nothing(NO_ERRORS if no_errors else _sentence(drawn.reason), offered, drawn.tracts.sources)
    if chosen is None:
        return _nothing("There is no average to measure need against yet.", offered, drawn.tracts.sources)
    try:
        found = compare_targets(_input(page, drawn, drawn.draws, chosen, most_tracts))
    except PlanningRefused as refused:
        return replace(_nothing(refused.sentence, offered, drawn.tracts.sources, most), needs_money=True)
    return _shown(page, city, drawn, found, offered, most)


def _references(city: CityRecord, mean: Headline) -> list[tuple[str, str, float]]:
    """(kind, words, rank 0-1), the nation first."""
    found = [
        (each.kind, f"the average of {each.name}", each.value)
        for each in mean.references
        if each.kind in ("nation", "county") and each.value is not None
    ]
    found.sort(key=lambda row: row[0] != "nation")
    if mean.value is not None:
        found.append(("city", f"the average of {city.name}", mean.value))
    return found


def _input(
    page: PlanPage,
    drawn: TractDraws,
    draws: NDArray[np.floating],
    against: tuple[str, str, float],
    most: int | None,
) -> TargetInput:
    content = page.content
    known = set(drawn.geoids)
    own = tuple(geoid for geoid in content.geoids if geoid in known)
    cost = float(content.cost_per_child_usd) if content.cost_per_child_usd is not None else None
    budget = float(content.budget_usd) if content.budget_usd is not None and cost is not None else None
    return TargetInput(
        geoids=drawn.geoids,
        draws=draws,
        children=drawn.children,
        reference=against[2],
        reference_words=against[1],
        cost_per_child=cost,
        budget=budget,
        most_tracts=most,
        chosen=own or None,
    )


def _shown(
    page: PlanPage, city: CityRecord, drawn: TractDraws, found: TargetComparison, offered: tuple, most: str
) -> ComparisonView:
    content = page.content
    own = set(content.geoids)
    names = dict(zip(drawn.tracts.geoids, drawn.tracts.names, strict=True))
    values = dict(zip(drawn.tracts.geoids, drawn.tracts.values.tolist(), strict=True))
    children = dict(zip(drawn.geoids, drawn.children.tolist(), strict=True))
    columns = (
        Column("neighborhood", "Neighborhood"),
        Column("geoid", "Tract (2010 GEOID)"),
        Column("times_chosen", "Chosen in so many of 100 draws", "share"),
        Column("in_plan", "In the plan"),
        Column("children", "Low-income children", "count", "children"),
        Column("value", drawn.tracts.measure.label, "value", "rank"),
    )
    rows = tuple(
        (names[geoid], geoid, share, "yes" if geoid in own else "no", children[geoid], values[geoid])
        for geoid, share in sorted(found.times_chosen.items())
    )
    sure = sum(share >= 0.95 for share in found.times_chosen.values())
    maybe = sum(0.05 <= share < 0.95 for share in found.times_chosen.values())
    missing = sorted(own - set(drawn.geoids))
    return ComparisonView(
        finding=(
            f"Of {len(rows)} tracts, {sure} would be chosen in nearly every draw and {maybe} in some draws and not in "
            "others: for those the data cannot tell."
        ),
        own=_own(found),
        regret=_by_rule(found),
        rule=found.rule,
        table=Table("How often each tract would be chosen, in the order of GEOIDs", columns, rows),
        picture=picture_of_choices(
            city,
            found.times_chosen,
            frozenset(own),
            "Tracts by how often the rule chooses them; the table says the same",
        ),
        key=KEY_OF_STEPS,
        left_out=f"Not compared, for want of a value or of children: {', '.join(missing)}." if missing else "",
        against=offered,
        most_tracts=most,
        sources=tuple(source_line(source) for source in drawn.tracts.sources),
        caveats=(
            f"{found.draws:,} draws of each tract's true value, given its estimate and the spread of its county's "
            "tracts. They are of people born 1978–83: where need was, not where a dollar does most.",
            "A tract that is chosen often is one where few children got far. It says nothing about its people, nor "
            "whether anything the plan does would change that.",
            f"Children are counted so: {drawn.tracts.weight_rule}.",
        ),
        is_sample=any_sample(drawn.tracts.sources),
    )


def _by_rule(found: TargetComparison) -> str:
    rule = found.by_mean
    return f"The rule's own choice, {len(rule.geoids)} tracts, may miss: {format_range(rule.regret)}."


def _own(found: TargetComparison) -> str:
    if found.chosen is None:
        return "The plan has no tract yet that can be held against this."
    own = found.chosen
    cost = f", {format_whole_dollars(own.cost)}" if own.cost is not None else ""
    limits = "within the limits" if own.within_limits else "beyond the budget or the number of tracts"
    part = (
        ""
        if own.share_of_attainable is None
        else (f" On average it serves {round(100 * own.share_of_attainable)} in 100 of the need that could be served.")
    )
    return (
        f"The plan's own {len(own.geoids)} tracts hold about {format_count(own.children)} low-income children{cost}, "
        f"{limits}.{part} What it may miss, the expected regret: {format_range(own.regret)}."
    )


def _sentence(reason: str) -> str:
    return f"{reason[:1].upper()}{reason[1:].rstrip('.')}."


def _nothing(
    reason: str, against: tuple[tuple[str, str, bool], ...] = (), sources: tuple[Source, ...] = (), most: str = ""
) -> ComparisonView:
    return ComparisonView(
        "",
        "",
        "",
        "",
        None,
        "",
        (),
        "",
        against,
        most,
        tuple(source_line(source) for source in sources),
        (),
        any_sample(sources),
        reason,
    )
