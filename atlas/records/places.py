"""What `atlas.queries` hands out: frozen records, fully loaded, no ORM objects.

Units: ranks and shares are 0-1, money is dollars of the year in the field's name, areas carry
their Census vintage. A missing number is None (or NaN in an array) and has a reason beside it.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from atlas.formatting.dates import format_day
from atlas.formatting.tract_names import tract_title
from atlas.metrics.labels import MetricDefinition
from atlas.statistics.benchmark import CountyDifference
from atlas.statistics.inflation import Inflation

Basis = Literal["published", "benchmarked", "raw"]  # what a mean rests on
SAMPLE_NOTICE = "synthetic sample data"  # beside every generated number, wherever it goes


def starter_set_name(made_on: date) -> str:
    """starter set of Nov 29, 2026: beside every file that came with the portal."""
    return f"starter set of {format_day(made_on)}"


@dataclass(frozen=True)
class Source:
    """Where a number came from: shown beside it everywhere, and in every export."""

    dataset: str  # key, for example "tract_kfr_rP_gP_p25"
    title: str
    publisher: str
    citation: str
    licence: str
    address: str
    vintage: str  # people, period and geography in words
    release_id: int
    activated_at: datetime
    sha256: str
    is_sample: bool
    starter_date: date | None = None  # of the starter set the file came with; None for one fetched or loaded


@dataclass(frozen=True)
class MeasureRecord:
    """One measure in the publisher's grammar, in words."""

    slug: str
    label: str  # "Household income rank", sentence case
    unit: str  # "rank", "share", "usd_2015", "usd_month_2016", "usd_2000", "children"
    group: str  # "outcome", "characteristic" or "count"
    population: str  # "all children of parents at the 25th percentile, born 1978-83"
    source: Source
    has_standard_error: bool
    note: str = ""  # top codes, derivation; "" when there is nothing to say
    derived_from: str = ""  # slug it is computed from, "" when published


@dataclass(frozen=True)
class CityRecord:
    slug: str
    name: str
    state_name: str
    state_usps: str
    place_geoid: str
    longitude: float
    latitude: float
    county_names: tuple[str, ...]  # counties its tracts lie in, main one first
    tract_count: int  # tracts that belong (at least half their area inside)
    edge_count: int  # tracts that belong or not, with 1-99% of their area inside
    has_geometry: bool
    geometry_is_sample: bool = False  # drawn from generated polygons, which also chose its tracts

    @property
    def kind(self) -> Literal["city"]:
        return "city"


@dataclass(frozen=True)
class AreaRecord:
    """Tracts that somebody put together: everything that can be said of a city's tracts can be said of these."""

    slug: str  # the token in its address
    name: str
    state_name: str  # of most of its tracts
    state_usps: str
    county_names: tuple[str, ...]  # main one first
    tract_count: int
    edge_count: int
    has_geometry: bool
    geometry_is_sample: bool
    members: tuple[tuple[int, float, bool], ...]  # (GEOID, share of its area inside 0-1, belongs), sorted by GEOID
    rule: str  # how its tracts were chosen, in words
    city_slugs: tuple[str, ...]  # cities it shares tracts with, the one with most of them first

    @property
    def kind(self) -> Literal["area"]:
        return "area"


Place = CityRecord | AreaRecord  # the ground panels describe: same names, same units


@dataclass(frozen=True)
class Members:
    """The tracts of a place, sorted by GEOID; arrays aligned, shape (n,)."""

    codes: NDArray[np.int64]  # int64 GEOIDs of 2010
    shares: NDArray[np.floating]  # share of the tract's area inside the place, 0-1
    belongs: NDArray[np.bool_]  # bool: counts as the place's by the rule
    rule: str

    @property
    def own(self) -> NDArray[np.int64]:
        """GEOIDs of the tracts that belong."""
        return self.codes[self.belongs]


@dataclass(frozen=True)
class PlaceTracts:
    """One measure over every tract that touches a place; arrays are aligned, sorted by GEOID."""

    place: Place
    measure: MeasureRecord
    geoids: tuple[str, ...]
    names: tuple[str, ...]
    values: NDArray[np.floating]  # float32, NaN = suppressed or not in the file
    standard_errors: NDArray[np.floating] | None  # None when the file publishes none
    counts: NDArray[np.floating] | None  # children behind the estimate, None when the file publishes none
    shares_in_city: NDArray[np.floating]  # 0-1, by area
    belongs: NDArray[np.bool_]  # bool: at least half the area inside
    national_percentiles: NDArray[np.floating]  # 0-100, among US tracts with a value, each tract counting once
    national_middle: float | None  # the middle US tract, each counting once; None while no tract has a value
    national_edges: tuple[float, ...]  # of the map's classes, the same for every city, the middle US tract among them
    rule: str
    sources: tuple[Source, ...] = field(default_factory=tuple)

    @property
    def titles(self) -> tuple[str, ...]:
        """What people read in place of the publisher's names: "Corktown", "Tract 5222, Detroit"."""
        return tuple(tract_title(geoid, name) for geoid, name in zip(self.geoids, self.names, strict=True))

    @property
    def is_sample(self) -> bool:
        return self.place.geometry_is_sample or any_sample(self.sources)


@dataclass(frozen=True)
class TractStatistics:
    """What the standard errors of a measure allow to say of a place's tracts.

    Arrays are aligned with `PlaceTracts` of the same place and measure; NaN and "" where `reasons` says why.
    With `reason` set nothing could be said of any tract.
    """

    place: Place
    measure: MeasureRecord
    geoids: tuple[str, ...]
    shrunk: NDArray[np.floating]  # posterior means, in the measure's unit
    shrunk_sd: NDArray[np.floating]  # posterior SDs, never 0
    tiers: tuple[str, ...]  # "above", "indistinguishable", "below" the place's mean, or ""
    unreliable: NDArray[np.bool_]  # bool, by `unreliable_rule`
    reasons: tuple[str, ...]  # per tract, "" where there is a shrunk value
    untested: tuple[str, ...]  # per tract: why it has no tier, "" where it has one
    mean: float | None  # the place's, as its headline has it
    mean_standard_error: float | None
    reliability: float | None  # share of the variance between the place's tracts that is no noise, 0-1
    reliability_low: float | None  # 95% interval
    reliability_high: float | None
    fitted_tracts: int  # tracts of the place's counties that the prior was learned from
    weight_rule: str
    unreliable_rule: str
    sources: tuple[Source, ...]
    reason: str = ""
    raised_errors: int = 0  # standard errors too small to be true, raised to 1% of the median one

    def count(self, tier: str) -> int:
        """Tracts of the place in a tier."""
        return self.tiers.count(tier)


@dataclass(frozen=True)
class RankSet:
    """The ranks one tract may have among a place's tracts, 1 the highest value; with `reason` there are none."""

    geoid: str
    measure: str
    low: int | None  # 95% confidence set from `low` to `high`, both in it
    high: int | None
    of: int  # tracts ranked
    draws: int  # of the bootstrap behind it
    source: Source | None
    reason: str = ""


@dataclass(frozen=True)
class CityTractShare:
    """A city that a tract lies in."""

    slug: str
    name: str
    share: float  # of the tract's area inside the city, 0-1
    belongs: bool

    @property
    def percent(self) -> int:
        """Whole percent; what is not quite all does not read as all."""
        return min(99, round(100 * self.share)) if self.share < 0.9999 else 100


@dataclass(frozen=True)
class TractRecord:
    """One tract of 2010."""

    geoid: str
    name: str  # the publisher's neighborhood name, "" without one
    county_name: str
    cities: tuple[CityTractShare, ...]  # largest share first
    is_sample: bool

    @property
    def home(self) -> CityTractShare | None:
        """The city it belongs to, None outside every city."""
        return next((city for city in self.cities if city.belongs), None)


@dataclass(frozen=True)
class TractValue:
    """One measure of one tract. Values in the measure's unit; percentiles 0-100 among US tracts with a value."""

    measure: MeasureRecord
    value: float | None
    standard_error: float | None
    children: float | None  # behind the estimate, None where the file has no counts
    percentile: float | None
    low_percentile: float | None  # of the ends of the 95% interval
    high_percentile: float | None
    city_middle: float | None  # the middle tract of its city
    city_percentile: float | None
    national_middle: float | None  # the middle US tract
    reason: str  # why there is no value, "" when there is one
    sources: tuple[Source, ...]


@dataclass(frozen=True)
class Reference:
    """A place to hold the city against."""

    kind: str  # "county", "commuting zone", "nation"
    name: str
    value: float | None  # in the measure's unit (rank or share 0-1)
    standard_error: float | None
    usd: float | None  # income at that rank, 2015 dollars; None for what is no rank of income
    rule: str  # "published" or the weight rule it was computed with
    reason: str = ""  # why value or standard_error is missing
    is_published: bool = False
    is_sample: bool = False
    basis: Basis = "raw"
    raw_value: float | None = None  # the mean of its tracts as the tract file has them
    basis_reason: str = ""  # why it is not benchmarked, "" where it is or where it is published


@dataclass(frozen=True)
class Headline:
    """A place's mean of one outcome: the published value of its counties, the benchmarked mean of its tracts, or the
    mean of its tracts as it is; `basis` says which of them `value` is.
    """

    city: str  # slug of the place
    measure: str  # slug of the measure, a rank or a share
    value: float | None  # in the measure's unit (rank or share 0-1)
    standard_error: float | None
    standard_error_reason: str  # why there is none, "" when there is one
    usd: float | None  # income at that rank, 2015 dollars
    at_or_below_zero_share: float | None  # share of weighted children in tracts printed as $0 (at or below p9)
    coverage: float | None  # share of the city's weighted children in tracts with a value
    tracts_used: int
    tracts_total: int
    weight_rule: str
    derivation: str  # how ranks were obtained, "" when published as ranks
    references: tuple[Reference, ...]
    measured_error: float | None  # tract mean of the main county minus its published value, same weights
    measured_error_county: str
    area_rule_coverage: float | None  # share of the city's children living in tracts that belong to it
    outside_share: float | None  # share of the children of those tracts who live outside the city's line, by area
    county_share: float | None  # share of the main county's weighted children who live in the city's tracts
    reason: str = ""  # why value is None
    sources: tuple[Source, ...] = field(default_factory=tuple)
    on_sample_map: bool = False  # generated polygons chose its tracts
    children: float | None = None  # low-income children of its tracts by the weights, with or without a value
    inflation: Inflation | None = None  # what its standard error was held against; None without a standard error
    inflation_check: Inflation | None = None  # the same ratio over Orleans Parish, which is one city
    coverage_reason: str = ""  # why coverage is not known, "" where it is
    basis: Basis = "raw"
    basis_reason: str = ""  # why it is not benchmarked, "" where it is or where it is published
    raw_value: float | None = None  # the mean of its tracts before benchmarking
    raw_standard_error: float | None = None
    raw_usd: float | None = None
    adjustment_error: float | None = None  # standard error of the published values behind the adjustment
    county_differences: tuple[CountyDifference, ...] = ()  # its counties, the one with most of its children first

    @property
    def is_sample(self) -> bool:
        return self.on_sample_map or any_sample(self.sources)

    @property
    def adjustment(self) -> float | None:
        """What benchmarking moved the mean by; None where it is not benchmarked."""
        return (
            None if self.basis == "raw" or self.value is None or self.raw_value is None else self.value - self.raw_value
        )

    @property
    def adjustment_in_errors(self) -> float | None:
        """The same in standard errors of the published values, with its sign."""
        moved, error = self.adjustment, self.adjustment_error
        return None if moved is None or not error else moved / error


@dataclass(frozen=True)
class ComparedCity:
    """Another city's headline of the same measure by the same weighting."""

    name: str
    headline: Headline


@dataclass(frozen=True)
class Series:
    """One metric of one area over time: context around people, never a mobility outcome.

    Tuples are aligned, oldest first. A value is None where the publisher's field is empty or the value is
    excluded, with the reason beside it. Units: `metric.unit_words`.
    """

    area_kind: str  # "place", "county", "zip" or "tract": as asked for
    geoid: str
    area_name: str  # as the publisher names it, "" when it does not
    metric: MetricDefinition
    subgroup: str  # publisher's name, "" is everybody
    period_kind: str  # "year", "month", "week" or "none"
    periods: tuple[date | None, ...]  # first day of each
    values: tuple[float | None, ...]
    lower: tuple[float | None, ...]  # the publisher's bounds; metric.description says when they are no 95% interval
    upper: tuple[float | None, ...]
    standard_errors: tuple[float | None, ...]
    quality: tuple[str, ...]  # publisher's grade or remark, "" when there is none
    provisional: tuple[bool, ...]
    excluded_reasons: tuple[str, ...]
    source: Source
    caveats: tuple[str, ...]


@dataclass(frozen=True)
class AvailableMetric:
    """A metric with at least one value that may be shown, for one area, in one live data set."""

    metric: MetricDefinition
    subgroups: tuple[str, ...]  # with values, "" is everybody
    period_kind: str
    first: date | None  # first and last period with a value, any subgroup
    last: date | None
    values: int  # over all subgroups
    source: Source


@dataclass(frozen=True)
class SeriesOption:
    """A series that can be asked for on a city's page: it has a value to show, or a reason why none is shown."""

    key: str  # "share_employed", or "share_employed:Hispanic" for a group
    metric: MetricDefinition
    subgroup: str  # publisher's name, "" is everybody
    area_kind: str  # "place" or "county"
    geoid: str
    area_name: str  # "Racine", "Racine County": of whom it speaks
    period_kind: str  # "year", "month" or "week"
    values: int  # that may be shown; 0 when all are withheld with a reason


@dataclass(frozen=True)
class ContextSeries:
    """What is measured around a city's people over time, chosen for its page."""

    yearly: tuple[Series, ...]  # Urban Institute
    tracker: tuple[Series, ...]  # Economic Tracker, by week or month
    offered: tuple[SeriesOption, ...]  # everything there is, shown or not
    chosen: tuple[str, ...]  # keys asked for beside the usual ones


@dataclass(frozen=True)
class CityChangeMap:
    """A measure in two releases over every tract shown on a city's map; arrays aligned, NaN without a value."""

    city: CityRecord
    geoids: tuple[str, ...]
    names: tuple[str, ...]
    belongs: NDArray[np.bool_]
    before: NDArray[np.floating]
    after: NDArray[np.floating]

    @property
    def difference(self) -> NDArray[np.floating]:
        change: NDArray[np.floating] = self.after.astype(float) - self.before.astype(float)
        return change


def sample_share(generated: Iterable[bool]) -> str:
    """How much of what is shown was generated, not published: "none", "some" or "all"."""
    kinds = set(generated)
    return "none" if True not in kinds else "some" if False in kinds else "all"


def any_sample(sources: tuple[Source, ...]) -> bool:
    """Whether anything of these was generated, not published."""
    return any(source.is_sample for source in sources)
