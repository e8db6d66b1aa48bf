"""Writing a table of wages: a row for each area and occupation, in batches."""

from collections.abc import Iterator

import numpy as np

from atlas.models import OccupationWage, Release
from atlas.sources.base import OccupationWageTable

_ROWS_AT_ONCE = 5_000


def stage(parsed: OccupationWageTable, release: Release) -> None:
    for start in range(0, parsed.rows_kept, _ROWS_AT_ONCE):
        rows = _rows(parsed, release, range(start, min(start + _ROWS_AT_ONCE, parsed.rows_kept)))
        OccupationWage.objects.bulk_create(rows, batch_size=1_000)


def _rows(parsed: OccupationWageTable, release: Release, which: range) -> Iterator[OccupationWage]:
    for row in which:
        missing = {column.slug: column.reason[row] for column in parsed.columns if column.reason[row]}
        numbers = {
            column.slug: None if np.isnan(column.value[row]) else float(column.value[row]) for column in parsed.columns
        }
        yield OccupationWage(
            release=release,
            area=parsed.areas[row],
            area_title=parsed.area_titles[row],
            occupation=parsed.codes[row],
            title=parsed.titles[row],
            group=parsed.groups[row],
            missing=missing,
            **numbers,
        )
