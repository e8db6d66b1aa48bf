"""Groups of children in rows on one axis, with the gap of each pair in a bracket: the section "each group of children".

The rows speak of one ground: the main county where a published figure of household income exists (it has margins), else
the place itself over its tracts.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from atlas.formatting.percentiles import format_percentile, format_points
from atlas.formatting.ranges import join_ends
from atlas.records.groups import Group, GroupLevel, Groups, PublishedLevel
from atlas.records.places import Place
from atlas.statistics.gaps import subtract
from atlas.statistics.intervals import Z95
from atlas.statistics.results import Estimate
from dashboards.charts.marks.axis import Axis, percentile_axis
from dashboards.charts.marks.dot_row import DotMark
from dashboards.formatting.groups import OUTCOME_WORDS, is_thin, place_is_its_county
from dashboards.formatting.sentences import capitalize_first

EVERYBODY = Group("pooled", "pooled")
WHITE, BLACK = Group("white", "pooled"), Group("black", "pooled")
GIRLS, BOYS = Group("pooled", "female"), Group("pooled", "male")
BETWEEN = tuple(Group(race, "pooled") for race in ("asian", "hisp", "natam", "other"))
Level = GroupLevel | PublishedLevel


@dataclass(frozen=True)
class GroupRow:
    """One group: its percentile, the nation's, whether it rests on little."""

    name: str
    mark: DotMark
    here: str
    nation: str
    is_thin: bool


@dataclass(frozen=True)
class GapWords:
    """The gap between the first and the last row of a block; `interval` and `nation` are "" where not known."""

    points: str
    words: str
    interval: str
    nation: str


@dataclass(frozen=True)
class GroupBlock:
    """Rows that belong together; `gap` compares the first with the last."""

    rows: tuple[GroupRow, ...]
    gap: GapWords | None


@dataclass(frozen=True)
class GroupSection:
    """`ground` is whose children these are, "" without any rows."""

    ground: str
    is_place: bool  # the ground is the place itself
    income: str  # "household income"
    blocks: tuple[GroupBlock, ...]
    axis: Axis
    has_margins: bool
    has_thin: bool


def group_section(place: Place, found: Groups) -> GroupSection:
    """Everybody; races, white children first and Black children last; girls and boys."""
    same = place_is_its_county(found)
    levels: Sequence[Level] = found.published or tuple(one for one in found.levels if one.here.value is not None)
    outcome = found.published_outcome if found.published else found.outcome
    is_place = same or not found.published
    ground = place.name if is_place else found.county
    known = {level.group: level for level in levels}
    axis = percentile_axis(_ends(known))
    sets = ((EVERYBODY,), (WHITE, *BETWEEN, BLACK), (GIRLS, BOYS))
    blocks = tuple(
        GroupBlock(tuple(_row(known[one], ground) for one in named), _gap([known[one] for one in named]))
        for groups in sets
        if (named := [one for one in groups if one in known])
    )
    return GroupSection(
        ground=ground if blocks else "",
        is_place=is_place,
        income=OUTCOME_WORDS.get(outcome, ""),
        blocks=blocks,
        axis=axis,
        has_margins=any(level.here.standard_error is not None for level in levels),
        has_thin=any(row.is_thin for block in blocks for row in block.rows),
    )


def _ends(known: dict[Group, Level]) -> list[float | None]:
    """Everything drawn, the ends of the margins too: no line of this section leaves its axis."""
    found: list[float | None] = []
    for group, level in known.items():
        if "pooled" in (group.race, group.gender):
            value, half = level.here.known_value, Z95 * (level.here.standard_error or 0.0)
            found += [(value - half) * 100, (value + half) * 100]
            found.append(None if level.nation.value is None else level.nation.value * 100)
    return found


def _row(level: Level, ground: str) -> GroupRow:
    value, error = level.here.known_value, level.here.standard_error
    half = None if error is None else Z95 * error
    low = None if half is None else (value - half) * 100
    high = None if half is None else (value + half) * 100
    name, nation = _name(level.group), level.nation.value
    here = format_percentile(value)
    thin = isinstance(level, GroupLevel) and is_thin(level)
    return GroupRow(
        name=name,
        mark=DotMark(
            "",  # the same numbers stand beside it as text
            value * 100,
            us=None if nation is None else nation * 100,
            low=low,
            high=high,
            is_hollow=thin,
        ),
        here=here,
        nation="" if nation is None else format_percentile(nation),
        is_thin=thin,
    )


def _name(group: Group) -> str:
    """ "White", "Girls", "All children"."""
    if group.is_everybody:
        return _("All children")
    return capitalize_first(group.words.removesuffix(" children"))


def _gap(levels: list[Level]) -> GapWords | None:
    """Of the block's ends, where both are the pair this portal names; the nation's gap beside it."""
    pair = (levels[0].group, levels[-1].group)
    if pair not in ((WHITE, BLACK), (GIRLS, BOYS)):
        return None
    here = subtract(levels[0].here, levels[-1].here)
    if here.value is None:
        return None
    nation = subtract(levels[0].nation, levels[-1].nation)
    return GapWords(
        points=_points(here.value),
        words=_words(pair, here.value),
        interval=_interval(here),
        nation="" if nation.value is None else _nation(here.value, nation.value),
    )


def _points(value: float) -> str:
    return _("%(number)s points") % {"number": format_points(abs(value))}


def _nation(here: float, nation: float) -> str:
    """The nation's gap in the same direction: with a minus where there it is the other way round."""
    signed = nation if here >= 0 else -nation
    return _("US: %(number)s points") % {"number": format_points(signed)}


def _words(pair: tuple[Group, Group], value: float) -> str:
    if pair == (WHITE, BLACK):
        return _("white over Black children") if value >= 0 else _("Black over white children")
    return _("girls over boys") if value >= 0 else _("boys over girls")


def _interval(gap: Estimate) -> str:
    """ "11.1 to 11.9", 95%, of the gap in the direction its words have; "" without a standard error."""
    if gap.value is None or gap.standard_error is None:
        return ""
    half = Z95 * gap.standard_error
    return join_ends(format_points(abs(gap.value) - half), format_points(abs(gap.value) + half))
