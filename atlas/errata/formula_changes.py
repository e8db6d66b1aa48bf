"""Formulas of the portal that changed a number readers had seen: one file of `entries` for each. Pure: no Django.

An entry is `entries/YYYY-MM-DD-name.toml`:

    formula = "Middle tract of the nation"         # what was worked out
    what = "One sentence that says what changed."
    reason = "One sentence that says why."
    where = ["City page, headline"]                # pages and files that show it

    [[values]]                                     # at least one
    of = "Nation, household income at ages 31-37"
    unit = "2015 dollars"
    old = "33,700"                                 # as it was printed
    new = "32,000"

A value without a number is said in words, such as `old = "no interval"`.
"""

import tomllib
from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from atlas.records.errata import CorrectedValue, Erratum

FOLDER = Path(__file__).parent / "entries"
_DATE = len("2026-11-29")
_KEYS = {"formula", "what", "reason", "where", "values"}
_VALUE_KEYS = {"of", "unit", "old", "new"}


class BadEntry(ValueError):
    """An entry that lacks something or has something nobody knows; says which file and what."""


@cache
def formula_changes(folder: Path = FOLDER) -> tuple[Erratum, ...]:
    """All entries, newest first. Raises BadEntry."""
    return tuple(_read(path) for path in sorted(folder.glob("*.toml"), key=lambda path: path.name, reverse=True))


def _read(path: Path) -> Erratum:
    try:
        entry = tomllib.loads(path.read_text("utf-8"))
        day = date.fromisoformat(path.name[:_DATE])
    except ValueError as error:
        raise BadEntry(f"{path.name}: {error}") from error
    _check_keys(path, entry, _KEYS)
    if not entry["values"] or not entry["where"]:
        raise BadEntry(f"{path.name}: at least one value and one place where it is shown")
    for value in entry["values"]:
        _check_keys(path, value, _VALUE_KEYS)
    return Erratum(
        date=day,
        kind="formula",
        subject=entry["formula"],
        what=entry["what"],
        reason=entry["reason"],
        where=tuple(entry["where"]),
        values=tuple(CorrectedValue(**value) for value in entry["values"]),
    )


def _check_keys(path: Path, table: Mapping[str, Any], wanted: set[str]) -> None:
    if set(table) != wanted:
        wrong = ", ".join(sorted(set(table) ^ wanted))
        raise BadEntry(f"{path.name}: keys are {', '.join(sorted(wanted))}; missing or unknown: {wrong}")
    if empty := [key for key, value in table.items() if isinstance(value, str) and not value.strip()]:
        raise BadEntry(f"{path.name}: {', '.join(empty)} must not be empty")
