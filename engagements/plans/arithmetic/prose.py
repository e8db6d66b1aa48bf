"""Numbers in sentences. The one place that rounds a plan's numbers: a number reads the same wherever it stands."""

from atlas.formatting.counts import format_people, format_to_digits
from atlas.formatting.money import format_dollars, format_dollars_to_digits, format_whole_dollars
from atlas.formatting.ranges import join_ends
from engagements.plans.arithmetic.quantities import Quantity

DIGITS_OF_ESTIMATE = 2  # how much carries over is never known better
_WHOLE_FROM = 100  # dollars: smaller amounts keep their cents


def is_dollars(unit: str) -> bool:
    return unit.lower().startswith("dollars")


def format_value(quantity: Quantity) -> str:
    """The value without its unit; dollars keep their sign. Of a quantity that has one.

    An estimate has two digits, with or without a range; what is planned is shown to the person and to the dollar.
    Worked: an estimate of 194,500 dollars -> $190,000; a planned cost of 544,598.02 dollars -> $544,598.
    """
    assert quantity.value is not None, "a quantity without a value has a reason instead"
    return _format_number(quantity.value, quantity)


def format_ends(quantity: Quantity) -> str:
    """Worked: $6,000 to $660,000. Of a quantity with a range."""
    assert quantity.low is not None and quantity.high is not None, "a quantity without a range has a reason instead"
    return join_ends(_format_number(quantity.low, quantity), _format_number(quantity.high, quantity))


def format_least(quantity: Quantity) -> str:
    """The lower end. Of a quantity with a lower bound."""
    assert quantity.low is not None, "a quantity without a lower bound has a reason instead"
    return _format_number(quantity.low, quantity)


def format_amount(quantity: Quantity) -> str:
    """The value with its unit. Worked: $240,000 per year; 140 adults."""
    return _with_unit(format_value(quantity), quantity.unit)


def format_range(quantity: Quantity) -> str:
    """Value and 95% range, lower bound, or value and why there is no range; without a value the reason."""
    if quantity.is_lower_bound:
        return f"at least {_with_unit(format_least(quantity), quantity.unit)}, {quantity.reason}"
    if quantity.value is None:
        return quantity.reason
    if not quantity.has_range:
        return f"{format_amount(quantity)} ({quantity.reason})"
    return f"{format_amount(quantity)}; 95% range {format_ends(quantity)}"


def quote_number(value: float, unit: str, digits: int) -> str:
    """A study's own number as it printed it, without the unit."""
    return format_dollars_to_digits(value, digits) if is_dollars(unit) else format_to_digits(value, digits)


def quote_amount(value: float, unit: str, digits: int) -> str:
    """A study's own number with its unit. Worked: (3477, "dollars per year", 6) -> $3,477 per year."""
    return _with_unit(quote_number(value, unit, digits), unit)


def _format_number(value: float, quantity: Quantity) -> str:
    if quantity.is_estimate:
        return quote_number(value, quantity.unit, DIGITS_OF_ESTIMATE)
    if not is_dollars(quantity.unit):
        return format_people(value)
    return format_whole_dollars(value) if abs(value) >= _WHOLE_FROM else format_dollars(value)


def _with_unit(number: str, unit: str) -> str:
    return f"{number}{unit[len('dollars') :]}" if is_dollars(unit) else f"{number} {unit}"


def inline(words: str) -> str:
    """For the middle of a sentence. Worked: "Arrests for violence" -> "arrests for violence"; "GED", "NextUp" stay."""
    first = words.split(" ")[0]
    return first.lower() + words[len(first) :] if first[1:].islower() or len(first) == 1 else words
