"""`county_outcomes_simple.csv`: ranks and rates of counties with `_se` and counts by race and gender.

Its `cz` column also says which 1990 commuting zone a county is in; names of zones repeat, so joins use the number.
"""

from atlas import measures
from atlas.sources import base, columns, table_reader
from atlas.sources.base import Column, DatasetInfo, EstimateTable, Progress
from atlas.sources.opening import OpenedFile
from atlas.sources.table_reader import Header

_IDS = ("state", "county")
CZ_SLUG = "cz"  # stored beside the estimates: the zone's number, exact in float32 (below 40,000)

DATASET = DatasetInfo(
    key="county_outcomes_simple",
    title="Opportunity Atlas outcomes by county",
    publisher=base.OPPORTUNITY_INSIGHTS,
    citation=base.OPPORTUNITY_ATLAS_CITATION,
    licence=base.ATLAS_LICENCE,
    addresses=(
        "https://opportunityinsights.org/wp-content/uploads/2018/10/county_outcomes_simple.csv",
        "https://www2.census.gov/ces/opportunity/county_outcomes_simple.csv",
    ),
    vintage="people born 1978-83, outcomes in 2014-15, counties of 2010, commuting zones of 1990",
    level="county",
    priority=40,
)


def value_columns(names: tuple[str, ...]) -> dict[str, str]:
    """Publisher's columns that are measures, by name; `_se` columns go with their estimate."""
    found = {}
    for name in names:
        try:
            measures.describe(name)
        except measures.UnknownMeasure:
            continue
        found[name] = name
    return found


def recognises(names: tuple[str, ...]) -> bool:
    return (
        {"state", "county", "cz", "czname"} <= set(names)
        and "tract" not in names
        and "cohort" not in names
        and any(f"{name}_se" in names for name in value_columns(names))
    )


def read(opened: OpenedFile, header: Header, progress: Progress = base.no_progress) -> EstimateTable:
    known = value_columns(header.names)
    errors = tuple(f"{name}_se" for name in known if f"{name}_se" in header.names)
    table = table_reader.read_columns(
        opened, header, numbers=(*known, *errors, "cz"), texts=("czname",), integers=_IDS, progress=progress
    )
    geoids, order = columns.county_order(table)
    names = table.column("czname").to_pylist()
    return EstimateTable(
        dataset=DATASET,
        vintage=2010,
        geoids=geoids,
        columns=(*columns.paired(table, known, order), Column(CZ_SLUG, columns.vector(table, "cz", order))),
        rows_read=table.num_rows,
        names=tuple(names[i] for i in order),
        ignored_columns=tuple(n for n in header.names if n not in {*_IDS, *known, *errors, "cz", "czname"}),
    )
