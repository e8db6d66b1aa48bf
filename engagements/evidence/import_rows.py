"""Rows of a table as rows of the evidence library, with what is wrong in each cell."""

import re
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from engagements.base.tables.cells import read_choice, read_date, read_number, read_whole, read_yes
from engagements.base.tables.table import Row, Table, TableRefused
from engagements.evidence.gaps import GAPS
from engagements.evidence.records import CHOICES, COLUMNS, LISTS, NUMBERS, WHOLE_NUMBERS, YES_OR_NO, EvidenceFields
from engagements.evidence.rules import validate

REQUIRED = ("key",)  # what else a new row needs, the library's rules say
# Shown in exports and in the file of reasons; of these only `version` is read.
SHOWN_ONLY = ("line", "version", "reason")


def _labels(choices: tuple[tuple[str, str], ...]) -> str:
    return ", ".join(value for value, _ in choices if value)


# column -> what to write in it; the columns of the template and of exports
HELP = {
    "key": "Short name in small letters and hyphens; that of an existing row changes it; required",
    "intervention": "What was tried; required",
    "summary": "A sentence or two for a mayor; required",
    "outcome": "What was measured; required",
    "outcome_family": f"{_labels(CHOICES['outcome_family'])}; required",
    "effect": "A number in the unit; empty where nobody verified one",
    "se": "Standard error of the effect, in the same unit",
    "se_origin": "published (the source prints it), from_p (computed from an exact p) or empty",
    "p_value": "Two-sided, 0 to 1: exact, or with a bound the threshold below which it lies",
    "se_bound": "With a threshold of p only: the standard error is at most this; no plan uses it",
    "ci_low": "Lower end of the 95% interval",
    "ci_high": "Upper end of the 95% interval",
    "conflict": "Where sources, or versions of one, say different things",
    "effect_words": "What the source says beside or in place of one number",
    "unit": "With the price year where it is money; required with an effect",
    "estimand": "tot (those who took it up), itt (everybody offered) or empty",
    "study_takeup": "Share of those offered who took it up, 0 to 1",
    "outcome_age": "Age at which it was measured",
    "duration": "After how long",
    "sample_size": "People or families in the study",
    "population": "Who took part",
    "setting": "Place and years",
    "cost_usd": "For each person or family, in dollars",
    "cost_words": "What the cost covers, or that none is known",
    "cost_price_year": "Of which year's dollars; required with a cost",
    "fadeout": "Whether it lasts",
    "mvpf": "Dollars of benefit for each dollar of net public cost",
    "mvpf_low": "Lower end of its 95% interval",
    "mvpf_high": "Upper end of its 95% interval",
    "mvpf_words": "How it was calculated",
    "tier": f"{_labels(CHOICES['tier'])}; required",
    "finding": f"{_labels(CHOICES['finding'])}; required",
    "tried_in": "Short names of cities of the portal, with ; between them",
    "gaps": f"{', '.join(gap.code for gap in GAPS)}; with ; between them",
    "source": "Publication, year and where it was read; required",
    "is_verified": "yes when someone read the figures in the source or a copy of it",
    "verified_on": "2026-11-27 or Nov 27, 2026",
    "verification_note": "What was read, and what was not",
    "moves_children": "yes when it moves children to another neighborhood",
}
assert tuple(HELP) == COLUMNS


@dataclass(frozen=True)
class EvidenceImportRow:
    """One row. `version`: of the existing row as it was exported, None for a new one. `problems`: (column, sentence)
    of cells that can't be read. `columns`: those the table has; what it lacks stays as it is.
    """

    line: int
    fields: EvidenceFields
    version: int | None
    columns: frozenset[str]
    problems: tuple[tuple[str, str], ...]

    def onto(self, existing: EvidenceFields | None) -> EvidenceFields:
        """The row as it would be: the table's columns over those of the existing row."""
        if existing is None:
            return self.fields
        return replace(existing, **{name: getattr(self.fields, name) for name in self.columns})

    def refusals(
        self,
        existing: EvidenceFields | None = None,
        *,
        cities: Collection[str] | None = None,
        today: date | None = None,
    ) -> tuple[tuple[str, str], ...]:
        """Everything wrong with it: cells that can't be read, then what breaks the library's rules."""
        unread = {name for name, _ in self.problems}
        broken = validate(self.onto(existing), cities=cities, today=today)
        return (*self.problems, *(each for each in broken if each[0] not in unread))


def read_evidence(table: Table) -> tuple[EvidenceImportRow, ...]:
    """Raises TableRefused for unknown or missing columns."""
    unknown = [name for name in table.header if name not in COLUMNS and name not in SHOWN_ONLY]
    if unknown:
        raise TableRefused(f"There is no column “{unknown[0][:60]}”. Columns are: {', '.join(COLUMNS)}.")
    missing = [name for name in REQUIRED if name not in table.header]
    if missing:
        raise TableRefused(f"The column “{missing[0]}” is missing. The template has all columns.")
    keys = Counter(_cell(table, row, "key") for row in table.rows)
    return tuple(_read(table, row, keys) for row in table.rows)


def read_list(text: str) -> tuple[str, ...]:
    return tuple(part.strip().lower() for part in re.split(r"[;,]", text) if part.strip())


def _read(table: Table, row: Row, keys: Counter[str]) -> EvidenceImportRow:
    problems: list[tuple[str, str]] = []
    values: dict[str, Any] = {name: _value(name, _cell(table, row, name), problems) for name in COLUMNS}
    fields = EvidenceFields(**values)
    version_cell, version = _cell(table, row, "version"), None
    try:
        version = read_whole(version_cell) if version_cell else None
    except ValueError as wrong:
        problems.append(("version", str(wrong)))
    if keys[fields.key] > 1:
        problems.append(("key", "Another row has the same key."))
    columns = frozenset(name for name in table.header if name in COLUMNS)
    return EvidenceImportRow(row.line, fields, version, columns, tuple(problems))


def _value(name: str, cell: str, problems: list[tuple[str, str]]) -> object:
    """What a cell means; a cell that can't be read is a problem and counts as empty."""
    try:
        if name in LISTS:
            return read_list(cell)
        if name in YES_OR_NO:
            return read_yes(cell) if cell else False
        if name in CHOICES:
            return read_choice(cell, CHOICES[name]) if cell else ""
        if name in NUMBERS:
            return read_number(cell) if cell else None
        if name in WHOLE_NUMBERS:
            return read_whole(cell) if cell else None
        if name == "verified_on":
            return read_date(cell) if cell else None
    except ValueError as wrong:
        problems.append((name, str(wrong)))
        return () if name in LISTS else False if name in YES_OR_NO else "" if name in CHOICES else None
    return cell


def _cell(table: Table, row: Row, name: str) -> str:
    at = table.column(name)
    return "" if at is None else row.cells[at]
