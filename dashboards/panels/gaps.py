"""How wide gaps between groups are: each where it lived, then in the same neighborhoods, with both levels."""

from math import floor

from django.utils.translation import gettext as _

from atlas.formatting.percentiles import format_percentile, format_points
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
    nationally,
    pair_label,
    place_is_its_county,
)
from dashboards.formatting.sentences import capitalize_first
from dashboards.panels.base import Column, Panel, Table

HOUSEHOLD = "kfr"  # the income a family lives on: individual income leaves out a spouse's
AnyLevel = GroupLevel | PublishedLevel
SMALL_IS_NOT_FAIR = "A small gap is not good news if both groups did worse than the same groups elsewhere."


def build(place: Place, found: Groups) -> Panel:
    """Gaps by race and gender over the place's tracts, and between the main county's published values."""
    gaps = [one for one in found.gaps if one.gap.own.value is not None]
    anything = bool(gaps or found.published_gaps)
    return Panel(
        slug="gaps",
        title=_("How wide are the gaps between groups?"),
        finding=describe(place, found) if anything else "",
        figure=(lambda: draw_dot_rows(blocks(place, found))) if anything else None,
        table=build_table(place, found),
        sources=found.sources,
        caveats=caveats(place, found),
        details=details(found),
        reason="" if anything else _nothing(found),
        on_sample_map=found.on_sample_map,
    )


def _nothing(found: Groups) -> str:
    return f"{capitalize_first(found.reason or 'no two groups have numbers here, so there is no gap to show')}."


def describe(place: Place, found: Groups) -> str:
    """One gap by race: like with like first, so household income, over the county where tracts lack it.

    Outcome, ground, gap and the nation's gap of the same outcome, then both levels; then what the place's own tracts
    have of another outcome, and what is left in the same neighborhoods.
    """
    lead, added, _telling = _told(place, found)
    return " ".join([*lead, *added])


def _told(place: Place, found: Groups) -> tuple[list[str], list[str], str]:
    """The finding's sentences: of the gap that leads; those the place's own tracts add where it is the county's, and
    the most telling of them after the first two, which say for whom.
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
        first, second = levels[own.first], levels[own.second]
        said = _lead(found.outcome, place.name, own.gap.own, first, second)
        return [*said, *_same_places(own), *_small(own, first, second)], [], ""
    if published is None:
        return [], [], ""
    known = {level.group: level for level in found.published}
    where = place.name if place_is_its_county(found) else found.county
    first_known, second_known = known[published.first], known[published.second]
    said = _lead(found.published_outcome, where, published.difference, first_known, second_known)
    if own is None:
        return said, [], ""
    return said, *_in_the_place_itself(place, found, own, levels[own.first], levels[own.second])


def in_brief(place: Place, found: Groups) -> str:
    """At most three sentences to stand under a drawing of the published gap, which the lead would repeat: what the
    place's own tracts say; else the first three of the finding.
    """
    lead, added, telling = _told(place, found)
    return " ".join([*added[:2], telling] if added else lead[:3])


def _lead(outcome: str, where: str, gap: Estimate, first: AnyLevel, second: AnyLevel) -> list[str]:
    """The gap, the nation's gap, and both levels beside the nation's."""
    said = [
        _("In {outcome}, {gap}.").format(
            outcome=OUTCOME_WORDS[outcome], gap=apart(gap, first.group, second.group, where)
        )
    ]
    nation = subtract(first.nation, second.nation)
    if nation.value is not None:
        said.append(_("The nation’s gap is {points} points.").format(points=format_points(nation.value)))
    said.append(
        _("{group} reached the {level} percentile{nation}.").format(
            group=capitalize_first(first.group.words),
            level=format_percentile(first.here.value),
            nation=nationally(first),
        )
    )
    said.append(
        _("{group} reached {level}.").format(group=capitalize_first(second.group.words), level=beside_nation(second))
    )
    return said


def _in_the_place_itself(
    place: Place, found: Groups, one: GroupGap, first: GroupLevel, second: GroupLevel
) -> tuple[list[str], str]:
    """The tracts' own outcome, and the sentence that tells most of it, where the lead was about the county's."""
    outcome = OUTCOME_WORDS[found.outcome]
    if place_is_its_county(found):
        said = [_("For its neighborhoods we only have {outcome}.").format(outcome=outcome)]
    else:
        said = [_("In {place} itself we only have {outcome}.").format(place=place.name, outcome=outcome)]
    here, there = format_percentile(first.here.value), format_percentile(second.here.value)
    words = (
        _("There, {first} and {second} both reached the {here} percentile.")
        if here == there
        else _("There, {first} reached the {here} percentile and {second} the {there}.")
    )
    said.append(words.format(first=one.first.words, here=here, second=one.second.words, there=there))
    nation = subtract(first.nation, second.nation)
    tail = "" if nation.value is None else _(", and {points} nationally").format(points=format_points(nation.value))
    interval = format_interval(one.gap.own)
    sure = f" ({interval})" if interval else ""
    size = _("That gap is {points} points{sure}{tail}.").format(
        points=format_points(one.gap.own.value), sure=sure, tail=tail
    )
    small = _small(one, first, second)
    return [*said, size, *_same_places(one), *small], small[0] if small else size


def _small(one: GroupGap, first: GroupLevel, second: GroupLevel) -> list[str]:
    """That a small gap is no good news, where the first group is further from the nation than from the other."""
    if first.nation.value is None or second.nation.value is None:
        return []
    short = first.nation.value - first.here.known_value
    if short <= max(0.005, abs(one.gap.own.known_value)):
        return []
    return [
        _("A small gap is not good news: nationally these groups reached the {first} and the {second}.").format(
            first=format_percentile(first.nation.value), second=format_percentile(second.nation.value)
        )
    ]


def _thin(first: GroupLevel, second: GroupLevel) -> bool:
    return is_thin(first) or is_thin(second)


def _same_places(one: GroupGap) -> list[str]:
    """The gap in the same neighborhoods and the part between, or why there is none."""
    if one.gap.headline_allowed and one.gap.common.value is not None:
        return [
            _("In the same neighborhoods, {gap}.").format(gap=apart(one.gap.common, one.first, one.second)),
            *_between(one.gap.between, one.gap.own),
        ]
    if one.gap.coverage is not None:
        return [
            _("Only {share} {group} lived in neighborhoods with numbers for both groups.").format(
                share=format_share_in_words(one.gap.coverage), group=one.second.words
            )
        ]
    return []


def apart(difference: Estimate, first: Group, second: Group, where: str = "") -> str:
    """ "white children in Detroit ended up 4.2 points above Black children (likely range ...)", or that it is too
    close to call."""
    interval = format_interval(difference)
    tail = f" ({interval})" if interval else ""
    ground = _(" in {place}").format(place=where) if where else ""
    half = None if difference.standard_error is None else Z95 * difference.standard_error
    if half is not None and abs(difference.known_value) <= half:
        return _("{first} and {second}{ground} are too close to call{range}").format(
            first=first.words, second=second.words, ground=ground, range=tail
        )
    words = (
        _("{first}{ground} ended up {points} points above {second}{range}")
        if difference.known_value >= 0
        else _("{first}{ground} ended up {points} points below {second}{range}")
    )
    return words.format(
        first=first.words,
        ground=ground,
        points=format_points(abs(difference.known_value)),
        second=second.words,
        range=tail,
    )


def _between(estimate: Estimate, whole: Estimate) -> list[str]:
    """What goes with living in different neighborhoods, as sure as it is; nothing where the two parts pull apart."""
    if estimate.standard_error is not None and abs(estimate.known_value) <= Z95 * estimate.standard_error:
        return [_("The part between neighborhoods is too close to call.")]
    if estimate.known_value * whole.known_value <= 0 or abs(estimate.known_value) > abs(whole.known_value):
        return []
    interval = format_interval(estimate)
    return [
        _("The other {points} points go with where they lived{range}.").format(
            points=format_points(abs(estimate.known_value)), range=f" ({interval})" if interval else ""
        )
    ]


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
            f"{place.name}: between averages of its tracts{', sample' if found.is_sample else ''}",
            f"percentile points of {OUTCOME_WORDS.get(found.outcome, '')}",
            tuple(own),
            True,
        ),
        DotBlock(
            f"{found.county}{', sample' if found.is_sample else ' as published'}",
            f"percentile points of {OUTCOME_WORDS.get(found.published_outcome, '')}",
            tuple(county) if unsure or len(found.gaps) < len(found.published_gaps) else (),
            True,
        ),
    )


def _short(first: Group, second: Group) -> str:
    """ "White minus Black": all of them are children."""
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
    """What a gap says and does not say, in a few lines; `details` has the rest."""
    said = [
        _("These are children from low-income families: parents at the 25th percentile of US household income."),
        _("They were born 1978 to 1983. Their income is from 2014 and 2015."),
        SMALL_IS_NOT_FAIR,
        ABOUT_PLACES,
    ]
    if found.gaps and all(one.gap.own.standard_error is None for one in found.gaps):
        said.append(_("The tract file loaded here has no margin of error. Small differences may be chance."))
    if found.published_gaps:
        said.append(
            _("{county}’s numbers are published for the same ground as {place}.")
            if place_is_its_county(found)
            else _("{county}’s numbers are for the whole county, of which {place} is a part.")
        )
        said[-1] = said[-1].format(county=found.county, place=place.name)
    return (*said, NOT_HERE)


def details(found: Groups) -> tuple[str, ...]:
    """The two forms of a gap, what they leave out and where their intervals come from."""
    said = []
    if found.gaps:
        said += [
            "Each where it lived: both groups by their own children. Same neighborhoods: both by the children of the "
            "second group, over tracts with values for both. The part between neighborhoods is the difference of the "
            "two.",
            "Under 60 in 100 of the second group’s children in tracts with both, no gap in the same neighborhoods is "
            "shown: the children left out lived elsewhere.",
            "Errors of tracts and of groups count as independent. Children who lived in several tracts make that an "
            "approximation.",
        ]
        reasons = dict.fromkeys(one.gap.own.reason for one in found.gaps if one.gap.own.standard_error is None)
        said += [f"No margin of error between averages of tracts: {reason}." for reason in reasons if reason]
    if found.published_gaps:
        said.append(
            f"Gaps between {found.county}’s published values have intervals from their standard errors, the two groups "
            "taken as independent."
        )
    return tuple(said)
