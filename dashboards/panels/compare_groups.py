"""The same group of children in several cities, on one axis for each group."""

from atlas.formatting.counts import format_number_of
from atlas.formatting.percentiles import format_percentile
from atlas.records.groups import Group, GroupLevel, Groups
from atlas.records.places import Place
from atlas.statistics.intervals import Z95
from dashboards.charts.dot_rows import DotBlock, DotRow, draw_dot_rows
from dashboards.formatting.groups import ABOUT_PLACES, OUTCOME_WORDS, is_thin
from dashboards.formatting.sentences import capitalize_first
from dashboards.panels.base import Column, Panel, Table


def build(places: tuple[Place, ...], found: dict[str, Groups]) -> Panel:
    """Races, then girls and boys; a block per group, a row per city that has a level, in the order asked for."""
    levels = {place.slug: {level.group: level for level in found[place.slug].levels} for place in places}
    outcome = next((one.outcome for one in found.values() if one.outcome), "")
    shown = _groups(places, levels)
    blocks = tuple(_block(group, places, levels, outcome) for group in shown)
    return Panel(
        slug="groups",
        title="How did each group of children do?",
        finding=_describe(places, levels, shown, outcome),
        figure=draw_dot_rows(blocks) if blocks else None,
        table=_table(places, levels, shown, outcome),
        sources=tuple({s.release_id: s for one in found.values() for s in one.sources}.values()),
        caveats=(
            ABOUT_PLACES,
            "Each average is weighted by the group's own low-income children. The upright stroke is the same group "
            "over all US tracts.",
            "A hollow dot rests on few tracts or on little of the group. Where no line is drawn, the file loaded here "
            "has no margin of error: small differences may be chance.",
        ),
        reason="" if blocks else "No tract file with income by race or gender has been imported for these cities.",
        on_sample_map=any(one.on_sample_map for one in found.values()),
    )


def _groups(places: tuple[Place, ...], levels: dict[str, dict[Group, GroupLevel]]) -> tuple[Group, ...]:
    """Single races and single genders that some city has; both at once would be too many rows to read."""
    known = dict.fromkeys(
        g for place in places for g, level in levels[place.slug].items() if level.here.value is not None
    )
    return tuple(g for g in known if not g.is_everybody and (g.race == "pooled" or g.gender == "pooled"))


def _block(group: Group, places, levels, outcome: str) -> DotBlock:
    rows = (_row(place, levels[place.slug][group]) for place in places if group in levels[place.slug])
    return DotBlock(capitalize_first(group.words), f"percentile of {OUTCOME_WORDS[outcome]}", tuple(filter(None, rows)))


def _row(place: Place, level: GroupLevel) -> DotRow | None:
    value, error = level.here.value, level.here.standard_error
    if value is None:
        return None
    half = None if error is None else Z95 * error
    low, high = (None, None) if half is None else (100 * (value - half), 100 * (value + half))
    nation = level.nation.value
    return DotRow(
        place.name,
        format_number_of(level.here.n, "tract"),
        100 * value,
        low,
        high,
        format_percentile(value),
        None if nation is None else 100 * nation,
        "" if nation is None else "US",
        is_thin(level),
    )


def _describe(places, levels, shown, outcome: str) -> str:
    """The first group, city by city, beside itself nationally: levels before any gap."""
    for group in shown:
        rows = [(place, levels[place.slug].get(group)) for place in places]
        told = [(p, level) for p, level in rows if level and level.here.value is not None and not is_thin(level)]
        if told:
            said = ", ".join(f"the {format_percentile(level.here.value)} in {p.name}" for p, level in told[:4])
            nation = told[0][1].nation.value
            us = f"; the {format_percentile(nation)} nationally" if nation is not None else ""
            return f"In {OUTCOME_WORDS[outcome]}, {group.words} from low-income families reached {said}{us}."
    return ""


def _table(places, levels, shown, outcome: str) -> Table:
    columns = (
        Column("group", "Group"),
        Column("place", "City"),
        Column("value", "Average percentile", "value", "rank"),
        Column("standard_error", "Standard error", "error", "rank"),
        Column("nation", "Same group, United States", "value", "rank"),
        Column("tracts", "Tracts used", "count", none="–"),
        Column("coverage", "Share of its children in tracts with a value", "value", "share", none="–"),
        Column("note", "Note"),
    )
    rows = tuple(_cells(group, place, levels[place.slug].get(group)) for group in shown for place in places)
    words = OUTCOME_WORDS.get(outcome, "income")
    return Table(f"Groups of children from low-income families by city: average percentile of {words}", columns, rows)


def _cells(group: Group, place: Place, level: GroupLevel | None) -> tuple:
    if level is None:
        return (group.words, place.name, None, None, None, None, None, "not in the file")
    return (
        group.words,
        place.name,
        level.here.value,
        level.here.standard_error,
        level.nation.value,
        level.here.n,
        level.here.coverage,
        level.here.reason or ("rests on little" if is_thin(level) else ""),
    )
