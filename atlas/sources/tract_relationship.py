"""Census relationship file of 2020 to 2010 tracts (`tab20_tract20_tract10_natl.txt`, parted by bars).

One row per piece of land or water that a 2020 and a 2010 tract share; areas in square meters.
"""

from atlas.metrics.labels import MetricDefinition
from atlas.sources import base, geoids, table_reader
from atlas.sources.base import DatasetInfo, Progress, RelationTable
from atlas.sources.opening import OpenedFile
from atlas.sources.table_reader import Header

_NEW, _OLD = "GEOID_TRACT_20", "GEOID_TRACT_10"
_AREAS = ("AREALAND_TRACT_20", "AREALAND_TRACT_10", "AREALAND_PART")

DATASET = DatasetInfo(
    key="tract_relationship_2020_2010",
    title="How 2020 Census tracts relate to those of 2010",
    publisher="US Census Bureau",
    citation="US Census Bureau, 2020 to 2010 census tract relationship file",
    licence=base.CENSUS_PUBLIC_DOMAIN,
    addresses=("https://www2.census.gov/geo/docs/maps-data/data/rel2020/tract/tab20_tract20_tract10_natl.txt",),
    vintage="2020 and 2010 Census tracts",
    level="tract",
    content="relations",
)
KEY_COLUMNS: tuple[str, ...] = ()
METRICS: tuple[MetricDefinition, ...] = ()


def find_dataset(key: str) -> DatasetInfo | None:
    return DATASET if key == DATASET.key else None


def matches_header(names: tuple[str, ...]) -> bool:
    return {_NEW, _OLD, *_AREAS} <= set(names)


def read(opened: OpenedFile, header: Header, progress: Progress = base.no_progress) -> RelationTable:
    """Pairs sorted by 2020 tract. A tract that is new on one side has an empty field on the other: left out."""
    table = table_reader.read_columns(opened, header, numbers=(_NEW, _OLD, *_AREAS), progress=progress)
    complete = table.drop_null() if any(table.column(n).null_count for n in (_NEW, _OLD)) else table
    new, old = (complete.column(name).to_numpy(zero_copy_only=False).astype("int64") for name in (_NEW, _OLD))
    for codes, name in ((new, _NEW), (old, _OLD)):
        geoids.check_tracts(codes, name, rows_read=table.num_rows)
    areas = {name: complete.column(name).to_numpy(zero_copy_only=False) for name in _AREAS}
    return RelationTable(
        DATASET,
        new,
        old,
        areas["AREALAND_PART"],
        areas["AREALAND_TRACT_20"],
        areas["AREALAND_TRACT_10"],
        table.num_rows,
    )
