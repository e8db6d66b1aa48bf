"""What occupations pay, as plain records. Wages are dollars of May of the release's year."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import date

from atlas.records.places import Source, any_sample

# Why there is nothing at all of an occupation in a city, beside the source's own codes.
NO_FILE, NO_METRO, NOT_IN_METRO = "no_file", "no_metro", "not_in_metro"


@dataclass(frozen=True)
class Metro:
    """A metropolitan area, or the nation (code 99), and the release that answers for it."""

    code: str
    title: str
    release_id: int


@dataclass(frozen=True)
class OccupationPay:
    """An occupation of one area. None where `missing` has the reason: a code of `atlas.sources.occupation_wages`.

    Relative standard errors are percent: 1.2 of a mean of $50,000 is $600. The source gives none for a median.
    """

    code: str
    title: str
    group: str
    employment: float | None = None
    employment_rse: float | None = None
    jobs_per_1000: float | None = None
    location_quotient: float | None = None
    mean_rse: float | None = None
    hourly_mean: float | None = None
    hourly_p10: float | None = None
    hourly_p25: float | None = None
    hourly_median: float | None = None
    hourly_p75: float | None = None
    hourly_p90: float | None = None
    annual_mean: float | None = None
    annual_p10: float | None = None
    annual_p25: float | None = None
    annual_median: float | None = None
    annual_p75: float | None = None
    annual_p90: float | None = None
    missing: Mapping[str, str] = field(default_factory=dict, hash=False)


NUMBERS = tuple(each.name for each in fields(OccupationPay) if each.name not in ("code", "title", "group", "missing"))


@dataclass(frozen=True)
class MetroWages:
    """The occupations of a metropolitan area by code, and those of the nation; () without the nation's file.

    `month`: the first day of the May whose dollars they are.
    """

    metro: Metro
    month: date
    source: Source
    rows: tuple[OccupationPay, ...]
    nation: tuple[OccupationPay, ...] = ()
    nation_source: Source | None = None

    @property
    def is_sample(self) -> bool:
        """Whether any of these wages was generated."""
        return any_sample(tuple(source for source in (self.source, self.nation_source) if source))

    def find(self, code: str) -> OccupationPay | None:
        return next((row for row in self.rows if row.code == code), None)

    def find_in_nation(self, code: str) -> OccupationPay | None:
        return next((row for row in self.nation if row.code == code), None)
