"""The per-variable downloads of opportunityatlas.org: `tract, Name, one value`; no standard errors, no counts.

Names of columns as seen in the publisher's files (shown_tract_*.csv): words, then `_r{race}_g{gender}_p{percentile}`.
Income outcomes are dollars of 2015.
"""

import re
from dataclasses import dataclass

from atlas import measures
from atlas.metrics.labels import MetricDefinition
from atlas.sources import base, columns, table_reader
from atlas.sources.base import Column, DatasetInfo, EstimateTable, Progress, file_error
from atlas.sources.opening import OpenedFile
from atlas.sources.table_reader import Header

_SUFFIX = re.compile(r"^(?P<words>.+)_r(?P<race>[PWBHANO])_g(?P<gender>[PFM])_p(?P<percentile>1|10|25|50|75|100|all)$")
_RACE = {"P": "pooled", "W": "white", "B": "black", "H": "hisp", "A": "asian", "N": "natam", "O": "other"}
_GENDER = {"P": "pooled", "F": "female", "M": "male"}
_OUTCOMES = {
    "Household_Income_at_Age_35": "kfr",
    "Individual_Income_at_Age_35": "kir",
    "Frac._in_Top_20%_Based_on_Household_Income": "kfr_top20",
    "Frac._in_Top_20%_Based_on_Individual_Income": "kir_top20",
    "Incarceration_Rate": "jail",
    "Employment_Rate": "working",
    "Teenage_Birth_Rate_women_only": "teenbrth",
    "%_Staying_in_Same_Commuting_Zone_as_Adults": "staycz",
    "%_Staying_in_Same_Tract_as_Adults": "staytract",
}
_DOLLARS = frozenset({"kfr", "kir"})
_CHARACTERISTICS = {
    "Fraction_Non-White_in_2010": "nonwhite_share2010",
    "Poverty_Rate_in_2012-16": "poor_share2016",
    "Fraction_Single_Parents_in_2012-16": "singleparent_share2016",
    "Median_Rent_2012-16": "median_rent2016",
}
_PREFIX = "shown_tract_"
_KEY = re.compile(r"(.+)_r([PWBHANO])_g([PFM])_p(1|10|25|50|75|100|all)")
KEY_COLUMNS = ("tract", "Name")
METRICS: tuple[MetricDefinition, ...] = ()


@dataclass(frozen=True)
class ColumnMeaning:
    """What the value column of a download means."""

    slug: str  # measure
    key: str  # data set


def parse_column(column: str) -> ColumnMeaning | None:
    """Measure and data set of a value column, None when its words are not the publisher's."""
    if column in _CHARACTERISTICS:
        return ColumnMeaning(_CHARACTERISTICS[column], _PREFIX + _CHARACTERISTICS[column])
    match = _SUFFIX.match(column)
    if not match or match["words"] not in _OUTCOMES:
        return None
    outcome = _OUTCOMES[match["words"]]
    stat = "mean" if match["percentile"] == "all" else f"p{match['percentile']}"
    slug = f"{outcome}_{_RACE[match['race']]}_{_GENDER[match['gender']]}_{stat}"
    if outcome in _DOLLARS:
        slug += "_usd_2015"
    key = f"{_PREFIX}{outcome}_r{match['race']}_g{match['gender']}_p{match['percentile']}"
    return ColumnMeaning(slug, key)


def matches_header(names: tuple[str, ...]) -> bool:
    """A download has `tract`, `Name` and one column in the publisher's words (others may stand beside it)."""
    return {"tract", "Name"} <= set(names) and (
        any(parse_column(name) for name in names) or any(_SUFFIX.match(name) for name in names)
    )


def find_dataset(key: str) -> DatasetInfo | None:
    name = key.removeprefix(_PREFIX)
    if not key.startswith(_PREFIX) or not (name in measures.CHARACTERISTICS or _KEY.fullmatch(name)):
        return None
    return _dataset(key)


def _dataset(key: str) -> DatasetInfo:
    return DatasetInfo(
        key=key,
        title=f"Opportunity Atlas by tract: {_title(key.removeprefix(_PREFIX))}",
        publisher=base.OPPORTUNITY_INSIGHTS,
        citation=base.OPPORTUNITY_ATLAS_CITATION,
        licence=base.ATLAS_LICENCE,
        addresses=("https://www.opportunityatlas.org/",),
        vintage="2010 Census tracts; " + _vintage(key.removeprefix(_PREFIX)),
        level="tract",
        priority=60,
    )


def _title(name: str) -> str:
    """The measure of a key in words: "Household income at ages 31-37, parents at p25"."""
    if name in measures.CHARACTERISTICS:
        return measures.CHARACTERISTICS[name][0]
    match = _KEY.fullmatch(name)
    if match is None:
        raise KeyError(name)
    outcome, race, gender, percentile = match.groups()
    stat = "mean" if percentile == "all" else f"p{percentile}"
    slug = f"{outcome}_{_RACE[race]}_{_GENDER[gender]}_{stat}" + ("_usd_2015" if outcome in _DOLLARS else "")
    return f"{measures.describe(slug).label}, {'all parents' if stat == 'mean' else f'parents at {stat}'}"


def _vintage(name: str) -> str:
    if name in measures.CHARACTERISTICS:
        return "period as named in the measure"
    return "people born 1978-83, outcomes in 2014-15 (incarceration: 1 April 2010)"


def read(opened: OpenedFile, header: Header, progress: Progress = base.no_progress) -> EstimateTable:
    """One measure for every tract listed. Raises SourceFileError."""
    shown = [(name, meaning) for name in header.names if (meaning := parse_column(name))]
    if not shown:
        unknown = [name for name in header.names if _SUFFIX.match(name)]
        raise file_error("is not an outcome of the publisher's downloads", line=1, column=unknown[0])
    if len(shown) > 1:
        raise file_error("holds more than one measure; the publisher's downloads hold one", line=1, column=shown[1][0])
    name, target = shown[0]
    table = table_reader.read_columns(
        opened, header, numbers=(name,), texts=("Name",), integers=("tract",), progress=progress
    )
    geoids, order = columns.sorted_tracts(table, split=False)
    labels = table.column("Name").to_pylist()
    return base.estimate_table(
        dataset=_dataset(target.key),
        geoids=geoids,
        columns=(Column(target.slug, columns.float32_column(table, name, order)),),
        rows_read=table.num_rows,
        lines=order + columns.FIRST_DATA_LINE,
        names=tuple(_tidy(labels[i]) for i in order),
        ignored_columns=tuple(n for n in header.names if n not in (name, "Name", "tract")),
    )


def _tidy(name: str) -> str:
    """' County, PR' -> 'PR': the publisher leaves an empty neighborhood before the comma."""
    name = name.strip()
    return name.removeprefix("County, ") if name.startswith("County, ") else name
