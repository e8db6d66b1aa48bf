"""Rows of a table as wishes for indicators: what is counted, its baseline and its target."""

from typing import Any

from engagements import limits
from engagements.base.table_import.named_rows import NamedRows, read_named_rows
from engagements.base.table_import.results import Problem
from engagements.base.tables.cells import read_planned_day, read_whole, read_yes
from engagements.base.tables.mapping import Declaration, Field, Mapping, meaning_of
from engagements.base.tables.table import Kind, Table
from engagements.indicators.import_rows import read_number
from engagements.models import Indicator, OutcomeFamily

INDICATORS = Kind("indicator", "indicators", "Indicators", 500)
_KINDS = (("population", "Population"), ("performance", "Performance"))
_DIRECTIONS = (("rising", "Higher is better"), ("falling", "Lower is better"))
_DIRECTION_WORDS = (
    ("up", "rising"),
    ("increase", "rising"),
    ("higher", "rising"),
    ("down", "falling"),
    ("decrease", "falling"),
    ("lower", "falling"),
)
_UNIT_WORDS = (
    ("number", "count"),
    ("#", "count"),
    ("%", "share"),
    ("percent", "share"),
    ("share", "share"),
    ("$", "usd"),
    ("usd", "usd"),
)
INDICATOR_TABLE = Declaration(
    "indicators",
    "An indicator",
    INDICATORS,
    (
        Field(
            "id",
            "Number here",
            "Number of an existing indicator; empty for a new one",
            differs=True,
            usual=("portal_id",),
            ours=True,
        ),
        Field(
            "version",
            "Version here",
            "As exported: tells whether someone changed it since",
            differs=True,
            usual=("portal_version",),
            ours=True,
        ),
        Field(
            "external_id",
            "Key in the tool",
            "What stays when a row is renamed: the tool’s own number, or a column you choose",
            differs=True,
            shares=True,
            usual=("record_id", "item_id", "row_id", "task_id", "key"),
        ),
        Field(
            "name",
            "Name",
            "What it is called; required",
            required=True,
            differs=True,
            usual=("indicator", "measure", "metric", "kpi", "indicator_name"),
        ),
        Field(
            "kind",
            "Kind",
            "Population: how the city’s people fare; performance: the program",
            choices=_KINDS,
            usual=("type",),
        ),
        Field("definition", "Definition", "What is counted, of whom, by whom", usual=("description", "notes")),
        Field(
            "unit",
            "Unit",
            "People, households, count, share, dollars, days or score",
            choices=tuple(Indicator.Unit.choices),
            usual_words=_UNIT_WORDS,
            usual=("units", "format"),
        ),
        Field(
            "direction",
            "Direction",
            "Higher is better, or lower is better",
            choices=_DIRECTIONS,
            usual_words=_DIRECTION_WORDS,
            usual=("trend", "desired_direction"),
        ),
        Field(
            "outcome_family",
            "Topic",
            "What it is about",
            choices=tuple(OutcomeFamily.choices),
            usual=("topic", "theme", "category", "group_above"),
        ),
        Field("denominator", "Denominator", "Of what a share is a share"),
        Field(
            "baseline",
            "Baseline",
            "A number; shares as 0.35 for 35%",
            differs=True,
            usual=("baseline_value", "start_value"),
        ),
        Field(
            "baseline_on", "Day of the baseline", "2026-07-01 or Jul 1, 2026", is_date=True, usual=("baseline_date",)
        ),
        Field("target", "Target", "A number; shares as 0.35 for 35%", differs=True, usual=("target_value", "goal")),
        Field(
            "target_on",
            "Day of the target",
            "2027-06-30 or Jun 30, 2027",
            is_date=True,
            usual=("target_date", "due", "due_date"),
        ),
        Field("every_months", "Months between values", "How often a value is due; 3 when empty", usual=("cadence",)),
        Field("source", "Source", "Where its values come from", usual=("data_source",)),
        Field("no_interval_reason", "Why no interval", "Why its values have no uncertainty, such as a full count"),
        Field("counts_people", "Counts people", "yes: its total is people reached"),
        Field("is_unduplicated", "Each person once", "yes: each person is counted once"),
        Field("city", "City", "Rows of another city are refused", differs=True),
    ),
    own=("line", "fictional", "reason"),
)
_TEXTS = ("definition", "denominator", "source", "no_interval_reason")
_MOST = {
    "name": limits.NAME,
    "definition": limits.DEFINITION,
    "denominator": limits.PHRASE,
    "source": limits.SENTENCE,
    "no_interval_reason": limits.PHRASE,
}
EXPORTED = (
    "id",
    "version",
    "city",
    *(n for n in INDICATOR_TABLE.names if n not in ("id", "version", "external_id", "city")),
)


def read_indicators(table: Table, mapping: Mapping) -> NamedRows:
    """Raises TableRefused when the mapping names a column that the table doesn't have."""
    order = mapping.options["date_order"]

    def read_fields(cell: dict[str, str], problems: list[Problem]) -> dict[str, Any]:
        fields: dict[str, Any] = {"name": cell["name"]} | {name: cell[name] for name in _TEXTS if mapping.has(name)}

        def read(name: str, how, empty: object = None) -> None:
            if not mapping.has(name):
                return
            try:
                fields[name] = how(cell[name]) if cell[name] else empty
            except ValueError as wrong:
                problems.append((name, str(wrong)))

        for name in ("kind", "unit", "direction", "outcome_family"):
            if cell.get(name):
                read(name, lambda text, name=name: _read_meaning(name, text))
        for name in ("baseline", "target"):
            read(name, read_number)
        for name in ("baseline_on", "target_on"):
            read(name, lambda text: read_planned_day(text, order))
        read("every_months", read_whole, 3)
        for name in ("counts_people", "is_unduplicated"):
            read(name, read_yes, False)
        for name, most in _MOST.items():
            if len(fields.get(name, "")) > most:
                problems.append((name, f"It has more than {most:,} characters."))
        return fields

    return read_named_rows(table, mapping, read_fields)


def _read_meaning(name: str, text: str) -> str:
    each = INDICATOR_TABLE.field(name)
    assert each is not None, "a field of this table"
    if found := meaning_of(each, text):
        return found
    raise ValueError(f"“{text[:40]}” is none of: {', '.join(label for _, label in each.choices)}.")
