"""What every source module speaks: data sets, problems, parsed files. Pure: no Django."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

import numpy as np
from numpy.typing import NDArray

OPPORTUNITY_INSIGHTS = "Opportunity Insights and US Census Bureau"
OPPORTUNITY_ATLAS_CITATION = (
    "Chetty, Friedman, Hendren, Jones and Porter (2018), The Opportunity Atlas: Mapping the Childhood "
    "Roots of Social Mobility, NBER Working Paper 25147"
)
ATLAS_LICENCE = "Freely available for public use with attribution"
ATLAS_VINTAGE = "people born 1978-83, outcomes in 2014-15, 2010 Census tracts"
US_PUBLIC_DOMAIN = CENSUS_PUBLIC_DOMAIN = "US government work, public domain"

Progress = Callable[[str, int, int | None], None]  # stage, rows done, rows in all (None when not known)

MAX_PROBLEMS_KEPT = 200


def no_progress(stage: str, done: int, total: int | None) -> None:
    """For callers that do not watch."""


Content = Literal[
    "estimates", "observations", "boundaries", "relations", "layers", "zip_tracts", "place_names", "wages"
]


@dataclass(frozen=True)
class DatasetInfo:
    """One publisher's data set: everything shown beside its numbers."""

    key: str
    title: str
    publisher: str
    citation: str
    licence: str
    addresses: tuple[str, ...]  # official first, then mirrors
    vintage: str
    level: str  # as Release.Level
    priority: int = 50  # where a measure is live in several data sets the smallest answers
    caveats: tuple[str, ...] = ()  # said beside every number of the data set
    content: Content = "estimates"  # which of the tables below its files are read into
    release_vintage: str = ""  # with {year} where every file is of a year of its own; "" where `vintage` says it all

    def vintage_of(self, year: int) -> str:
        """The vintage of one release in words; `year` is the release's own."""
        return self.release_vintage.format(year=year) if self.release_vintage else self.vintage


@dataclass(frozen=True)
class Problem:
    """Why a file is refused: where, what was there, what is wrong with it."""

    reason: str
    line: int | None = None  # 1 is the header
    column: str = ""
    value: str = ""

    def sentence(self) -> str:
        place = ", ".join(
            filter(None, [f"line {self.line}" if self.line else "", self.column and f"column {self.column}"])
        )
        shown = f"'{self.value}' " if self.value else ""
        return f"{place}: {shown}{self.reason}" if place else f"{shown}{self.reason}"


class SourceFileError(Exception):
    """The whole file is refused. Carries every problem found (at most MAX_PROBLEMS_KEPT spelled out)."""

    def __init__(self, problems: list[Problem], total: int | None = None, rows_read: int = 0):
        self.problems = problems[:MAX_PROBLEMS_KEPT]
        self.total = total if total is not None else len(problems)
        self.rows_read = rows_read
        super().__init__(problems[0].sentence() if problems else "refused")


def file_error(reason: str, *, line: int | None = None, column: str = "", value: str = "") -> SourceFileError:
    """The error of a file with one problem; `line` 1 is the header."""
    return SourceFileError([Problem(reason, line, column, value)])


def header_error(source: str, names: tuple[str, ...]) -> SourceFileError:
    """The error of a file whose header is not one of the source that was to read it."""
    return file_error(f"the header is not one of source '{source}'", line=1, value=",".join(names)[:80])


@dataclass(frozen=True)
class Column:
    """One measure: float32 arrays aligned to the table's geoids, NaN where the field is empty."""

    slug: str
    value: NDArray[np.floating]
    standard_error: NDArray[np.floating] | None = None


class Columns(Protocol):
    """The columns of a table: iterated any number of times, a tuple or read from a spool each time."""

    def __iter__(self) -> Iterator[Column]: ...


@dataclass(frozen=True)
class EstimateTable:
    """A parsed table of estimates, sorted by GEOID."""

    dataset: DatasetInfo
    vintage: int
    geoids: NDArray[np.int64]  # int64, sorted, unique
    columns: Columns
    slugs: tuple[str, ...]  # of the columns, in their order
    rows_read: int
    names: tuple[str, ...] = ()  # publisher's name of each area, () when the file has none
    ignored_columns: tuple[str, ...] = ()
    warnings: tuple[str, ...] = field(default_factory=tuple)
    zones: NDArray[np.floating] | None = (
        None  # commuting zone of each area where the file says it, NaN where it does not
    )
    lines: NDArray[np.int64] | None = None  # line of the file each area stands on, for what is found wrong later

    @property
    def rows_kept(self) -> int:
        return len(self.geoids)


def estimate_table(
    dataset: DatasetInfo, geoids: NDArray[np.int64], columns: tuple[Column, ...], rows_read: int, **more: Any
) -> EstimateTable:
    """An EstimateTable of columns that are already in memory; geography of 2010."""
    return EstimateTable(dataset, 2010, geoids, columns, tuple(c.slug for c in columns), rows_read, **more)


@dataclass(frozen=True)
class RelationTable:
    """Pieces of land that a 2020 and a 2010 tract share; areas in square meters, arrays aligned."""

    dataset: DatasetInfo
    new: NDArray[np.int64]  # int64, 2020 GEOIDs
    old: NDArray[np.int64]  # int64, 2010 GEOIDs
    shared_area: NDArray[np.floating]
    new_area: NDArray[np.floating]
    old_area: NDArray[np.floating]
    rows_read: int
    vintage: int = 2010
    warnings: tuple[str, ...] = ()

    @property
    def rows_kept(self) -> int:
        return len(self.new)


@dataclass(frozen=True)
class Feature:
    """One boundary: `part` is the unit a later file may replace (county of a tract, the place itself)."""

    geoid: str
    part: str
    name: str
    wkb: bytes
    bounds: tuple[float, float, float, float]  # min lon, min lat, max lon, max lat; degrees


@dataclass(frozen=True)
class BoundaryTable:
    """Parsed polygons."""

    dataset: DatasetInfo
    vintage: int
    features: tuple[Feature, ...]
    rows_read: int
    warnings: tuple[str, ...] = field(default_factory=tuple)

    @property
    def rows_kept(self) -> int:
        return len(self.features)


GEOID_WIDTHS = {"nation": 1, "place": 7, "county": 5, "zip": 5, "tract": 11, "tracker_city": 2}


@dataclass(frozen=True)
class Exclusion:
    """A published value that is kept but not shown, declared with its reason.

    It holds only while the value is at most `up_to`, so that a corrected release is shown again.
    """

    area_kind: str
    geoid: int
    metric: str
    years: tuple[int, ...]
    up_to: float  # in the metric's unit
    reason: str


@dataclass(frozen=True)
class ObservedColumn:
    """One metric: float64 arrays aligned to the table's rows, NaN where the field is empty. Units: atlas.metrics."""

    slug: str
    value: NDArray[np.floating]
    lower: NDArray[np.floating] | None = None
    upper: NDArray[np.floating] | None = None
    standard_error: NDArray[np.floating] | None = None
    quality: NDArray[np.object_] | None = None  # str, "" where the publisher grades nothing
    excluded_reason: NDArray[np.object_] | None = None  # str, "" where the value may be shown
    rows: NDArray[np.bool_] | None = None  # bool: rows the metric speaks of, None for all


@dataclass(frozen=True)
class ObservationTable:
    """A parsed table of context: one row per area, period and subgroup, one column per metric."""

    dataset: DatasetInfo
    vintage: int
    area_kind: str  # a key of GEOID_WIDTHS
    geoids: NDArray[np.int64]  # int64, as many as rows
    period_kind: str  # "year", "month", "week" or "none"
    columns: tuple[ObservedColumn, ...]
    rows_read: int
    periods: NDArray[np.datetime64] | None = (
        None  # datetime64[D], first day of each period; None when period_kind is "none"
    )
    subgroups: NDArray[np.object_] | None = None  # str, "" is everybody; None when all rows are
    provisional: NDArray[np.bool_] | None = None  # bool, None when the file does not say
    valid_from: NDArray[np.datetime64] | None = None  # datetime64[D], of designations; None for what has no term
    valid_to: NDArray[np.datetime64] | None = None
    names: dict[int, str] = field(default_factory=dict)  # publisher's name of each area
    ignored_columns: tuple[str, ...] = ()
    warnings: tuple[str, ...] = field(default_factory=tuple)

    @property
    def rows_kept(self) -> int:
        return len(self.geoids)


@dataclass(frozen=True)
class LayerFeature:
    """A road, a body of water or a landmark, drawn under or over the tracts of a map. Nothing is computed from it."""

    name: str  # as the publisher writes it, "" for one without a name
    feature_class: str  # the Census Bureau's MTFCC, such as S1100
    route_type: str  # of a road: I U S C M O, "" where none is given and for what is no road
    wkb: bytes
    bounds: tuple[float, float, float, float]  # min lon, min lat, max lon, max lat; degrees


@dataclass(frozen=True)
class MapLayer:
    """What one file holds of a layer: the features worth drawing, in the file's order."""

    dataset: DatasetInfo
    vintage: int  # the year of the file, which may be another than that of the tracts
    part: str  # the state (2 digits) or county (5 digits) the file covers
    kind: str  # "road", "water" or "landmark"
    features: tuple[LayerFeature, ...]
    rows_read: int
    warnings: tuple[str, ...] = field(default_factory=tuple)

    @property
    def rows_kept(self) -> int:
        return len(self.features)


@dataclass(frozen=True)
class ZipTractTable:
    """Pieces of ground that a ZIP Code Tabulation Area and a 2010 tract share; arrays aligned, sorted by ZIP code."""

    dataset: DatasetInfo
    zips: NDArray[np.int32]  # int32, five digits
    geoids: NDArray[np.int64]  # int64, 2010 GEOIDs
    people: NDArray[np.int32]  # int32, people of 2010 in the piece
    shares: NDArray[np.float32]  # float32, of the ZIP area's people, 0-1
    rows_read: int
    vintage: int = 2010
    warnings: tuple[str, ...] = ()

    @property
    def rows_kept(self) -> int:
        return len(self.zips)


@dataclass(frozen=True, order=True)
class PlaceName:
    """A US place: seven-digit code, name without its kind, kind ("city", "CDP", "" where the name has none), state."""

    geoid: str
    name: str
    kind: str
    usps: str
    longitude: float  # degrees, of the publisher's point inside it
    latitude: float


@dataclass(frozen=True)
class CensusPlaceTable:
    """Every place of a gazetteer, by code."""

    dataset: DatasetInfo
    places: tuple[PlaceName, ...]
    rows_read: int
    vintage: int = 2019
    warnings: tuple[str, ...] = ()

    @property
    def rows_kept(self) -> int:
        return len(self.places)


@dataclass(frozen=True)
class WageColumn:
    """One number of each row: float64, NaN where `reason` (str, a code of the source's module) says why there is none.

    `slug`: a field of the table of wages, such as `annual_median` (dollars) or `mean_rse` (percent).
    """

    slug: str
    value: NDArray[np.float64]
    reason: NDArray[np.object_]


@dataclass(frozen=True)
class OccupationWageTable:
    """What occupations pay in areas: a row for each area and occupation, all tuples and columns aligned.

    `areas`: codes of metropolitan areas, "99" for the nation; `codes`: of occupations, such as "11-1021".
    """

    dataset: DatasetInfo
    vintage: int  # the year whose May it is
    areas: tuple[str, ...]
    area_titles: tuple[str, ...]
    codes: tuple[str, ...]
    titles: tuple[str, ...]
    groups: tuple[str, ...]
    columns: tuple[WageColumn, ...]
    rows_read: int
    ignored_columns: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()

    @property
    def rows_kept(self) -> int:
        return len(self.areas)


ParsedFile = (
    EstimateTable
    | BoundaryTable
    | RelationTable
    | ObservationTable
    | MapLayer
    | ZipTractTable
    | CensusPlaceTable
    | OccupationWageTable
)


def parsed_parts(parsed: ParsedFile) -> tuple[str, ...]:
    """What a file answers for, sorted: counties or places of its polygons, the state or county of a layer, the areas of
    a table of wages, "" for any other table.
    """
    if isinstance(parsed, OccupationWageTable):
        return tuple(sorted(set(parsed.areas)))
    if isinstance(parsed, BoundaryTable):
        return tuple(sorted({feature.part for feature in parsed.features}))
    return (parsed.part,) if isinstance(parsed, MapLayer) else ("",)
