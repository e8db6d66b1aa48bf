"""The finance table as it came, with the reason beside each row that can't be kept."""

from collections.abc import Mapping

from engagements.base.tables.table import Table
from engagements.money.rules.checks import Problem
from engagements.money.rules.mapping import label

REASON = "reason"


def with_reasons(
    table: Table, problems: Mapping[int, tuple[Problem, ...]], alike: Mapping[int, str], mapped: frozenset[str]
) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    """(header, rows), all of them text. `mapped`: columns in use.

    A last column called “reason” that no field is read from is ours, from the try before: it is written again. Where
    the table has a reason of its own, ours is “portal_reason”.
    """
    width = len(table.header) - (table.header[-1] == REASON and REASON not in mapped)
    name = REASON if REASON not in table.header[:width] else f"portal_{REASON}"
    width -= name != REASON and table.header[width - 1] == name
    return (*table.header[:width], name), [
        (*row.cells[:width], _refusal_text(problems.get(row.line, ()), alike.get(row.line, ""))) for row in table.rows
    ]


def _refusal_text(problems: tuple[Problem, ...], alike: str) -> str:
    return " ".join([*(f"{label(name)}: {sentence}" for name, sentence in problems), *filter(None, [alike])])
