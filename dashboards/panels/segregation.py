"""How far apart groups of children lived in 2000: four indices over tracts, with what lies around the place."""

from dataclasses import dataclass

from atlas.formatting.counts import format_count, format_number_of
from atlas.formatting.shares import format_share_in_words
from atlas.records.analysis import MODELED, PUBLISHED, ChildGroups, GroupCounts
from atlas.records.places import Place
from atlas.statistics.segregation import Segregation, measure_segregation
from dashboards.charts.estimate_rows import EstimateRow, draw_estimate_rows
from dashboards.panels.base import Column, Panel, Table

SLUG = "segregation"


@dataclass(frozen=True)
class _Row:
    groups: ChildGroups
    ground: GroupCounts
    found: Segregation
    first: float  # children
    second: float


def build(place: Place, every: tuple[ChildGroups, ...]) -> Panel:
    """`every`: pairs of groups, the first of them the finding's."""
    rows = [_row(groups, ground) for groups in every for ground in groups.grounds]
    shown = [row for row in rows if row.found.dissimilarity.value is not None]
    sources = {source.release_id: source for groups in every for source in groups.sources}
    return Panel(
        slug=SLUG,
        title=f"How far apart did {_of_whom(every)} live in {place.name} in 2000?",
        finding=describe(place, shown) if shown else "",
        figure=_draw(shown, place) if shown else None,
        table=_table(rows),
        sources=tuple(sources.values()),
        caveats=_caveats(every),
        reason="" if shown else _reason(every, rows),
        on_sample_map=place.geometry_is_sample,
    )


def _of_whom(every: tuple[ChildGroups, ...]) -> str:
    """ "low-income and other children": both groups of the first pair, which the finding is about."""
    if not every:
        return "groups of children"
    return f"{every[0].first.removesuffix(' children')} and {every[0].second}"


def describe(place: Place, rows: list[_Row]) -> str:
    """The first pair: what share would have had to live elsewhere, here and around."""
    first = rows[0]
    groups = first.groups
    mine = [row for row in rows if row.groups is groups]
    own = next((row for row in mine if row.ground.kind == place.kind), None)
    if own is None:
        return (
            f"No tract of {place.name} has {groups.first} and {groups.second} counted; the table has what lies around."
        )
    if own.found.n == 1:
        return f"{place.name} is one tract with children counted: nobody can live apart between the tracts of one."
    beside = [
        f"{format_share_in_words(row.found.dissimilarity.value)} in {_named(row.ground)}"
        for row in mine
        if row is not own
    ]
    moved = format_share_in_words(own.found.dissimilarity.value)
    said = (
        f"In {place.name} in 2000, {moved} {groups.first} would have had to live in another tract to be spread like "
        f"{groups.second}"
    )
    if beside:
        said += f" ({', '.join(beside)})"
    whose = groups.first.removesuffix(" children")
    said += (
        f". The average {whose} child lived in a tract where {format_share_in_words(own.found.isolation.value)} "
        f"{'children' if groups.second == 'other children' else 'of these children'} were {whose}."
    )
    modelled = "Low-income children are modeled from each tract’s mean income, so these numbers are rather too low."
    return f"{said} {modelled}" if MODELED in groups.rule else said


def _named(ground: GroupCounts) -> str:
    if ground.kind == "nation":
        return "the United States"
    return f"commuting zone {ground.name}" if ground.kind == "commuting zone" else ground.name


def _row(groups: ChildGroups, ground: GroupCounts) -> _Row:
    found = measure_segregation(ground.first, ground.second)
    known = [part[part == part].sum() for part in (ground.first, ground.second)]
    return _Row(groups, ground, found, float(known[0]), float(known[1]))


def _draw(rows: list[_Row], place: Place):
    dots, last = [], None
    for row in rows:
        said = format_share_in_words(row.found.dissimilarity.value)
        heading = _pair(row.groups) if row.groups is not last else ""
        last = row.groups
        own = row.ground.kind == place.kind
        dots.append(
            EstimateRow(row.ground.name, said, row.found.dissimilarity.known_value * 100, strong=own, heading=heading)
        )
    return draw_estimate_rows(dots, axis="of 100 children, how many would have to move", span=(0, 100))


def _pair(groups: ChildGroups) -> str:
    short = groups.first.removesuffix(" children")
    return f"{short[:1].upper()}{short[1:]} and {groups.second}"


def _table(rows: list[_Row]) -> Table:
    columns = (
        Column("groups", "Groups"),
        Column("place", "Place"),
        Column("dissimilarity", "Dissimilarity", "value", "share", none="–"),
        Column("isolation", "Isolation", "value", "share", none="–"),
        Column("exposure", "Exposure to the others", "value", "share", none="–"),
        Column("theil_h", "Theil’s H", "value", "share", none="–"),
        Column("tracts", "Tracts", "count"),
        Column("first_children", "Children of the first group", "count", "children"),
        Column("second_children", "Children of the second group", "count", "children"),
        Column("reason", "Why a number is missing"),
    )
    cells = tuple(
        (
            _pair(row.groups),
            row.ground.name,
            row.found.dissimilarity.value,
            row.found.isolation.value,
            row.found.exposure.value,
            row.found.theil_h.value,
            row.found.n,
            row.first,
            row.second,
            row.found.dissimilarity.reason if row.found.dissimilarity.value is None else "",
        )
        for row in rows
    )
    return Table("Segregation of children by tract, 2000", columns, cells)


def _reason(every: tuple[ChildGroups, ...], rows: list[_Row]) -> str:
    said = [groups.reason for groups in every if groups.reason] or [
        row.found.dissimilarity.reason for row in rows if row.found.dissimilarity.reason
    ]
    return said[0][:1].upper() + said[0][1:] if said else "No children have been counted here."


def _why_no_error(rule: str) -> str:
    """By where the counts come from; `rule` as the queries word it."""
    if MODELED in rule:
        return "the low-income children of a tract are modeled and nothing says by how much each tract is off"
    if PUBLISHED in rule:
        return "the counts are published with noise added to protect children in small tracts, taken here as they are"
    return "these are the counts of a census, not of a sample"


def _caveats(every: tuple[ChildGroups, ...]) -> tuple[str, ...]:
    said = [
        "Children of 2000: not today’s city, and not the years before.",
        "Dissimilarity: the share of either group that would have to live in another tract for both to be spread "
        "alike. Isolation: the share of the group in the tract of its average child; exposure: the share of the others "
        "there. Theil’s H: how far the mixes of tracts fall short of the mix of the whole, 0 to 100%.",
        "Isolation rises with the size of a group; compare places by dissimilarity and H.",
        "Larger areas span more kinds of tracts, so a county or a zone is often more segregated than its city.",
    ]
    for groups in every:
        if groups.reason:
            said.append(f"{_pair(groups)}: {groups.reason}")
            continue
        said.append(f"{groups.rule[:1].upper()}{groups.rule[1:]}.")
        said.append(f"{_pair(groups)}: no standard error, {_why_no_error(groups.rule)}.")
        if MODELED in groups.rule:
            said.append(
                "The low-income share of each tract is modeled from its mean household income: an error of the model "
                "that nobody has measured tract by tract, and differences that income does not show are missing, so "
                "these indices are rather too low."
            )
            said.append(
                "Numbers of low-income children are the model’s own here: multiplied by the source’s count of the "
                "county over the model’s, as in the other panels, some tracts would hold more of them than children."
            )
        if groups.grounds:
            own = groups.grounds[0]
            unknown = int((~(own.first == own.first) | ~(own.second == own.second)).sum())
            if unknown:
                said.append(
                    f"{_pair(groups)}: {format_count(unknown)} of "
                    f"{format_number_of(own.first.size, 'tract')} of {own.name} without a count."
                )
    return tuple(said)
