"""The rows the portal starts with, from `evidence_rows/*.toml`: an intervention, then a row for each outcome."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from engagements.evidence.records import COLUMNS, LISTS, NUMBERS, EvidenceFields
from engagements.evidence.rules import validate

SEED = Path(__file__).parent / "evidence_rows"


class SeedFileError(ValueError):
    """A row of the library's own files breaks the library's rules."""


@cache
def starter_library(folder: Path = SEED) -> tuple[EvidenceFields, ...]:
    """Every row, in the order of the files. Raises SeedFileError."""
    rows: list[EvidenceFields] = []
    for path in sorted(folder.glob("*.toml")):
        for entry in tomllib.loads(path.read_text("utf-8"))["intervention"]:
            rows += [_row({**entry, **outcome}, path.name) for outcome in entry["row"]]
    keys = [row.key for row in rows]
    if twice := sorted({key for key in keys if keys.count(key) > 1}):
        raise SeedFileError(f"{', '.join(twice)}: twice")
    return tuple(rows)


def _row(entry: dict[str, Any], file: str) -> EvidenceFields:
    """An empty text removes the value of the intervention: TOML has no null."""
    given = {name: value for name, value in entry.items() if name != "row" and value != ""}
    if unknown := sorted(set(given) - set(COLUMNS)):
        raise SeedFileError(f"{file}, {given.get('key')}: no column {', '.join(unknown)}")
    row = EvidenceFields(**{name: _value(name, value) for name, value in {**_EMPTY, **given}.items()})
    if refused := validate(row):
        raise SeedFileError(f"{file}, {row.key}: {refused}")
    return row


_EMPTY: dict[str, Any] = dict.fromkeys(("key", "intervention", "summary", "outcome", "outcome_family"), "")


def _value(name: str, value: Any) -> Any:
    if name in LISTS:
        return tuple(value)
    if name in NUMBERS:
        return float(value)
    return value.strip() if isinstance(value, str) else value
