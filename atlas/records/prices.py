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
