"""How each group of children did, beside the same group in the nation; levels come before gaps."""

from dataclasses import replace
from math import floor

from django.utils.translation import gettext as _

from atlas.formatting.counts import format_count, format_number_of
from atlas.formatting.percentiles import format_percentile, format_points
from atlas.formatting.shares import format_percent, format_share_in_words
from atlas.measures import RACES
from atlas.records.groups import GroupLevel, Groups, PublishedLevel, WeightCheck
from atlas.records.places import Place
from atlas.statistics.intervals import Z95
from dashboards.charts.dot_rows import DotBlock, DotRow, draw_dot_rows
from dashboards.formatting.estimates import format_standard_error
from dashboards.formatting.groups import (
    ABOUT_PLACES,
    NOT_HERE,
    OUTCOME_WORDS,
    beside_nation,
    format_interval,
    is_thin,
    nationally,
    place_is_its_county,
)
from dashboards.formatting.sentences import capitalize_first, join_with_and
from dashboards.panels.base import Cell, Column, Panel, Table

NO_VALUE = "no number of any group is published for these neighborhoods"


def build(place: Place, found: Groups, *, in_brief: bool = False) -> Panel:
    """Each group's mean rank over the place's tracts and the main county's published values.

    `in_brief` draws races and genders by themselves, and the county only where the place has nothing.
    """
    anything = bool(found.published) or any(level.here.value is not None for level in found.levels)
    return Panel(
        slug="groups",
        title=_("How did each group of children do?"),
        finding=describe(place, found),
        figure=(lambda: draw_dot_rows(brief_blocks(place, found) if in_brief else blocks(place, found)))
        if anything
        else None,
        table=build_table(place, found),
        sources=found.sources,
        caveats=caveats(place, found),
        details=details(place, found),
        reason="" if anything else f"{capitalize_first(found.reason or NO_VALUE)}.",
        on_sample_map=found.on_sample_map,
    )


def describe(place: Place, found: Groups) -> str:
    """Each race's level beside the same race nationally; girls and boys where there are no races."""
    said = []
    levels = [level for level in found.levels if level.here.value is not None and not is_thin(level)]
    if shown := named(levels):
        first, *others = shown
        said.append(
            _("In low-income families, {group} in {place} reached the {level} percentile of {outcome}{nation}.").format(
                group=first.group.words,
                place=place.name,
                level=format_percentile(first.here.value),
                outcome=OUTCOME_WORDS[found.outcome],
                nation=nationally(first),
            )
        )
        said += [
            _("{group} reached {level}.").format(group=capitalize_first(level.group.words), level=beside_nation(level))
            for level in others
        ]
        if found.outcome == "kir":
            said.append(_("Personal income leaves out a spouse’s pay."))
    if only := named(groups_only_published(found)):
        who = join_with_and([level.group.words for level in only])
        if place_is_its_county(found):
            said.append(_("For {groups} we have the source’s own numbers.").format(groups=who))
        else:
            said.append(
                _("For {groups} we only have numbers for all of {county}.").format(groups=who, county=found.county)
            )
    return " ".join(said)


def named(levels: list) -> list:
    """Those a sentence names: races, or girls and boys while there are no races."""
    races = [level for level in levels if level.group.race != "pooled" and level.group.gender == "pooled"]
    genders = [level for level in levels if level.group.race == "pooled" and level.group.gender != "pooled"]
    return races + genders


def groups_only_published(found: Groups) -> list[PublishedLevel]:
    known = {level.group for level in found.levels if level.here.value is not None}
    return [level for level in found.published if level.group not in known]


def blocks(place: Place, found: Groups) -> tuple[DotBlock, ...]:
    """The place's rows; the county's where they say more: other groups, or standard errors the tracts lack."""
    own = tuple(_own_row(level) for level in found.levels if level.here.value is not None)
    unsure = all(level.here.standard_error is None for level in found.levels)
    county = found.published if unsure or groups_only_published(found) else ()
    return (
        DotBlock(
            f"{place.name}: average of its tracts{_mark(found)}",
            f"percentile of {OUTCOME_WORDS.get(found.outcome, '')}",
            own,
        ),
        DotBlock(
            f"{found.county}{_mark(found) or ' as published'}",
            f"percentile of {OUTCOME_WORDS.get(found.published_outcome, '')}",
            tuple(_row(level, "") for level in county),
        ),
    )


def brief_blocks(place: Place, found: Groups) -> tuple[DotBlock, ...]:
    """What a quarter of a printed page can hold."""

    def is_plain(level: GroupLevel | PublishedLevel) -> bool:
        return "pooled" in (level.group.race, level.group.gender)

    plain = tuple(level for level in found.levels if is_plain(level))
    own, county = blocks(place, replace(found, levels=plain, published=tuple(filter(is_plain, found.published))))
    return (own,) if own.rows else (county,)


def _own_row(level: GroupLevel) -> DotRow:
    """Coverage is cut, not rounded: what is not quite everything does not read as everything."""
    share = level.here.coverage
    covered = "coverage not known" if share is None else f"{floor(100 * share)}% coverage"
    return _row(level, f"{format_number_of(level.here.n, 'tract')}, {covered}", is_thin(level))


def _row(level: GroupLevel | PublishedLevel, note: str, is_hollow: bool = False) -> DotRow:
    value, error = level.here.known_value, level.here.standard_error
    half = None if error is None else Z95 * error
    return DotRow(
        capitalize_first(level.group.words),
        note,
        value * 100,
        None if half is None else (value - half) * 100,
        None if half is None else (value + half) * 100,
        format_percentile(value),
        None if level.nation.value is None else level.nation.value * 100,
        f"US {format_percentile(level.nation.value)}" if level.nation.value is not None else "",
        is_hollow,
    )


def build_table(place: Place, found: Groups) -> Table:
    """The place's groups, then the county's; ranks 0-1. Standard errors are those the interval rests on."""
    columns = (
        Column("ground", "Where"),
        Column("group", "Group"),
        Column("measure", "Measure"),
        Column("rank", "Average percentile", "value", "rank"),
        Column("standard_error", "Standard error", "error", "rank"),
        Column("nation", "Same group, United States", "value", "rank"),
        Column("children", "Low-income children", "count", none="not known"),
        Column("coverage", "Share of them in tracts with a value", "value", "share", none="–"),
        Column("tracts_used", "Tracts used", "count", none="–"),
        Column("note", "Note"),
    )
    own = (_cells(place.name, level, level.here.coverage, level.here.n, _note(level)) for level in found.levels)
    county = (
        _cells(f"{found.county}, published", level, None, None, "published; not an average of tracts")
        for level in found.published
    )
    caption = f"Groups of children from low-income families in {place.name} beside the same groups nationally"
    return Table(caption, columns, (*own, *county))


def _cells(where: str, level, coverage: float | None, tracts: int | None, note: str) -> tuple[Cell, ...]:
    return (
        where,
        level.group.words,
        level.measure,
        level.here.value,
        level.here.standard_error,
        level.nation.value,
        level.children,
        coverage,
        tracts,
        note,
    )


def _note(level: GroupLevel) -> str:
    said = [format_interval(level.here) or level.here.reason]
    if level.here.value is not None and is_thin(level):
        said.append(f"rests on few children: {thin_note(level)}")
    if level.children is None:
        said.append(level.children_reason)
    said.append(level.here.coverage_reason)
    return "; ".join(filter(None, said))


def thin_note(level: GroupLevel) -> str:
    covered = "an unknown share" if level.here.coverage is None else format_percent(level.here.coverage)
    return f"{level.here.n} of {format_number_of(level.tracts_total, 'tract')}, {covered} of the group’s children"


def caveats(place: Place, found: Groups) -> tuple[str, ...]:
    """Population, what rests on little, the county's part and words about groups; `details` has the rest."""
    said = [
        _("Low-income families: parents at the 25th percentile of US household income."),
        _("Children were born 1978 to 1983. Their income is from 2014 and 2015."),
        ABOUT_PLACES,
    ]
    if found.reason and found.published:
        said.append(f"There are no numbers of {place.name} itself: {found.reason}.")
    if found.levels:
        said.append(_("Each group counts where its own children lived, here and in the nation."))
        if thin := _thin(found):
            said.append(
                _("Few children or tracts stand behind these, so read them with care: {groups}.").format(
                    groups=join_with_and([level.group.words for level in thin])
                )
            )
        if all(level.here.standard_error is None for level in found.levels):
            said.append(_("The tract file loaded here has no margin of error. Small differences may be chance."))
    if found.published:
        said.append(_("{county}’s numbers are published. They have a margin of error.").format(county=found.county))
    return (*said, NOT_HERE)


def details(place: Place, found: Groups) -> tuple[str, ...]:
    """Weights, coverage and checks in this place."""
    said = []
    if found.levels:
        said.append(_weights(found.levels))
        said += [
            f"{capitalize_first(level.group.words)}: {thin_note(level)}; read it with care." for level in _thin(found)
        ]
        said += _errors(found)
    said += [weight_check_note(check, found) for check in found.checks]
    if found.checks:
        said.append(
            "Numbers of children are estimates: each group’s modeled number times the published count of the county "
            "over the model’s, since every group has a model of its own. Averages do not change by it."
        )
    if any(level.children is None and "not additive" in level.children_reason for level in found.levels):
        said.append("Where a group’s number would still be larger than that of all children, none is given.")
    if found.published:
        said.append(county_note(place, found))
    return tuple(filter(None, said))


def _thin(found: Groups) -> list[GroupLevel]:
    return [level for level in found.levels if level.here.value is not None and is_thin(level)]


def _weights(levels: tuple[GroupLevel, ...]) -> str:
    rules = dict.fromkeys(level.weight_rule for level in levels if level.weight_rule)
    return f"Weights: {'; '.join(rules)}." if len(rules) <= 4 else f"Weights: {next(iter(rules))}, and so for each."


def _errors(found: Groups) -> list[str]:
    """Why tract means have no interval, or by what the standard errors were multiplied."""
    reasons = dict.fromkeys(level.here.reason for level in found.levels if level.here.standard_error is None)
    said = [f"No margin of error for {listed_groups(found, reason)}: {reason}." for reason in reasons if reason]
    raised = [level for level in found.levels if level.inflation.applies and (level.inflation.value or 0.0) >= 1.005]
    if raised:
        ratios = ", ".join(f"{level.group.words} {level.inflation.value:.2f}" for level in raised)
        said.append(
            "Standard errors are multiplied by what the county’s published error is of the one that independent tracts "
            f"would give: {ratios}."
        )
    return said


def listed_groups(found: Groups, reason: str) -> str:
    groups = [level.group.words for level in found.levels if level.here.reason == reason]
    return "the averages of tracts" if len(groups) == len(found.levels) else join_with_and(groups)


def weight_check_note(check: WeightCheck, found: Groups) -> str:
    """The error of a race's modeled weights in the main county, and over the counties of the fit."""
    off = check.children_modelled / check.children_published - 1
    who = "children of all races" if check.race == "pooled" else f"{RACES[check.race]} children"
    said = (
        f"The modeled weights give {format_count(check.children_modelled)} low-income {who} in {found.county}, "
        f"{format_percent(abs(off))} {'more' if off > 0 else 'fewer'} than the published count of "
        f"{format_count(check.children_published)}; over the {check.counties:,} counties of the fit the share "
        "below the "
        f"median misses by {format_percent(check.share_error)} (root mean square)."
    )
    if check.mean_error is None:
        return f"{said} The county file has no value of this measure to compare the average with."
    error = check.mean_standard_error
    size = f" (its standard error: {format_standard_error(error, 'rank')})" if error else ""
    side = "above" if check.mean_error > 0 else "below"
    off_by = format_points(abs(check.mean_error))
    return f"{said} The county’s average by these weights is {off_by} {side} its value{size}."


def county_note(place: Place, found: Groups) -> str:
    share = (
        ""
        if found.county_share is None
        else f", where {format_share_in_words(found.county_share)} of its children lived"
    )
    other = ""
    if found.outcome and found.outcome != found.published_outcome:
        other = (
            f" They are of {OUTCOME_WORDS[found.published_outcome]}, the tracts’ of {OUTCOME_WORDS[found.outcome]}: "
            "the two never share an axis."
        )
    return (
        f"{found.county}’s values are for the whole county, of which {place.name} is a part{share}.{other} The "
        "nation’s number is the average of all US counties, each weighted by its count of the group."
        if not place_is_its_county(found)
        else f"{found.county}’s values are separate estimates for the same ground.{other} The nation’s number is the "
        "average of all US counties, each weighted by its count of the group."
    )


def _mark(found: Groups) -> str:
    return ", sample" if found.is_sample else ""
