"""The rows of the page: found by words, sorted, cut into pages."""

from collections.abc import Callable
from dataclasses import dataclass

from django.http import QueryDict

from atlas.formatting.counts import format_count
from atlas.records.wages import MetroWages, OccupationPay
from dashboards.formatting.wages import REASONS, WageDollars, format_error, format_median, format_wage_range
from dashboards.panels.options import UnknownChoice

PAGE = 25
_LONGEST = 80
SORTS = {"jobs": "jobs", "pay": "median wage", "title": "occupation"}
# Largest first, except titles; rows without the number come last.
_KEYS: dict[str, Callable[[OccupationPay], float | None]] = {
    "pay": lambda row: _yearly(row),
    "jobs": lambda row: row.employment,
}
_HOURS = 2_080  # a year of full-time work, as the source counts it; to sort only


@dataclass(frozen=True)
class WageLine:
    """One row as it is written. `is_group`: it holds the occupations below it."""

    code: str
    title: str
    is_group: bool
    wage: str
    middle: str
    nation: str
    jobs: str
    jobs_error: str
    wage_error: str


@dataclass(frozen=True)
class WagePage:
    lines: tuple[WageLine, ...]
    found: int
    number: int
    pages: int
    words: str
    sort: str


def read_page(found: MetroWages, asked: QueryDict, dollars: WageDollars) -> WagePage:
    """`asked`: `words`, `sort`, `page`. Without words only occupations themselves, not the groups that hold them.

    Raises UnknownChoice for a sort nobody offers.
    """
    words, sort = asked.get("words", "").strip()[:_LONGEST], asked.get("sort", "") or "jobs"
    if sort not in SORTS:
        raise UnknownChoice("sort", sort, SORTS)
    matching = matching_rows(found, words)
    rows = _sorted(matching if words else [row for row in matching if row.group == "detailed"], sort)
    pages = max(1, -(-len(rows) // PAGE))
    number = _number(asked.get("page", ""), pages)
    shown = rows[(number - 1) * PAGE : number * PAGE]
    nation = {row.code: row for row in found.nation}
    lines = tuple(write_line(row, nation.get(row.code), dollars) for row in shown)
    return WagePage(lines, len(rows), number, pages, words, sort)


def _number(text: str, pages: int) -> int:
    number = int(text) if text.isascii() and text.isdecimal() and len(text) < 5 else 1
    return min(max(number, 1), pages)


def matching_rows(found: MetroWages, words: str) -> list[OccupationPay]:
    """Whose title holds each of the words, or whose code begins with it; all rows without words."""
    wanted = words.casefold().split()
    return [
        row for row in found.rows if all(word in row.title.casefold() or row.code.startswith(word) for word in wanted)
    ]


def _sorted(rows: list[OccupationPay], sort: str) -> list[OccupationPay]:
    if sort == "title":
        return sorted(rows, key=lambda row: row.title)
    key = _KEYS[sort]

    def order(row: OccupationPay) -> tuple[bool, float, str]:
        value = key(row)
        return value is None, -(value or 0), row.title

    return sorted(rows, key=order)


def _yearly(row: OccupationPay) -> float | None:
    if row.missing.get("annual_median") == "top_coded":
        return float("inf")
    if row.annual_median is None and row.hourly_median is not None:
        return row.hourly_median * _HOURS
    return row.annual_median


def write_line(row: OccupationPay, nation: OccupationPay | None, dollars: WageDollars) -> WageLine:
    there = format_median(nation, dollars) if nation else "–"
    by_hour = row.annual_median is None and row.hourly_median is not None
    middle = (
        format_wage_range(row.hourly_p25, row.hourly_p75, row.missing, dollars, "hourly")
        if by_hour
        else format_wage_range(row.annual_p25, row.annual_p75, row.missing, dollars)
    )
    return WageLine(
        row.code,
        row.title,
        row.group in ("major", "minor", "broad"),
        format_median(row, dollars),
        middle,
        there,
        format_count(row.employment) if row.employment is not None else REASONS[row.missing["employment"]],
        format_error(row.employment_rse),
        format_error(row.mean_rse),
    )
