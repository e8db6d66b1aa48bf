"""The national list of designated Opportunity Zones: `censusTractNumber, tractType`, 2010 tracts.

Tracts of the island areas are on it, so state codes reach beyond the fifty states.
"""

import numpy as np

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
KEY_COLUMNS: tuple[str, ...] = ()
METRICS = DEFINITIONS


def matches_header(names: tuple[str, ...]) -> bool:
    return {_TRACT, _TYPE} <= set(names)


def find_dataset(key: str) -> DatasetInfo | None:
    return DATASET if key == DATASET.key else None


def read(opened: OpenedFile, header: Header, progress: Progress = base.no_progress) -> ObservationTable:
    """One row per designated tract. Raises SourceFileError."""
    table = table_reader.read_columns(opened, header, numbers=(), texts=(_TYPE,), integers=(_TRACT,), progress=progress)
    geoids = columns.integer_column(table, _TRACT)
    known = np.isin(geoids // 10**9, _STATES) & (geoids // 10**6 % 1000 > 0)
    observed.reject_rows(~known, geoids, _TRACT, "is not an 11-digit tract GEOID, nor one that lost its leading zero")
    kinds = observed.text_column(table, _TYPE)
    observed.reject_rows(~np.isin(kinds, list(_TYPES)), kinds, _TYPE, "is no type of designation")
    observed.check_unique_rows(_TRACT, geoids)
    return ObservationTable(
        dataset=DATASET,
        vintage=2010,
        area_kind="tract",
        geoids=geoids,
        period_kind="none",
        columns=(
            ObservedColumn(DESIGNATED, np.ones(len(geoids))),
            ObservedColumn(CONTIGUOUS, np.array([_TYPES[kind] for kind in kinds])),
        ),
        rows_read=table.num_rows,
        ignored_columns=tuple(n for n in header.names if n not in (_TRACT, _TYPE)),
    )
