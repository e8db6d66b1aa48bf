"""A table of units, read by what the registration says: ids to salt, blocks, groups, numbers. Pure."""

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from engagements import limits
from engagements.pilots.rules.registration import DesignKind, Registration

ID = "id"
SEPARATOR = " / "
MOST_TOLD = 50


@dataclass(frozen=True)
class ListedUnit:
    """One line. `id`: as the program writes it, until it is salted. `numbers`: only those that could be read."""

    line: int
    id: str
    block: str
    cluster: str
    numbers: dict[str, float]


@dataclass(frozen=True)
class ReadUnits:
    """`problems`: (line, sentence), at most MOST_TOLD and a last one that says how many more; line 0: of the file.
    `kept`: names of the columns that are kept; `left_out`: of those that are not."""

    units: tuple[ListedUnit, ...]
    problems: tuple[tuple[int, str], ...]
    kept: tuple[str, ...]
    left_out: tuple[str, ...]


def unit_columns(registration: Registration) -> tuple[str, ...]:
    """What the file must have besides the id, in the order of the registration."""
    draw = registration.draw
    wanted = [*draw.block_by]
    if registration.design in (DesignKind.CLUSTERS, DesignKind.PHASED):
        wanted.append(draw.cluster_by)
    if registration.design == DesignKind.PAIRS:
        wanted += draw.pair_by
    return tuple(dict.fromkeys(name for name in wanted if name and name != "city"))


def number_columns(registration: Registration) -> tuple[str, ...]:
    """Numbers that are kept where the file has them: for pairs, and to show the balance of the draw."""
    pairs = registration.draw.pair_by if registration.design == DesignKind.PAIRS else ()
    return tuple(dict.fromkeys((*pairs, *registration.covariates)))


def read_units(
    registration: Registration, header: Sequence[str], rows: Iterable[tuple[int, Sequence[str]]]
) -> ReadUnits:
    """`rows`: (line, cells as many as the header). Nothing is half read: with a problem there are no units."""
    places = {name.strip().casefold(): at for at, name in enumerate(header)}
    needed = (ID, *unit_columns(registration))
    missing = [name for name in needed if name.casefold() not in places]
    numbers = tuple(name for name in number_columns(registration) if name.casefold() in places)
    kept = tuple(dict.fromkeys((*needed, *numbers)))
    left_out = tuple(name for name in header if name.strip().casefold() not in {one.casefold() for one in kept})
    if missing:
        said = ", ".join(f"“{name}”" for name in missing)
        return ReadUnits((), ((0, f"The file has no column {said}. The registration names it."),), kept, left_out)

    def cell_of(cells: Sequence[str], name: str) -> str:
        return cells[places[name.casefold()]].strip()

    units: list[ListedUnit] = []
    problems: list[tuple[int, str]] = []
    seen: dict[str, int] = {}
    must_match = set(registration.draw.pair_by) if registration.design == DesignKind.PAIRS else set()
    for line, cells in rows:
        raw = cell_of(cells, ID)
        found = list(_problems(registration, cells, cell_of))
        if not raw:
            found.append("The id is missing.")
        elif raw in seen:
            found.append(f"The id stands in line {seen[raw]} already.")
        else:
            seen[raw] = line
        read: dict[str, float] = {}
        for name in numbers:
            text = cell_of(cells, name)
            value = _number(text)
            if value is not None:
                read[name] = value
            elif text or name in must_match:
                found.append(f"“{name}” is no number.")
        if found:
            problems.append((line, " ".join(found)))
            continue
        block = SEPARATOR.join(cell_of(cells, name) for name in registration.draw.block_by if name != "city")
        has_groups = registration.design in (DesignKind.CLUSTERS, DesignKind.PHASED)
        cluster = cell_of(cells, registration.draw.cluster_by) if has_groups else ""
        units.append(ListedUnit(line, raw, block, cluster, read))
    if len(problems) > MOST_TOLD:
        problems = [*problems[:MOST_TOLD], (0, f"{len(problems) - MOST_TOLD:,} more lines have a problem.")]
    return ReadUnits(() if problems else tuple(units), tuple(problems), kept, left_out)


def _problems(
    registration: Registration, cells: Sequence[str], cell_of: Callable[[Sequence[str], str], str]
) -> Iterable[str]:
    for name in unit_columns(registration):
        text = cell_of(cells, name)
        if not text:
            yield f"“{name}” is missing."
        elif len(text) > limits.SHORT_NAME or "\t" in text or "\n" in text:
            yield f"“{name}” has more than {limits.SHORT_NAME} characters, a tab or a line break."


def _number(text: str) -> float | None:
    """ "1,250" is no number: a comma may mean two things."""
    try:
        value = float(text)
    except ValueError:
        return None
    return value if math.isfinite(value) and abs(value) <= limits.LARGEST_NUMBER else None
