"""How far apart groups were: each as it lives, then in the same neighborhoods, with the levels said first."""

from math import floor

from atlas.formatting.percentiles import format_points
from atlas.formatting.shares import format_share_in_words
from atlas.records.groups import Group, GroupGap, GroupLevel, Groups, PublishedGap, PublishedLevel
from atlas.records.places import Place
from atlas.statistics.gaps import subtract
from atlas.statistics.intervals import Z95
from atlas.statistics.results import Estimate
from dashboards.charts.dot_rows import DotBlock, DotRow, draw_dot_rows
from dashboards.formatting.groups import (
    ABOUT_PLACES,
    NOT_HERE,
    OUTCOME_WORDS,
    beside_nation,
    format_interval,
    is_thin,
    pair_label,
    place_is_its_county,
)
from dashboards.formatting.sentences import capitalize_first
from dashboards.panels.base import Column, Panel, Table

HOUSEHOLD = "kfr"  # the income a family lives on: individual income leaves out a spouse's
AnyLevel = GroupLevel | PublishedLevel
SMALL_IS_NOT_FAIR = (
    "A small gap is not a sign that a place served either group well: both may have got less far than the same groups "
    "elsewhere. Read the levels first."
)


def build(place: Place, found: Groups) -> Panel:
    """Gaps by race and gender over the place's tracts, and between the main county's published values."""
    gaps = [one for one in found.gaps if one.gap.own.value is not None]
    anything = bool(gaps or found.published_gaps)
    return Panel(
        slug="gaps",
        title=f"How far apart were groups of children who grew up in {place.name}?",
        finding=describe(place, found) if anything else "",
        figure=(lambda: draw_dot_rows(blocks(place, found))) if anything else None,
        table=build_table(place, found),
        sources=found.sources,
        caveats=caveats(place, found),
        reason="" if anything else _nothing(found),
        on_sample_map=found.on_sample_map,
    )


def _nothing(found: Groups) -> str:
    return f"{capitalize_first(found.reason or 'no two groups have values here, so there is no gap between them')}."


def describe(place: Place, found: Groups) -> str:
    """One gap by race: like with like first, so household income, over the county where tracts lack it.

    The first sentence names outcome and ground, the levels, the gap and the nation's gap of the same outcome; then
    comes what the place's own tracts have of another outcome, and what is left in the same neighborhoods.
    """
    levels = {level.group: level for level in found.levels}
    own = next(
        (
            one
            for one in found.gaps
            if one.gap.own.value is not None
            and one.first.race != one.second.race
            and not _thin(levels[one.first], levels[one.second])
        ),
        None,
    )
    published = next((gap for gap in found.published_gaps if gap.first.race != gap.second.race), None)
    if own is not None and (published is None or found.outcome == HOUSEHOLD or found.published_outcome != HOUSEHOLD):
        return " ".join(_in_full(place, found, own, levels[own.first], levels[own.second], place.name))
    if published is None:
        return ""
    said = [_of_county(place, found, published)]
    if own is not None:
        said += _in_full(place, found, own, levels[own.first], levels[own.second], f"{place.name} itself")
    return " ".join(said)


def _of_county(place: Place, found: Groups, gap: PublishedGap) -> str:
    """The gap between a county's published values: whose ground it is stands in the sentence."""
    levels = {level.group: level for level in found.published}
    ground = "the same ground as" if place_is_its_county(found) else "not only in"
    where = f"{found.county}, {ground} {place.name}"
    return _lead(where, found.published_outcome, gap.difference, levels[gap.first], levels[gap.second])


def _lead(where: str, outcome: str, gap: Estimate, first: AnyLevel, second: AnyLevel) -> str:
    """Outcome, ground, both levels with the nation's, the gap and the nation's gap: one sentence, levels first."""
    nation = subtract(first.nation, second.nation)
    beside = "" if nation.value is None else f"; nationally, {_side(nation, first.group, second.group)}"
    return (
        f"In {OUTCOME_WORDS[outcome]}, of children from low-income families in {where}, {first.group.words} "
        f"reached, on average, {beside_nation(first)} and {second.group.words} {beside_nation(second)} percentile: "
        f"{apart(gap, first.group, second.group)}{beside}."
    )


def _thin(first: GroupLevel, second: GroupLevel) -> bool:
    return is_thin(first) or is_thin(second)


def _in_full(
    place: Place, found: Groups, one: GroupGap, first: GroupLevel, second: GroupLevel, where: str
) -> list[str]:
    said = [_lead(where, found.outcome, one.gap.own, first, second)]
    if one.gap.headline_allowed and one.gap.common.value is not None:
        said.append(f"Within the same neighborhoods {_distance(one.gap.common)}; {_between(one.gap.between)}.")
    elif one.gap.coverage is not None:
        said.append(
            f"Nothing is said of the same neighborhoods: tracts with values for both hold only "
            f"{format_share_in_words(one.gap.coverage)} of {one.second.words}."
        )
    short = 0.0 if first.nation.value is None else first.nation.value - first.here.known_value
    if short > max(0.005, abs(one.gap.own.known_value)):
        said.append(
            f"{capitalize_first(one.first.words)} here stood {format_points(short)} percentiles below "
            f"{one.first.words} nationally: "
            "a small gap is no sign that either group got far."
        )
    return said


def apart(difference: Estimate, first: Group, second: Group) -> str:
    """ "white children 4.2 percentiles above Black children (95% interval ...)", or that nothing tells them apart."""
    tail = f" ({format_interval(difference) or 'no margin of error in the file loaded here'})"
    half = None if difference.standard_error is None else Z95 * difference.standard_error
    if half is not None and abs(difference.known_value) <= half:
        return f"{first.words} and {second.words} not distinguishable from each other{tail}"
    return f"{_side(difference, first, second)}{tail}"


def _side(difference: Estimate, first: Group, second: Group) -> str:
    """ "white children 4.2 percentiles above Black children"."""
    value = difference.known_value
    side = "above" if value >= 0 else "below"
    return f"{first.words} {format_points(abs(value))} percentiles {side} {second.words}"


def _between(estimate: Estimate) -> str:
    """What goes with living in different neighborhoods, as sure as it is."""
    interval = format_interval(estimate)
    said = f"the other {format_points(estimate.value)}{f' ({interval})' if interval else ''}"
    if estimate.standard_error is not None and abs(estimate.known_value) <= Z95 * estimate.standard_error:
        return f"{said} is not distinguishable from none"
    return f"{said} goes with living in different ones"


def _distance(estimate: Estimate) -> str:
    interval = format_interval(estimate)
    tail = f" ({interval})" if interval else ""
    if estimate.standard_error is not None and abs(estimate.known_value) <= Z95 * estimate.standard_error:
        return f"the gap is {format_points(estimate.value)}, not distinguishable from none{tail}"
    return f"the gap is {format_points(estimate.value)}{tail}"


def blocks(place: Place, found: Groups) -> tuple[DotBlock, ...]:
    """Pairs of races and of genders; those inside one race or gender stand in the table."""
    own, thin = [], {level.group for level in found.levels if is_thin(level)}
    for one in found.gaps:
        if _is_drawn(one.first, one.second) and one.gap.own.value is not None:
            own.append(
                _row(
                    _short(one.first, one.second),
                    "each where it lived",
                    one.gap.own,
                    not thin.isdisjoint((one.first, one.second)),
                )
            )
            if one.gap.headline_allowed and one.gap.coverage is not None:
                note = f"same places, {floor(100 * one.gap.coverage)}% coverage"
                own.append(_row("", note, one.gap.common, is_second=True))
    county = [
        _row(_short(gap.first, gap.second), "", gap.difference)
        for gap in found.published_gaps
        if _is_drawn(gap.first, gap.second)
    ]
    unsure = all(one.gap.own.standard_error is None for one in found.gaps)
    return (
        DotBlock(
            f"{place.name}: between means of its tracts{', sample' if found.is_sample else ''}",
            f"percentiles of {OUTCOME_WORDS.get(found.outcome, '')}",
            tuple(own),
            True,
        ),
        DotBlock(
            f"{found.county}{', sample' if found.is_sample else ' as published'}",
            f"percentiles of {OUTCOME_WORDS.get(found.published_outcome, '')}",
            tuple(county) if unsure or len(found.gaps) < len(found.published_gaps) else (),
            True,
        ),
    )


def _short(first: Group, second: Group) -> str:
    """ "White minus Black": everybody here is a child."""
    return pair_label(first, second).removesuffix(" children")


def _is_drawn(first: Group, second: Group) -> bool:
    return (first.gender == second.gender == "pooled") or (first.race == second.race == "pooled")


def _row(label: str, note: str, gap: Estimate, is_hollow: bool = False, is_second: bool = False) -> DotRow:
    value = gap.known_value
    half = None if gap.standard_error is None else Z95 * gap.standard_error
    return DotRow(
        label,
        note,
        value * 100,
        None if half is None else (value - half) * 100,
        None if half is None else (value + half) * 100,
        format_points(value),
        is_hollow=is_hollow,
        is_second=is_second,
    )


def build_table(place: Place, found: Groups) -> Table:
    """Each pair: levels, then the gap as each group lives, in the same neighborhoods and between; ranks 0-1."""
    columns = (
        Column("ground", "Where"),
        Column("gap", "Gap"),
        Column("measure", "Outcome"),
        Column("first", "First group", "value", "rank"),
        Column("second", "Second group", "value", "rank"),
        Column("own", "Gap, each where it lived", "value", "rank"),
        Column("own_standard_error", "Its standard error", "error", "rank", none="none"),
        Column("common", "Gap, same neighborhoods", "value", "rank", none="–"),
        Column("common_standard_error", "Its standard error", "error", "rank", none="–"),
        Column("between", "Part between neighborhoods", "value", "rank", none="–"),
        Column("between_standard_error", "Its standard error", "error", "rank", none="–"),
        Column("coverage", "Second group’s children in tracts with both", "value", "share", none="–"),
        Column("first_coverage", "First group’s children in them", "value", "share", none="–"),
        Column("tracts_dropped", "Tracts with one group only", "count", none="–"),
        Column("note", "Note"),
    )
    here = {level.group: level.here.value for level in found.levels}
    published = {level.group: level.here.value for level in found.published}
    own = (_own_cells(place, found.outcome, one, here) for one in found.gaps)
    county = (_county_cells(found, gap, published) for gap in found.published_gaps)
    return Table(f"Gaps between groups of children from low-income families, {place.name}", columns, (*own, *county))


def _own_cells(place: Place, outcome: str, one: GroupGap, here: dict[Group, float | None]) -> tuple:
    gap = one.gap
    return (
        place.name,
        pair_label(one.first, one.second),
        OUTCOME_WORDS[outcome],
        here[one.first],
        here[one.second],
        gap.own.value,
        gap.own.standard_error,
        gap.common.value if gap.headline_allowed else None,
        gap.common.standard_error if gap.headline_allowed else None,
        gap.between.value if gap.headline_allowed else None,
        gap.between.standard_error if gap.headline_allowed else None,
        gap.coverage,
        gap.first_coverage,
        gap.tracts_dropped,
        "; ".join(dict.fromkeys(filter(None, (format_interval(gap.own) or gap.own.reason, gap.reason)))),
    )


def _county_cells(found: Groups, gap: PublishedGap, published: dict[Group, float | None]) -> tuple:
    nothing = (None,) * 7
    return (
        f"{found.county}, published",
        pair_label(gap.first, gap.second),
        OUTCOME_WORDS[found.published_outcome],
        published[gap.first],
        published[gap.second],
        gap.difference.value,
        gap.difference.standard_error,
        *nothing,
        format_interval(gap.difference) or gap.difference.reason,
    )


def caveats(place: Place, found: Groups) -> tuple[str, ...]:
    """The two forms of a gap, what they leave out, and what a small one does not say."""
    said = [SMALL_IS_NOT_FAIR, ABOUT_PLACES]
    if found.gaps:
        said += [
            "Each where it lived: both groups by their own children. Same neighborhoods: both by the children of the "
            "second group, over tracts with values for both; the part between neighborhoods is the difference of the "
            "two.",
            "Under 60 in 100 of the second group’s children in tracts with both, no gap in the same neighborhoods is "
            "shown: the children left out lived elsewhere.",
            "Errors of tracts and of groups count as independent; children who lived in several tracts make that an "
            "approximation.",
        ]
        reasons = dict.fromkeys(one.gap.own.reason for one in found.gaps if one.gap.own.standard_error is None)
        said += [f"No intervals between means of tracts: {reason}." for reason in reasons if reason]
    if found.published_gaps:
        said.append(
            f"Gaps between {found.county}’s published values have intervals from their standard errors, the two groups "
            "taken as independent. "
            + (
                f"They are estimates of their own for the same ground as {place.name}."
                if place_is_its_county(found)
                else f"They are the county’s, of which {place.name} is a part."
            )
        )
    return (*said, NOT_HERE)
