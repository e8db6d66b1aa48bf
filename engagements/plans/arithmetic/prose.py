"""Numbers in sentences: what is drawn is rounded to two digits, which is all that draws can tell."""

from atlas.formatting.counts import format_to_digits
from atlas.formatting.money import format_dollars_to_digits
from engagements.plans.arithmetic.quantities import Quantity


def is_dollars(unit: str) -> bool:
    return unit.lower().startswith("dollars")


def format_amount(value: float, unit: str, digits: int = 3) -> str:
    """A value with its unit. Worked: (243390, "dollars per year") -> $243,000 per year; (12, "adults") -> 12 adults."""
    if is_dollars(unit):
        return f"{format_dollars_to_digits(value, digits)}{unit[len('dollars') :]}"
    return f"{format_to_digits(value, digits)} {unit}"


def format_without_unit(value: float, unit: str, digits: int = 3) -> str:
    """Without the unit, which was said before; dollars keep their sign."""
    return format_dollars_to_digits(value, digits) if is_dollars(unit) else format_to_digits(value, digits)


def format_range(quantity: Quantity) -> str:
    """Value and 95% range, lower bound, or value and why there is no range; without a value the reason."""
    digits = 2 if quantity.draws else 3
    if quantity.low is not None and quantity.high is None:
        return f"at least {format_amount(quantity.low, quantity.unit, digits)}, {quantity.reason}"
    if quantity.value is None:
        return quantity.reason
    value = format_amount(quantity.value, quantity.unit, digits)
    if quantity.low is None or quantity.high is None:
        return f"{value} ({quantity.reason})"
    ends = (format_without_unit(end, quantity.unit, digits) for end in (quantity.low, quantity.high))
    return f"{value}; 95% range {' to '.join(ends)}"


def inline(words: str) -> str:
    """For the middle of a sentence. Worked: "Arrests for violence" -> "arrests for violence"; "GED", "NextUp" stay."""
    first = words.split(" ")[0]
    return first.lower() + words[len(first) :] if first[1:].islower() or len(first) == 1 else words
