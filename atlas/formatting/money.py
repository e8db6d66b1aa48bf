"""Amounts of US dollars. The minus sign stands before the dollar sign: −$300. Pure."""

from decimal import ROUND_HALF_UP, Decimal

from atlas.formatting.rounding import NO_VALUE, Number, is_missing, round_half_up, round_to_digits, shorten, sign_of

_CENT = Decimal("0.01")
_CENTS_BELOW = 10
_PROSE_SIZES = ((10**9, "billion"), (10**6, "million"))


def format_dollars(amount: Number | None, *, cents: bool = False, missing: str = NO_VALUE) -> str:
    """The full amount, with cents where there are any or where `cents` asks for them.

    Worked: 1200 -> "$1,200"; 1200.5 -> "$1,200.50"; -300 -> "−$300".
    """
    if amount is None or is_missing(amount):
        return missing
    exact = Decimal(str(amount)).quantize(_CENT, ROUND_HALF_UP)
    has_cents = cents or exact != exact.to_integral_value()
    return f"{sign_of(exact)}${abs(exact):,.{2 if has_cents else 0}f}"


def format_whole_dollars(amount: Number | None, *, missing: str = NO_VALUE) -> str:
    """To the dollar, a half away from zero. Worked: 22043.4 -> "$22,043"; -0.5 -> "−$1"; -0.4 -> "$0"."""
    if amount is None or is_missing(amount):
        return missing
    whole = round_half_up(amount)
    return f"{sign_of(whole)}${abs(whole):,}"


def format_unit_cost(amount: Number | None, *, missing: str = NO_VALUE) -> str:
    """What one costs: with its cents below ten dollars. Worked: 0.04 -> "$0.04"; 28290.4 -> "$28,290"."""
    if amount is None or is_missing(amount):
        return missing
    return format_dollars(amount, cents=True) if 0 < amount < _CENTS_BELOW else format_whole_dollars(amount)


def format_dollars_to_hundred(amount: Number | None, *, missing: str = NO_VALUE) -> str:
    """For prose, to the nearest hundred. Worked: 22043.4 -> "$22,000"."""
    if amount is None or is_missing(amount):
        return missing
    return format_whole_dollars(round_half_up(float(amount) / 100) * 100)


def format_short_dollars(amount: Decimal | None, *, missing: str = NO_VALUE) -> str:
    """For prose, large amounts by their size. Worked: 1250000 -> "$1.2 million"; -350000.4 -> "−$350,000"."""
    if amount is None:
        return missing
    for size, name in _PROSE_SIZES:
        if abs(amount) >= size:
            return f"{sign_of(amount)}${abs(amount) / size:,.1f} {name}".replace(".0 ", " ")
    return format_whole_dollars(amount)


def format_dollars_to_digits(amount: float, digits: int = 3) -> str:
    """To significant digits. Worked: 243390 -> "$243,000"; 2.2322 -> "$2.23"; 1234567 -> "$1.23 million"."""
    rounded = round_to_digits(amount, digits)
    size = abs(rounded)
    if size >= 1e6:
        text = f"{size / 1e6:,.6g} million"
    elif size >= 100 or size == int(size):
        text = f"{size:,.0f}"
    else:
        text = f"{size:.2f}" if size >= 0.01 else f"{size:.6g}"
    return f"{sign_of(rounded)}${text}"


def format_axis_dollars(amount: float) -> str:
    """For an axis or a legend. Worked: 1500000 -> "$1.5M"; 18600 -> "$18.6k"; -2000 -> "−$2k"; 250 -> "$250"."""
    if abs(amount) < 1000:
        return format_dollars(amount)
    return f"{sign_of(amount)}${shorten(abs(amount))}"
