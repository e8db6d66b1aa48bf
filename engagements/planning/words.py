"""Numbers in sentences: rounded to what their uncertainty allows, money with its sign."""

import math

from engagements.planning.quantities import Quantity


def round_to(value: float, digits: int = 3) -> float:
    """To significant digits. Worked: 243,390 -> 243,000; -0.04567 -> -0.0457."""
    if not value:
        return 0.0
    return round(value, digits - 1 - math.floor(math.log10(abs(value))))


def say_number(value: float) -> str:
    """Worked: 140.0 -> 140; 243,390 -> 243,000; 0.0457 -> 0.0457."""
    rounded = round_to(value)
    return f"{rounded:,.0f}" if abs(rounded) >= 100 or rounded == int(rounded) else f"{rounded:,.6g}"


def say_people(count: float) -> str:
    """Whole people. Worked: 140.4 -> 140; 0.3 -> fewer than 1."""
    return "fewer than 1" if 0 < count < 0.5 else f"{count:,.0f}"


def say_amount(value: float, unit: str) -> str:
    """A value with its unit; dollars as $. Worked: (243390, "dollars per year") -> $243,000 per year."""
    if unit.lower().startswith("dollars"):
        sign = "−" if value < 0 else ""
        return f"{sign}${say_number(abs(value))}{unit[len('dollars') :]}"
    return f"{say_number(value).replace('-', '−')} {unit}"


def say_range(quantity: Quantity) -> str:
    """Value and 95% range, lower bound, or value and why there is no range; without a value the reason."""
    if quantity.is_lower_bound:
        return f"at least {say_amount(quantity.low, quantity.unit)}, {quantity.reason}"
    if quantity.value is None:
        return quantity.reason
    value = say_amount(quantity.value, quantity.unit)
    if not quantity.has_range:
        return f"{value} ({quantity.reason})"
    money = quantity.unit.lower().startswith("dollars")
    ends = [("$" if money else "") + say_number(abs(end)) for end in (quantity.low, quantity.high)]
    ends = [("−" if end < 0 else "") + text for end, text in zip((quantity.low, quantity.high), ends, strict=True)]
    return f"{value} (95% range {ends[0]} to {ends[1]})"


def say_share(share: float) -> str:
    """Worked: .7 -> 70 in 100; .004 -> fewer than 1 in 100."""
    return "fewer than 1 in 100" if 0 < share < 0.005 else f"{100 * share:.0f} in 100"


def capitalise(sentence: str) -> str:
    return sentence[:1].upper() + sentence[1:]
