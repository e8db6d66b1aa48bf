"""What a profile of a city says, whatever document it becomes: words, numbers, panels, where it lives."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any

from django.utils.translation import gettext as _

from atlas.formatting.percentiles import format_percentile, format_points
from atlas.formatting.ranges import join_ends
from atlas.formatting.rounding import is_missing
from atlas.records.places import ContextSeries, Headline
from dashboards.documents.model import Document, KeyNumber, Picture, Section
from dashboards.exports.credits import SAMPLE_WORDS, credits, sources_of
from dashboards.formatting.benchmarks import basis_words
from dashboards.formatting.estimates import format_income
from dashboards.formatting.sentences import capitalize_first
from dashboards.formatting.shown_dollars import shown_dollars
from dashboards.panels.base import Panel
from dashboards.panels.headline import nearly, uncertainty

Z95 = 1.959964


@dataclass(frozen=True)
class Profile:
    """A place's profile. `address`: its permanent one, `geometry`: its GeoJSON, `series`: what is changing there."""

    name: str
    title: str
    lede: str
    address: str
    made_on: date
    panels: tuple[Panel, ...]
    geometry: dict[str, Any] | None
    map: Picture | None = None  # of its tracts
    numbers: tuple[KeyNumber, ...] = ()
    series: ContextSeries = ContextSeries((), (), (), ())
    publisher: str = "Mobility Portal"

    @property
    def is_sample(self) -> bool:
        return any(panel.is_sample for panel in self.panels)

    def document(self, sections: tuple[Section, ...], *, is_one_page: bool) -> Document:
        """The neutral document of these sections, as of the day it was made."""
        return Document(
            title=self.title,
            lede=self.lede,
            publisher=self.publisher,
            address=self.address,
            as_of=datetime.combine(self.made_on, time(12), UTC),
            numbers=self.numbers,
            sections=sections,
            sources=(shown_dollars().sentence, *credits(sources_of(self.panels))),
            banner=SAMPLE_WORDS if self.is_sample else "",
            is_one_page=is_one_page,
            is_as_of_day=True,
        )


def headline_numbers(headline: Headline) -> tuple[KeyNumber, ...]:
    """The percentile with its interval, the income there with the same interval’s meaning, and tracts behind them."""
    if headline.value is None:
        return ()
    numbers = [
        KeyNumber(
            _("Average US household income percentile reached"),
            format_percentile(headline.value),
            f"{capitalize_first(basis_words(headline))}. {uncertainty(headline)}",
        )
    ]
    if not is_missing(headline.usd):
        said = _("a year in {price_year}; not an average income").format(price_year=shown_dollars().words)
        numbers.append(KeyNumber(_("Household income at that percentile"), format_income(headline.usd), said))
    # A county that is the city leads already: its value is not said twice.
    beside = () if headline.basis == "published" else headline.references
    published = next((r for r in beside if r.is_published and r.value is not None), None)
    if published is not None and published.value is not None:
        error = published.standard_error
        half = None if error is None else Z95 * error
        said = (
            published.reason
            if half is None
            else "likely range "
            + join_ends(format_points(published.value - half), format_points(published.value + half))
        )
        whose = "in the sample" if published.is_sample else "as published"
        numbers.append(KeyNumber(f"{published.name}, {whose}", format_percentile(published.value), said))
    if headline.coverage is not None:
        said = f"hold {nearly(headline.coverage)} of the city’s low-income children"
        number = f"{headline.tracts_used} of {headline.tracts_total}"
        numbers.append(KeyNumber("Tracts with a value", number, said))
    return tuple(numbers)
