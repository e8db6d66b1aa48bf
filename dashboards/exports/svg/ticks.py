"""Where ticks stand and what they say when a figure does not spell them out: plotly's rules for round steps."""

import math
import re
from datetime import UTC, datetime

DAY = 86_400_000.0  # milliseconds, as plotly counts time
_FORMAT = re.compile(r"(?P<sign>[+-])?(?P<money>\$)?(?P<comma>,)?(?:\.(?P<digits>\d+))?(?P<trim>~)?(?P<kind>[%dfsg])?")
_MONTH_STEPS = (1, 2, 3, 6, 12, 24, 60, 120, 240)


def round_step(span: float, count: float) -> float:
    """The step of 1, 2 or 5 times a power of ten that gives at most about `count` ticks over `span`."""
    rough = abs(span) / count
    power = 10.0 ** math.floor(math.log10(rough))
    return next(factor for factor in (1, 2, 5, 10) if rough / power <= factor + 1e-9) * power


def ticks_between(low: float, high: float, step: float, first: float = 0.0) -> list[float]:
    """Multiples of `step` counted from `first`, inside the range whichever way it runs."""
    low, high = min(low, high), max(low, high)
    slack = step * 1e-6
    begin, end = math.ceil((low - first - slack) / step), math.floor((high - first + slack) / step)
    return [first + index * step for index in range(begin, end + 1)]


def date_ticks(low: float, high: float, count: float) -> tuple[list[float], str]:
    """First days of months or years (milliseconds since 1970) and their format; days when the span is short."""
    low, high = min(low, high), max(low, high)
    months = (high - low) / DAY / 30.44
    if months < 2:
        step = max(1, math.ceil((high - low) / DAY / count)) * DAY
        return ticks_between(low, high, step), "%b %-d"
    every = next((step for step in _MONTH_STEPS if months / step <= count), _MONTH_STEPS[-1])
    start, end = datetime.fromtimestamp(low / 1000, UTC), datetime.fromtimestamp(high / 1000, UTC)
    first = (start.year * 12 + start.month - 1) // every * every
    found = [
        datetime(month // 12, month % 12 + 1, 1, tzinfo=UTC).timestamp() * 1000
        for month in range(first, end.year * 12 + end.month, every)
    ]
    return [tick for tick in found if low <= tick <= high], "%Y" if every >= 12 else "%b %Y"


def format_date(value: float, pattern: str) -> str:
    """Milliseconds since 1970 by a strftime pattern; `%-d` (no zero in front) works on every system."""
    moment = datetime.fromtimestamp(value / 1000, UTC)
    return moment.strftime(pattern.replace("%-d", str(moment.day)).replace("%-m", str(moment.month)))


def format_number(value: float, pattern: str) -> str:
    """The part of d3's number formats that the charts use: ".0%", ",d", "$,.0f", "+.1f", ".2~f", ".3s".

    Raises ValueError for another pattern.
    """
    found = _FORMAT.fullmatch(pattern)
    if not found:
        raise ValueError(f"The number format {pattern!r} is not one this writer knows.")
    kind, digits = found["kind"] or ("f" if found["digits"] else "g"), found["digits"]
    size = abs(value)
    if kind == "s":
        text = _with_prefix(size, int(digits) if digits else 6)
    elif kind == "%":
        text = f"{size * 100:{found['comma'] or ''}.{digits or 6}f}"
    elif kind == "d":
        text = f"{round(size):{found['comma'] or ''}d}"
    elif kind == "g":
        text = f"{size:{found['comma'] or ''}.{digits or 12}g}"
    else:
        text = f"{size:{found['comma'] or ''}.{digits or 6}f}"
    if found["trim"] or (kind in "%f" and not digits):
        text = text.rstrip("0").rstrip(".") if "." in text else text
    zero = not any(letter in "123456789" for letter in text)
    sign = "−" if value < 0 and not zero else "+" if found["sign"] == "+" and value > 0 else ""
    return f"{sign}{found['money'] or ''}{text}{'%' if kind == '%' else ''}"


def plain_number(value: float, step: float) -> str:
    """A tick that says nothing about its format: as many decimals as the step needs; 20000 is 20k, as in plotly."""
    if abs(value) >= 10_000 and abs(value) % 100 == 0:
        return format_number(value, "~s")
    digits = max(0, -math.floor(math.log10(step) + 1e-9)) if step > 0 else 6
    if digits and abs(step * 10**digits - round(step * 10**digits)) > 1e-6:
        digits += 1
    return format_number(value, f".{digits}f")


def _with_prefix(size: float, digits: int) -> str:
    for power, letter in ((1e9, "B"), (1e6, "M"), (1e3, "k")):
        if size >= power:
            return f"{size / power:.{digits}g}{letter}"
    return f"{size:.{digits}g}"
