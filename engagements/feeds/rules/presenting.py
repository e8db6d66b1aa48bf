"""Readings of a trial in words. Pure."""

from dataclasses import dataclass

from atlas.formatting.dates import format_period
from engagements.feeds.rules.mapping import Mapped
from engagements.indicators.rules.units import format_interval, format_value

SHOWN = 6  # the newest


@dataclass(frozen=True)
class ReadingWords:
    period: str
    value: str
    more: str


def words_of(mapped: Mapped | None, unit: str) -> tuple[ReadingWords, ...]:
    """The newest readings, the newest first."""
    if mapped is None:
        return ()
    made = []
    for each in reversed(mapped.readings[-SHOWN:]):
        more = []
        if each.numerator is not None and each.denominator is not None:
            more.append(f"{each.numerator:,.10g} of {each.denominator:,.10g}")
        if each.low is not None and each.high is not None:
            more.append(f"95% interval {format_interval(each.low, each.high, unit)}")
        if each.key:
            more.append(f"entry {each.key}")
        period = format_period(each.period_start, each.period_end)
        made.append(ReadingWords(period, format_value(each.value, unit), ", ".join(more)))
    return tuple(made)
