"""What a profile of a city says, whatever document it becomes: words, numbers, panels, where it lives."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from atlas.formatting.dates import format_day
from atlas.formatting.money import format_dollars_to_hundred
from atlas.formatting.percentiles import format_percentile, format_points
from atlas.formatting.rounding import is_missing
from atlas.records.places import Headline
from dashboards.panels.base import Panel
from dashboards.panels.headline import nearly, uncertainty

Z95 = 1.959964


@dataclass(frozen=True)
class KeyNumber:
    """One number of the headline strip: what it is, the number in words, its interval or why there is none."""

    label: str
    number: str
    uncertainty: str


@dataclass(frozen=True)
class Profile:
    """A city's profile. `address` is its permanent address on the portal, `geometry` the city's GeoJSON."""

    title: str
    lede: str
    address: str
    made_on: date
    panels: tuple[Panel, ...]
    geometry: dict[str, Any] | None
    numbers: tuple[KeyNumber, ...] = ()
    publisher: str = "Mobility Portal"

    @property
    def is_sample(self) -> bool:
        return any(panel.is_sample for panel in self.panels)

    @property
    def made_on_label(self) -> str:
        return format_day(self.made_on)


def headline_numbers(headline: Headline) -> tuple[KeyNumber, ...]:
    """The rank with its interval, income at that rank with the same interval's meaning, and tracts behind them."""
    if headline.value is None:
        return ()
    numbers = [
        KeyNumber(
            "Average percentile of US household income reached",
            format_percentile(headline.value),
            uncertainty(headline),
        )
    ]
    if not is_missing(headline.usd):
        said = "a year in 2015 dollars; the income at the average rank, not an average income"
        numbers.append(KeyNumber("Income at that rank", format_dollars_to_hundred(headline.usd), said))
    published = next((r for r in headline.references if r.is_published and r.value is not None), None)
    if published is not None and published.value is not None:
        error = published.standard_error
        half = None if error is None else Z95 * error
        said = (
            published.reason
            if half is None
            else (f"95% interval {format_points(published.value - half)} to {format_points(published.value + half)}")
        )
        whose = "in the sample" if published.is_sample else "as published"
        numbers.append(KeyNumber(f"{published.name}, {whose}", format_percentile(published.value), said))
    if headline.coverage is not None:
        said = f"hold {nearly(headline.coverage)} of the city’s weighted children"
        number = f"{headline.tracts_used} of {headline.tracts_total}"
        numbers.append(KeyNumber("Tracts with a value", number, said))
    return tuple(numbers)
