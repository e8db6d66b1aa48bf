"""Data of a pilot as the CSV that `reading` reads back, digit for digit: for the bundle and for templates."""

import csv
import io
import math
from collections.abc import Iterator, Mapping

from atlas.tables.formula_escape import escape_formula
from engagements.pilots.rules.data import Cells, PilotData, Rows, Texts
from engagements.pilots.rules.data_columns import DataKind, data_columns
from engagements.pilots.rules.registration import Registration

_PLACES = ("arm", "city", "block", "cluster", "period")
_COUNTS = ("n", "total", "squares", "assigned", "took_part")


def data_csv(
    registration: Registration, outcomes: Mapping[str, PilotData], groups: Mapping[str, Texts] | None = None
) -> str:
    """`outcomes`: by key, all cells or all rows. `groups`: values of subgroup columns, one for each entry of the
    primary outcome's data. Columns that say nothing are left out.

    Raises ValueError where outcomes do not lie side by side.
    """
    told = groups or {}
    rows = [one for one in outcomes.values() if isinstance(one, Rows)]
    cells = {key: one for key, one in outcomes.items() if isinstance(one, Cells)}
    if rows and cells:
        raise ValueError("Counts and rows do not fit into one file.")
    columns = _of_rows(registration, outcomes, told) if rows else _of_cells(registration, cells, told)
    kept = {name: values for name, values in columns.items() if name == "arm" or any(values)}
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(kept)
    writer.writerows(zip(*kept.values(), strict=True))
    return out.getvalue()


def template_csv(registration: Registration, kind: DataKind) -> str:
    """The first line of a file to be filled in."""
    return ",".join(column.name for column in data_columns(registration, kind)) + "\n"


def _of_cells(
    registration: Registration, outcomes: Mapping[str, Cells], groups: Mapping[str, Texts]
) -> dict[str, list[str]]:
    columns: dict[str, list[str]] = {name: [] for name in ("outcome_key", *_PLACES, *groups, *_COUNTS)}
    for key, cells in outcomes.items():
        size = len(cells.arm)
        columns["outcome_key"] += [key if len(outcomes) > 1 else ""] * size
        for name in _PLACES:
            columns[name] += _texts(getattr(cells, name))
        is_primary = key == registration.outcome.key
        for name, values in groups.items():
            columns[name] += _texts(values) if is_primary else [""] * size
        for name in _COUNTS:
            columns[name] += list(_numbers(getattr(cells, name)))
    return columns


def _of_rows(
    registration: Registration, outcomes: Mapping[str, PilotData], groups: Mapping[str, Texts]
) -> dict[str, list[str]]:
    first = next(one for one in outcomes.values() if isinstance(one, Rows))
    columns = {name: _texts(getattr(first, name)) for name in _PLACES}
    columns |= {name: _texts(values) for name, values in groups.items() if name not in columns}
    for key, rows in outcomes.items():
        if not isinstance(rows, Rows) or list(rows.arm) != list(first.arm):
            raise ValueError("Outcomes of different people do not fit into one file.")
        columns[key] = list(_numbers(rows.outcome))
    columns["took_part"] = list(_numbers(first.took_part))
    return columns | {name: list(_numbers(values)) for name, values in first.covariates.items()}


def _texts(values: Texts) -> list[str]:
    return [escape_formula(str(value)) for value in values]


def _numbers(values: object) -> Iterator[str]:
    """Shortest digits that give the same number again; empty where it is not known."""
    for value in values.tolist():  # type: ignore[attr-defined]
        if not math.isfinite(value):
            yield ""
        else:
            yield str(int(value)) if value == int(value) and abs(value) < 1e15 else repr(value)
