"""How far apart groups of children lived in 2000: four indices over tracts, with what lies around the place."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

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
        details=_details(every),
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
        return _("No neighborhood of {place} has {first} and {second} counted. The table has what lies around.").format(
            place=place.name, first=groups.first, second=groups.second
        )
    if own.found.n == 1:
        one = _("{place} is one tract with children counted. So we can’t compare its neighborhoods.")
        return one.format(place=place.name)
    said = [
        _("In {place}, {moved} {first} would have to move to be spread across neighborhoods like {second}.").format(
            place=place.name,
            moved=format_share_in_words(own.found.dissimilarity.value),
            first=groups.first,
            second=groups.second,
        )
    ]
    said += [_beside(row) for row in mine if row is not own]
    whose = groups.first.removesuffix(" children")
    if groups.second == "other children":
        average = _("The average {whose} child lived in a neighborhood where {share} children were {whose}.")
    else:
        average = _("The average {whose} child lived in a neighborhood where {share} of these children were {whose}.")
    said.append(average.format(whose=whose, share=format_share_in_words(own.found.isolation.value)))
    if MODELED in groups.rule:
        said.append(_("These are estimates from average incomes. The real numbers are likely higher."))
    return " ".join(said)


def _beside(row: _Row) -> str:
    """ "In Wayne County it was 31 in 100.", "In the Detroit commuting zone ...", "In the nation ..."."""
    if row.ground.kind == "nation":
        said = _("In the nation it was {share}.")
    elif row.ground.kind == "commuting zone":
        said = _("In the {place} commuting zone it was {share}.")
    else:
        said = _("In {place} it was {share}.")
    share = format_share_in_words(row.found.dissimilarity.value)
    return said.format(place=row.ground.name.partition(" (")[0], share=share)


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
    """What the numbers mean and why they have no margin of error; `_details` has the definitions and counts."""
    said = [
        "Children of 2000: not today’s city, and not the years before.",
        "The first number is the dissimilarity: the share of either group that would have to live in another tract for "
        "both to be spread alike. Methods defines the others.",
        "Larger areas span more kinds of tracts, so a county is often more segregated than its city.",
    ]
    said += [
        f"{_pair(groups)}: no margin of error, {_why_no_error(groups.rule)}." for groups in every if not groups.reason
    ]
    return tuple(said)


def _details(every: tuple[ChildGroups, ...]) -> tuple[str, ...]:
    """Definitions, how children were counted, and what is missing here."""
    said = [
        "Isolation: the share of the group in the tract of its average child; exposure: the share of the others "
        "there. Theil’s H: how far the mixes of tracts fall short of the mix of the whole, 0 to 100%.",
        "Isolation rises with the size of a group; compare places by dissimilarity and H.",
    ]
    for groups in every:
        if groups.reason:
            said.append(f"{_pair(groups)}: {groups.reason}")
            continue
        said.append(f"{groups.rule[:1].upper()}{groups.rule[1:]}.")
        if MODELED in groups.rule:
            said.append(
                "The low-income share of each tract is modeled from its average household income. Nobody has measured "
                "the error of that model tract by tract. Differences that income does not show are missing, so these "
                "indices are too low."
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
