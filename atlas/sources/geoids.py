"""GEOIDs are fixed-width codes; files write them as numbers and lose the leading zero. Pure.

State codes of the 2010 Census: 50 states, the District of Columbia and Puerto Rico.
"""

import numpy as np
from numpy.typing import NDArray

from atlas.sources.base import MAX_PROBLEMS_KEPT, Problem, SourceFileError

STATES = frozenset(range(1, 57)) - {3, 7, 14, 43, 52} | {72}
_STATE_LIST = np.array(sorted(STATES))


def format_tract_geoids(geoids: NDArray[np.int64]) -> list[str]:
    """Eleven digits each: 1001020100 -> "01001020100"."""
    return [f"{code:011d}" for code in geoids.tolist()]


def format_county_geoids(geoids: NDArray[np.int64]) -> list[str]:
    """Five digits each: 1001 -> "01001"."""
    return [f"{code:05d}" for code in geoids.tolist()]


def join_tract_geoids(
    state: NDArray[np.int64], county: NDArray[np.int64], tract: NDArray[np.int64]
) -> NDArray[np.int64]:
    """11-digit GEOIDs as numbers, shape (n,): state 2 digits, county 3, tract 6; unchecked."""
    return state * 10**9 + county * 10**6 + tract


def check_parts(
    state: NDArray[np.int64], county: NDArray[np.int64], tract: NDArray[np.int64] | None = None, *, rows_read: int
) -> None:
    """state, county (and tract) within the widths of the code. Raises SourceFileError naming each bad field."""
    bad = [(state, "state", np.isin(state, _STATE_LIST), "is not a state code")]
    bad.append((county, "county", (county > 0) & (county < 1000), "is not a county code"))
    if tract is not None:
        bad.append((tract, "tract", (tract > 0) & (tract < 10**6), "is not a six-digit tract code"))
    _check_all(bad, rows_read)


def check_tracts(geoids: NDArray[np.int64], column: str, *, rows_read: int) -> None:
    """Eleven digits, or ten with a lost zero, of a state that exists. Raises SourceFileError naming each bad one."""
    state = geoids // 10**9
    ok = np.isin(state, _STATE_LIST) & (geoids // 10**6 % 1000 > 0)
    _check_all([(geoids, column, ok, "is not an 11-digit tract GEOID, nor one that lost its leading zero")], rows_read)


def check_range(values: NDArray[np.int64], column: str, low: int, high: int, reason: str, *, rows_read: int) -> None:
    """Whole numbers between `low` and `high`. Raises SourceFileError naming each that is not."""
    _check_all([(values, column, (values >= low) & (values <= high), reason)], rows_read)


def check_unique(geoids: NDArray[np.int64], column: str, width: int, *, rows_read: int) -> NDArray[np.int64]:
    """The order that sorts `geoids`. Raises SourceFileError naming each GEOID that stands twice."""
    order = np.argsort(geoids, kind="stable")
    again = order[1:][geoids[order][1:] == geoids[order][:-1]]
    if again.size:
        problems = [
            Problem("stands in the file twice", line=int(i) + 2, column=column, value=f"{int(geoids[i]):0{width}d}")
            for i in sorted(again[:MAX_PROBLEMS_KEPT])
        ]
        raise SourceFileError(problems, int(again.size), rows_read)
    return order


def _check_all(checks: list[tuple[NDArray[np.int64], str, NDArray[np.bool_], str]], rows_read: int) -> None:
    problems: list[Problem] = []
    total = 0
    for values, column, ok, reason in checks:
        wrong = np.flatnonzero(~ok)
        total += int(wrong.size)
        for i in wrong[: MAX_PROBLEMS_KEPT - len(problems)]:
            problems.append(Problem(reason, line=int(i) + 2, column=column, value=str(values[i])))
    if problems:
        raise SourceFileError(problems, total, rows_read)
