"""Children born in 1978 and in 1992 in a city's main county: two ends, no tract, no standard error."""

from dataclasses import dataclass

from atlas import later_measures
from atlas.formatting.percentiles import format_percentile
from atlas.later_measures import BORN, FIRST_BIRTHS, LAST_BIRTHS, TREND
from atlas.records.county_values import CountyValue, CountyValues
from dashboards.formatting.estimates import format_change, unit_label
from dashboards.formatting.sentences import capitalize_first
from dashboards.panels.base import Column, Panel, Reading, Table
from dashboards.panels.county_table import (
    WHOLE_COUNTY,
    ReadingColumn,
    group_order,
    group_words,
    nothing_loaded,
    reading,
    unit_caveats,
)

SLUG, TITLE = "births", "Children born 1978 and 1992"
DATASETS = "county_trends", "county_cohorts"  # the first that is live is shown
LEAD, STAT = "kfr", "p25"  # the finding's outcome, and the parents it is about
NO_ERROR = "The file loaded here has no margin of error. A small difference may be chance, above all in a small county."
ONE_YEAR = "Each number is of one birth year alone, so it is noisier than the source’s fitted trends."
OTHERS = "The file also has parents at other percentiles; shown are families at the 25th."


@dataclass(frozen=True)
class _Pair:
    """One measure of one group at both ends; `published_change` where the file has it."""

    first: CountyValue
    last: CountyValue
    published_change: float | None

    @property
    def change(self) -> float | None:
        if self.published_change is not None:
            return self.published_change
        if self.first.value is None or self.last.value is None:
            return None
        return self.last.value - self.first.value


def build(place_name: str, found: CountyValues, by_year: bool) -> Panel:
    """`by_year` says that the numbers are of single birth years (tables by cohort), not of fitted ends."""
    pairs = _pairs(found, BORN if by_year else TREND)
    if not pairs:
        return nothing_loaded(SLUG, TITLE, "No county table of births from 1978 to 1992")
    shown = [one for pair in pairs for one in (pair.first, pair.last)]
    return Panel(
        slug=SLUG,
        title=TITLE,
        finding=describe(found.name, pairs),
        figure=None,
        table=_table(found, pairs),
        sources=found.sources,
        caveats=(NO_ERROR, WHOLE_COUNTY, *((ONE_YEAR,) if by_year else ()), *unit_caveats(shown), OTHERS),
    )


def describe(county: str, pairs: list[_Pair]) -> str:
    """Everybody first, then each race, at both ends."""
    told = [pair for pair in pairs if _is_lead(pair) and pair.first.value is not None and pair.last.value is not None]
    if not told:
        return ""
    lead, *others = told
    first, last, way = _ends(lead)
    said = [
        f"In {county}, low-income {group_words(lead.first.measure.slug)} born in {LAST_BIRTHS} reached the {last} "
        "percentile of household income at 27.",
        f"Those born in {FIRST_BIRTHS} reached the {first}: {way}.",
    ]
    for one in others:
        first, last, _ = _ends(one)
        group = capitalize_first(group_words(one.first.measure.slug))
        said.append(
            f"{group} went from the {first} to the {last}." if first != last else f"{group} stayed at the {first}."
        )
    return " ".join(said)


def _is_lead(pair: _Pair) -> bool:
    later = later_measures.parse(pair.first.measure.slug)
    return later is not None and later.stem == LEAD and later.gender == "pooled"


def _ends(pair: _Pair) -> tuple[str, str, str]:
    """(first, last, what changed) in words; only of pairs with both ends."""
    first, last, change = pair.first.value, pair.last.value, pair.change
    assert first is not None and last is not None and change is not None, "only pairs with both ends are told"
    if abs(change) < 0.0005:
        way = "the same"
    else:
        size = format_change(abs(change), "rank").removeprefix("+")
        way = f"{size} {'higher' if change > 0 else 'lower'}"
    return format_percentile(first), format_percentile(last), way


def _pairs(found: CountyValues, prefix: str) -> list[_Pair]:
    """Measures at the parents' 25th percentile with both ends in the file: the finding's outcome first."""
    pairs = []
    for one in found.values:
        later = later_measures.parse(one.measure.slug)
        if later is None or not one.measure.slug.startswith(prefix) or later.births != FIRST_BIRTHS:
            continue
        if later.stat != STAT:
            continue
        last = found.find(one.measure.slug.replace(f"_{FIRST_BIRTHS}", f"_{LAST_BIRTHS}"))
        who = f"{later.stem}_{later.race}_{later.gender}_{later.stat}"
        change = found.find(f"{TREND}change_{who}") if prefix == TREND else None
        if last is not None:
            pairs.append(_Pair(one, last, change.value if change else None))
    stems = list(later_measures.STEMS)

    def order(pair: _Pair) -> tuple[int, str, tuple[bool, int, int]]:
        later = later_measures.parse(pair.first.measure.slug)
        assert later is not None, "pairs are made of such slugs"
        known = stems.index(later.stem) if later.stem in stems else len(stems)
        return known, later.stem, group_order(pair.first.measure.slug)

    return sorted(pairs, key=order)


def _table(found: CountyValues, pairs: list[_Pair]) -> Table:
    columns = (
        Column("measure", "Measured"),
        Column("group", "Whose children, of families at the 25th percentile"),
        Column("unit", "Unit"),
        ReadingColumn("born_1978", "Born 1978", "value"),
        ReadingColumn("born_1992", "Born 1992", "value"),
        _ChangeColumn("change", "Change", "value", none="–"),
        ReadingColumn("middle_county_1992", "Middle US county, born 1992", "value"),
        Column("counties", "Counties with a value", "count"),
        Column("note", "Note"),
    )
    rows = []
    for pair in pairs:
        unit = pair.first.measure.unit
        note = "" if pair.published_change is not None else "change calculated from the two values"
        rows.append(
            (
                pair.first.measure.label,
                group_words(pair.first.measure.slug),
                unit_label(unit),
                reading(pair.first.value, unit),
                reading(pair.last.value, unit),
                reading(pair.change, unit),
                reading(pair.last.middle, unit),
                pair.last.counties,
                note,
            )
        )
    return Table(f"Children born in 1978 and in 1992 who grew up in {found.name}, measured at 27", columns, tuple(rows))


class _ChangeColumn(Column):
    """Differences, each with its sign and in its row's unit."""

    def format(self, cell) -> str:
        return format_change(float(cell), cell.unit) if isinstance(cell, Reading) else "–"
