"""A list of milestones apart: what is left to do, and what is finished by year."""

from collections.abc import Iterable
from dataclasses import dataclass

from engagements.milestones.queries.milestones import MilestoneRow


@dataclass(frozen=True)
class FinishedYear:
    """`year` None: finished on a day that nobody recorded."""

    year: int | None
    rows: tuple[MilestoneRow, ...]


def open_and_finished(
    rows: Iterable[MilestoneRow],
) -> tuple[tuple[MilestoneRow, ...], tuple[FinishedYear, ...]]:
    """Open rows in their order; finished ones by year, newest first, without a year last."""
    left: list[MilestoneRow] = []
    finished: dict[int | None, list[MilestoneRow]] = {}
    for row in rows:
        (left if row.is_open else finished.setdefault(row.finished_in, [])).append(row)
    years = sorted(finished, key=lambda year: -(year or 0))
    return tuple(left), tuple(FinishedYear(year, tuple(finished[year])) for year in years)
