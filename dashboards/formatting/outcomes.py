"""An outcome in the middle of a sentence, and sizes in its unit."""

import re

from atlas.measures import BIRTHS, describe, group_suffix
from atlas.records.places import MeasureRecord
from dashboards.formatting.numbers import as_percent, as_percentile, as_ranks, is_missing

LOW_INCOME = "of parents at the 25th income percentile"  # whom the portal calls low-income families


def subject(measure: MeasureRecord) -> str:
    """ "household income rank of children from low-income families": ages and exact words stand in the notes."""
    words = describe(measure.slug)
    label = measure.label.removesuffix(group_suffix(words.race, words.gender)).replace(" at ages 31–37", "")
    people = measure.population.removesuffix(f", {BIRTHS}").replace(LOW_INCOME, "from low-income families")
    return f"{lower_first(with_dashes(label))} of {with_dashes(people)}"


def short_label(measure: MeasureRecord) -> str:
    """For an axis on a phone: "Household income rank", with the race and gender it is about, if any."""
    return with_dashes(measure.label.replace(" at ages 31–37", ""))


def lower_first(text: str) -> str:
    """For the middle of a sentence."""
    return text[:1].lower() + text[1:]


def with_dashes(text: str) -> str:
    """ "2012-16" -> "2012–16": years and ages as prose has them."""
    return re.sub(r"(?<=\d)-(?=\d)", "–", text)


def level(value: float | None, unit: str) -> str:
    """A level: "the 34th percentile" of a rank, "35.2%" of a share."""
    return f"the {as_percentile(value)} percentile" if unit == "rank" and not is_missing(value) else as_percent(value)


def size(value: float | None, unit: str) -> str:
    """A difference or spread: "3.4 ranks", "2.1 percentage points"."""
    return f"{as_ranks(value)} {'ranks' if unit == 'rank' else 'percentage points'}"


def between(low: float, high: float) -> str:
    """Two bounds on the percentile or per cent scale: "2.9 to 4.1"."""
    return f"{as_ranks(low)} to {as_ranks(high)}"
