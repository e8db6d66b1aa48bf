"""Numbers in sentences: what is drawn is rounded to two digits, which is all that draws can tell."""

import math

from engagements.plans.arithmetic.quantities import Quantity

MINUS = "−"


def round_to(value: float, digits: int = 3) -> float:
    """To significant digits. Worked: 243,390 -> 243,000; -0.04567 -> -0.0457."""
    if not value:
        return 0.0
    return round(value, digits - 1 - math.floor(math.log10(abs(value))))


def format_number(value: float, digits: int = 3) -> str:
    """Worked: 140.0 -> 140; 243,390 -> 243,000; -0.0457 -> −0.0457."""
    rounded = round_to(value, digits)
    size = abs(rounded)
    text = f"{size:,.0f}" if size >= 100 or size == int(size) else f"{size:.6g}"
    return (MINUS if rounded < 0 else "") + text


def format_dollars(amount: float, digits: int = 3) -> str:
    """Worked: 243,390 -> $243,000; 2.2322 -> $2.23; 91.1 -> $91; 1,234,567 -> $1.23 million; -5 -> −$5."""
    rounded = round_to(amount, digits)
    size = abs(rounded)
    if size >= 1e6:
        text = f"{size / 1e6:,.6g} million"
    elif size >= 100 or size == int(size):
        text = f"{size:,.0f}"
    else:
        text = f"{size:.2f}" if size >= 0.01 else f"{size:.6g}"
    return f"{MINUS if rounded < 0 else ''}${text}"


def is_dollars(unit: str) -> bool:
    return unit.lower().startswith("dollars")


def format_amount(value: float, unit: str, digits: int = 3) -> str:
    """A value with its unit. Worked: (243390, "dollars per year") -> $243,000 per year; (12, "adults") -> 12 adults."""
    if is_dollars(unit):
        return f"{format_dollars(value, digits)}{unit[len('dollars') :]}"
    return f"{format_number(value, digits)} {unit}"


def format_without_unit(value: float, unit: str, digits: int = 3) -> str:
    """Without the unit, which was said before; dollars keep their sign."""
    return format_dollars(value, digits) if is_dollars(unit) else format_number(value, digits)


def format_range(quantity: Quantity) -> str:
    """Value and 95% range, lower bound, or value and why there is no range; without a value the reason."""
    digits = 2 if quantity.draws else 3
    if quantity.is_lower_bound:
        return f"at least {format_amount(quantity.low, quantity.unit, digits)}, {quantity.reason}"
    if quantity.value is None:
        return quantity.reason
    value = format_amount(quantity.value, quantity.unit, digits)
    if not quantity.has_range:
        return f"{value} ({quantity.reason})"
    ends = (format_without_unit(end, quantity.unit, digits) for end in (quantity.low, quantity.high))
    return f"{value}; 95% range {' to '.join(ends)}"


def format_people(count: float) -> str:
    """Whole people. Worked: 140.4 -> 140; 0.3 -> fewer than 1."""
    return "fewer than 1" if 0 < count < 0.5 else f"{count:,.0f}"


def format_share(share: float) -> str:
    """Worked: .7 -> 70 in 100; .004 -> fewer than 1 in 100."""
    return "fewer than 1 in 100" if 0 < share < 0.005 else f"{100 * share:.0f} in 100"


def inline(words: str) -> str:
    """For the middle of a sentence. Worked: "Arrests for violence" -> "arrests for violence"; "GED", "NextUp" stay."""
    first = words.split(" ")[0]
    return first.lower() + words[len(first) :] if first[1:].islower() or len(first) == 1 else words
