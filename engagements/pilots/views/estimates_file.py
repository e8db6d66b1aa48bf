"""All estimates of a finding as CSV: the registered one first, everything else by what it is."""

import csv
import io
from collections.abc import Iterator

from atlas.tables.formula_escape import escape_formula
from engagements.pilots.rules.estimates import Answer, Estimate, Finding
from engagements.pilots.rules.registration import Registration

HEADER = (
    "part",
    "name",
    "method",
    "value",
    "standard_error",
    "low",
    "high",
    "level",
    "df",
    "p",
    "adjusted_p",
    "people",
    "unit",
    "refused",
)


def estimates_csv(plan: Registration, finding: Finding | None, retracted: str = "") -> str:
    """`retracted`: why it was, said before the first number. Texts that a spreadsheet would run are kept as texts."""
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\r\n")
    writer.writerow(HEADER)
    if retracted:
        writer.writerow(["retracted", _safe(retracted), *[""] * (len(HEADER) - 2)])
    for line in _lines(plan, finding) if finding else ():
        writer.writerow([_safe(cell) for cell in line])
    return written.getvalue()


def _lines(plan: Registration, finding: Finding) -> Iterator[tuple[object, ...]]:
    unit = plan.outcome.unit
    yield _line("registered", plan.outcome.name, finding.primary, None, unit)
    if finding.shown_low is not None:
        yield ("interval of the verdict", "", "", "", "", finding.shown_low, finding.shown_high, *[""] * 5, unit, "")
    if finding.on_takers is not None:
        yield _line("those who took part", plan.outcome.name, finding.on_takers, None, unit)
    units = {one.name: one.unit for one in plan.secondary}
    for part, rows in (
        ("secondary outcome", finding.secondary),
        ("subgroup", finding.subgroups),
        ("city", finding.pooled.cities if finding.pooled else ()),
        ("exploratory", finding.specifications),
    ):
        for one in rows:
            yield _line(part, one.name, one.answer, one.adjusted_p, units.get(one.name, unit))


def _line(part: str, name: str, answer: Answer, adjusted: float | None, unit: str) -> tuple[object, ...]:
    if not isinstance(answer, Estimate):
        return (part, name, answer.method, *[""] * 9, unit, f"{answer.reason} {answer.needed}".strip())
    numbers = (
        answer.value,
        answer.standard_error,
        answer.low,
        answer.high,
        answer.level,
        answer.df,
        answer.p,
        adjusted,
    )
    return (part, name, answer.method, *("" if one is None else one for one in numbers), answer.people or "", unit, "")


def _safe(cell: object) -> object:
    return escape_formula(cell) if isinstance(cell, str) else cell
