"""National lists of designated Opportunity Zones: `censusTractNumber, tractType`, and in a newer list its dates.

The list of 2018 has no dates: its designations hold until the end of 2028. A list with `valid_from` and `valid_to` says
its own (new nominations of 2026 are in force from January 1, 2027, Rev. Proc. 2026-14; no real copy of such a list was
seen). Tracts of the island areas are on it, so state codes reach beyond the fifty states.
"""

from dataclasses import replace
from datetime import date

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from atlas.metrics.opportunity_zones import CONTIGUOUS, DEFINITIONS, DESIGNATED
from atlas.sources import base, columns, observed, table_reader
from atlas.sources.base import DatasetInfo, ObservationTable, ObservedColumn, Progress
from atlas.sources.geoids import STATES
from atlas.sources.opening import OpenedFile
from atlas.sources.table_reader import Header

_TRACT, _TYPE = "censusTractNumber", "tractType"
_TYPES = {"Low-Income Community": 0.0, "Non-LIC Contiguous": 1.0}
_ISLANDS = (60, 66, 69, 78)  # American Samoa, Guam, Northern Mariana Islands, US Virgin Islands
_STATES = np.array(sorted({*STATES, *_ISLANDS}))

DATASET = DatasetInfo(
    key="opportunity_zones",
    title="Designated Opportunity Zones",
    publisher="Community Development Financial Institutions Fund, US Department of the Treasury",
    citation="CDFI Fund, List of Designated Qualified Opportunity Zones (2018)",
    licence=base.CENSUS_PUBLIC_DOMAIN,
    addresses=("https://www.cdfifund.gov/opportunity-zones", "https://opportunityzones.hud.gov/resources/map"),
    vintage="designated in 2018, 2010 Census tracts",
    level="tract",
    content="observations",
    priority=80,
    caveats=("A designation is a tax rule for investors; it says nothing of what was invested or of whom it helped.",),
)
_FROM, _TO = "valid_from", "valid_to"
FIRST_TERM = (
    np.datetime64("2018-01-01"),
    np.datetime64("2028-12-31"),
)  # of the list of 2018, which names its year only
_SECOND_LIST = np.datetime64("2026-07-01")  # a list in force from here on is the new one
NEW_LIST = replace(
    DATASET,
    key="opportunity_zones_2027",
    title="Designated Opportunity Zones, list in force from 2027",
    citation="US Department of the Treasury, designated Qualified Opportunity Zones under Rev. Proc. 2026-14",
    vintage="dates as in the list; tract codes that 2010 does not have are kept and shown nowhere",
)
KEY_COLUMNS: tuple[str, ...] = ()
METRICS = DEFINITIONS


def matches_header(names: tuple[str, ...]) -> bool:
    return {_TRACT, _TYPE} <= set(names)


def find_dataset(key: str) -> DatasetInfo | None:
    return next((info for info in (DATASET, NEW_LIST) if info.key == key), None)


def read(opened: OpenedFile, header: Header, progress: Progress = base.no_progress) -> ObservationTable:
    """One row per designated tract. Raises SourceFileError."""
    dates = tuple(name for name in (_FROM, _TO) if name in header.names)
    if len(dates) == 1:
        raise base.file_error("stands alone: a designation has its first and its last day", line=1, column=dates[0])
    table = table_reader.read_columns(
        opened, header, numbers=(), texts=(_TYPE, *dates), integers=(_TRACT,), progress=progress
    )
    geoids = columns.integer_column(table, _TRACT)
    known = np.isin(geoids // 10**9, _STATES) & (geoids // 10**6 % 1000 > 0)
    observed.reject_rows(~known, geoids, _TRACT, "is not an 11-digit tract GEOID, nor one that lost its leading zero")
    kinds = observed.text_column(table, _TYPE)
    observed.reject_rows(~np.isin(kinds, list(_TYPES)), kinds, _TYPE, "is no type of designation")
    observed.check_unique_rows(_TRACT, geoids)
    starts, ends = (
        (_days(table, _FROM), _days(table, _TO)) if dates else (np.full(len(geoids), day) for day in FIRST_TERM)
    )
    observed.reject_rows(ends < starts, ends, _TO, "is before the first day")
    is_new = starts >= _SECOND_LIST
    if is_new.any():
        observed.reject_rows(~is_new, starts, _FROM, "is of another list: a file holds one list")
    return ObservationTable(
        dataset=NEW_LIST if is_new.any() else DATASET,
        vintage=2010,
        area_kind="tract",
        geoids=geoids,
        period_kind="none",
        columns=(
            ObservedColumn(DESIGNATED, np.ones(len(geoids))),
            ObservedColumn(CONTIGUOUS, np.array([_TYPES[kind] for kind in kinds])),
        ),
        rows_read=table.num_rows,
        valid_from=starts,
        valid_to=ends,
        ignored_columns=tuple(n for n in header.names if n not in (_TRACT, _TYPE, *dates)),
    )


def _days(table: pa.Table, name: str) -> NDArray[np.datetime64]:
    """Days as "2027-01-01". Raises SourceFileError naming each that is none."""
    texts = observed.text_column(table, name)
    days = [_day(text) for text in texts]
    observed.reject_rows(np.array([day is None for day in days]), texts, name, "is not a day such as 2027-01-01")
    return np.array(days, dtype="datetime64[D]")


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
