"""Wages in words: amounts in the dollars of a page, and the reason where the source gives no number. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from atlas.formatting.money import format_dollars, format_dollars_to_hundred
from atlas.records.prices import MonthPrices
from atlas.records.wages import NO_FILE, NO_METRO, NOT_IN_METRO, OccupationPay
from atlas.sources.occupation_wages import (
    ANNUAL_ONLY,
    HOURLY_ONLY,
    NOT_FOR_NATION,
    NOT_RELEASED,
    TOP_CODED,
    TOP_WAGES,
)
from dashboards.formatting.shown_dollars import INCOME_UNIT, is_today, shown_dollars

REASONS = {
    NOT_RELEASED: "not released by the source",
    TOP_CODED: "the source prints no wage this high",
    HOURLY_ONLY: "the source gives wages by the hour only",
    ANNUAL_ONLY: "the source gives wages by the year only",
    NOT_FOR_NATION: "not defined for the nation",
    NOT_IN_METRO: "the source publishes no wage for this job in this area",
    NO_METRO: "no metropolitan area in the file is called after this city",
    NO_FILE: "no wages are loaded",
}


@dataclass(frozen=True)
class WageDollars:
    """In which dollars wages are written: those of their own month, or those the page is read in.

    `factor`: of these dollars for one of the month's. `income_factor`: of these dollars for one of 2015, None where no
    prices are loaded, so that the two can't stand side by side.
    """

    words: str
    unit: str
    factor: float
    income_factor: float | None

    @property
    def is_converted(self) -> bool:
        return self.factor != 1


def wage_dollars(month: date, prices: MonthPrices | None) -> WageDollars:
    """`month`: whose dollars the source's wages are. With `?dollars=today` and prices those of the page."""
    if is_today() and prices is not None:
        shown = shown_dollars()
        return WageDollars(shown.words, shown.unit, prices.to_last, prices.level.factor)
    words, unit = f"{month:%B %Y} dollars", f"usd_{month:%Y_%m}"
    return WageDollars(words, unit, 1, prices.from_year if prices else None)


def format_wage(value: float | None, missing: Mapping[str, str], name: str, dollars: WageDollars) -> str:
    """ "$38,420", to the hundred once it is converted; "at least $239,200" for a wage beyond the highest printed; else
    the reason. `name`: of the number, such as "annual_median".
    """
    if value is not None:
        return _amount(value, dollars)
    reason = missing.get(name, "")
    if reason == TOP_CODED:
        return f"at least {_amount(TOP_WAGES[name.partition('_')[0]], dollars)}"
    return REASONS.get(reason, "not published")


def format_median(row: OccupationPay, dollars: WageDollars) -> str:
    """The yearly median; by the hour where the source gives no other; else the reason alone."""
    if row.annual_median is None and row.hourly_median is not None:
        return f"{format_wage(row.hourly_median, row.missing, 'hourly_median', dollars)} an hour"
    return format_wage(row.annual_median, row.missing, "annual_median", dollars)


def format_error(percent: float | None) -> str:
    """A relative standard error: "±1.2%" would pass for a range, so it is "1.2%"; "–" without one."""
    return "–" if percent is None else f"{percent:.1f}%"


def format_wage_range(
    low: float | None, high: float | None, missing: Mapping[str, str], dollars: WageDollars, way: str = "annual"
) -> str:
    """What the middle half earn: "$31,200 to $44,100"; "–" without a lower end."""
    if low is None:
        return "–"
    return f"{_amount(low, dollars)} to {format_wage(high, missing, f'{way}_p75', dollars)}"


def _amount(value: float, dollars: WageDollars) -> str:
    if not dollars.is_converted:
        return format_dollars(value)
    return (
        format_dollars(round(value * dollars.factor, 2))
        if value < 1_000
        else format_dollars_to_hundred(value * dollars.factor)
    )


def income_in(usd: float, dollars: WageDollars) -> str:
    """An income published in 2015 dollars beside a wage: in the same dollars, or in its own where that can't be."""
    factor = 1 if dollars.income_factor is None else dollars.income_factor
    return format_dollars_to_hundred(usd * factor)


def income_words(dollars: WageDollars) -> str:
    return dollars.words if dollars.income_factor is not None else INCOME_WORDS


INCOME_WORDS = f"{INCOME_UNIT.removeprefix('usd_')} dollars"
