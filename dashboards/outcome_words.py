"""An outcome in the middle of a sentence, and sizes in its unit."""

import re

from atlas.measures import BIRTHS, describe, whose
from atlas.records import MeasureRecord
from dashboards.number_words import as_percent, as_percentile, as_ranks, is_missing


def subject(measure: MeasureRecord) -> str:
    """ "household income rank at ages 31–37 of children of parents at the 25th income percentile"."""
    words = describe(measure.slug)
    label = measure.label.removesuffix(whose(words.race, words.gender))
    people = measure.population.removesuffix(f", {BIRTHS}")
    return f"{label[:1].lower()}{with_dashes(label[1:])} of {with_dashes(people)}"


def lower_first(text: str) -> str:
    """For the middle of a sentence."""
    return text[:1].lower() + text[1:]


def with_dashes(text: str) -> str:
    """ "2012-16" -> "2012–16": years and ages as prose has them."""
    return re.sub(r"(?<=\d)-(?=\d)", "–", text)


def level(value: float | None, unit: str) -> str:
    """A level: "34th percentile" of a rank, "35.2%" of a share."""
    return f"{as_percentile(value)} percentile" if unit == "rank" and not is_missing(value) else as_percent(value)


def size(value: float | None, unit: str) -> str:
    """A difference or spread: "3.4 ranks", "2.1 percentage points"."""
    return f"{as_ranks(value)} {'ranks' if unit == 'rank' else 'percentage points'}"


def between(low: float, high: float) -> str:
    """Two bounds on the percentile or per cent scale: "2.9 to 4.1"."""
    return f"{as_ranks(low)} to {as_ranks(high)}"
