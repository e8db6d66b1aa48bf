"""The per-variable downloads of opportunityatlas.org: `tract, Name, one value`; no standard errors, no counts.

The value's column is read by its grammar (`shown_columns`). Income outcomes are dollars of 2015.
"""

from atlas import measures, shown_labels
from atlas.formatting.percentiles import ordinal
from atlas.metrics.labels import MetricDefinition
from atlas.sources import base, columns, table_reader
from atlas.sources.base import Column, DatasetInfo, EstimateTable, Progress, file_error
from atlas.sources.opening import OpenedFile
from atlas.sources.shown_columns import ShownColumn, parse_column, parse_key
from atlas.sources.table_reader import Header

_PREFIX = "shown_tract_"
KEY_COLUMNS = ("tract", "Name")
METRICS: tuple[MetricDefinition, ...] = ()


def matches_header(names: tuple[str, ...]) -> bool:
    """A download has `tract`, `Name` and a column of the grammar (others may stand beside it)."""
    return set(KEY_COLUMNS) <= set(names) and any(parse_column(name) for name in names)


def find_dataset(key: str) -> DatasetInfo | None:
    column = parse_key(key.removeprefix(_PREFIX)) if key.startswith(_PREFIX) else None
    return _dataset(column) if column else None


def _dataset(column: ShownColumn) -> DatasetInfo:
    return DatasetInfo(
        key=_PREFIX + column.key,
        title=f"Opportunity Atlas by tract: {describe_column(column)}",
        publisher=base.OPPORTUNITY_INSIGHTS,
        citation=base.OPPORTUNITY_ATLAS_CITATION,
        licence=base.ATLAS_LICENCE,
        addresses=("https://www.opportunityatlas.org/",),
        vintage="2010 Census tracts; " + _vintage(column),
        level="tract",
        priority=60,
    )


def describe_column(column: ShownColumn) -> str:
    """The measure of a column in words: "Household income at ages 31-37, families at the 25th percentile"."""
    words = measures.describe(column.slug())
    if column.is_characteristic:
        return words.label
    return f"{words.label}, {_families(column.stat)}"


def _families(stat: str) -> str:
    """By the income of the parents: "mean" is all of them, "p25" those at the 25th percentile."""
    number = stat.removeprefix("p")
    return f"families at the {ordinal(int(number))} percentile" if number.isdigit() else "all families"


def _vintage(column: ShownColumn) -> str:
    if column.is_characteristic:
        return "period as named in the measure"
    if not column.outcome:
        return "birth years and period as on the source's page, which the file does not repeat"
    return "people born 1978-83, outcomes in 2014-15 (incarceration: April 1, 2010)"


def read(opened: OpenedFile, header: Header, progress: Progress = base.no_progress) -> EstimateTable:
    """One measure for every tract listed. Raises SourceFileError."""
    shown = [found for name in header.names if (found := parse_column(name)) and not found.suffix]
    if not shown:
        raise base.header_error("shown_tract", header.names)
    if len(shown) > 1:
        raise file_error("holds more than one measure; the source's downloads hold one", line=1, column=shown[1].name)
    target = shown[0]
    table = table_reader.read_columns(
        opened, header, numbers=(target.name,), texts=("Name",), integers=("tract",), progress=progress
    )
    geoids, order = columns.sorted_tracts(table, split=False)
    labels = table.column("Name").to_pylist()
    slug = target.slug()
    return base.estimate_table(
        dataset=_dataset(target),
        geoids=geoids,
        columns=(Column(slug, columns.float32_column(table, target.name, order)),),
        rows_read=table.num_rows,
        lines=order + columns.FIRST_DATA_LINE,
        names=tuple(_tidy(labels[i]) for i in order) if any(labels) else (),
        ignored_columns=tuple(n for n in header.names if n not in (target.name, *KEY_COLUMNS)),
        warnings=unit_warning(slug),
    )


def unit_warning(slug: str) -> tuple[str, ...]:
    """What an import says of a measure whose unit nobody has confirmed; () of any other."""
    subject = measures.describe(slug).unit_subject
    if not subject:
        return ()
    return (
        f"“{subject}” is a label the portal's codebook does not have: it comes in under its own name, unit not "
        f"confirmed. Say what the unit is at /data/units/ or with: manage.py confirm unit '{subject}' UNIT "
        f"({', '.join(shown_labels.UNITS)})",
    )


def _tidy(name: str) -> str:
    """' County, PR' -> 'PR': the publisher leaves an empty neighborhood before the comma."""
    name = name.strip()
    return name.removeprefix("County, ") if name.startswith("County, ") else name
