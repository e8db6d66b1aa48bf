"""What a dollar of one year is worth in the last month that prices are known of."""

from dataclasses import dataclass
from datetime import date

from atlas.records.places import Source


@dataclass(frozen=True)
class PriceLevel:
    """CPI-U of a whole year and of the last month loaded, 1982-84 = 100. `months`: of the year that have prices."""

    year: int
    year_index: float  # mean of its months
    months: int
    month: date  # first day of the last month loaded
    month_index: float
    source: Source

    @property
    def factor(self) -> float:
        """Dollars of `month` for one of `year`. Worked: 334.98 / 237.017 = 1.41332, so $21,013 are $29,698."""
        return self.month_index / self.year_index


@dataclass(frozen=True)
class MonthPrices:
    """What dollars of `month` are beside those of a whole year and of the last month loaded.

    Worked, with 321.465 in May 2025: 321.465 / 237.017 = 1.35630, so $21,013 of 2015 are $28,500 of May 2025.
    """

    month: date  # first day
    index: float
    level: PriceLevel

    @property
    def from_year(self) -> float:
        """Dollars of `month` for one of the level's year."""
        return self.index / self.level.year_index

    @property
    def to_last(self) -> float:
        """Dollars of the last month loaded for one of `month`."""
        return self.level.month_index / self.index
