"""Numbers of indicators in words. Shares are 0 to 1 in data, percent on pages."""

from atlas.formatting.counts import format_decimal
from atlas.formatting.money import format_dollars
from atlas.formatting.ranges import join_ends
from atlas.formatting.rounding import round_half_up

WHOLE = frozenset({"people", "households", "count"})
NEVER_NEGATIVE = WHOLE | {"days"}
# Parts of these add up to their whole; shares, days and scores of groups don't.
ADD_UP = WHOLE | {"usd"}
LABELS = {
    "people": "people",
    "households": "households",
    "count": "count",
    "share": "percent",
    "usd": "dollars",
    "days": "days",
    "score": "score",
}
_ONE = {"people": "person", "households": "household", "days": "day"}


def format_value(value: float, unit: str) -> str:
    """35.2%; $1,250; 40 people; 12.5 days; 3.4."""
    if unit == "share":
        return f"{format_decimal(value * 100, 1)}%"
    if unit == "usd":
        return format_dollars(value)
    words = format_decimal(value, 0 if unit in WHOLE else 2)
    if unit in ("count", "score"):
        return words
    return f"{words} {_ONE[unit] if words == '1' else unit}"


def format_value_without_unit(value: float, unit: str) -> str:
    """Without its unit, where an axis or a column names it: 35.2%; $1,250; 40; 12.5."""
    if unit in ("share", "usd"):
        return format_value(value, unit)
    return format_decimal(value, 0 if unit in WHOLE else 2)


def format_interval(low: float, high: float, unit: str) -> str:
    if unit == "share":
        return join_ends(f"{format_decimal(low * 100, 1)}%", f"{format_decimal(high * 100, 1)}%")
    return join_ends(format_value(low, unit), format_value(high, unit))


def format_share(share: float) -> str:
    """Of a way or of a time: whole percent, never rounded up to 100% nor down to 0%."""
    per_cent = share * 100
    if 0 < per_cent < 1:
        return "less than 1%"
    if 99 < per_cent < 100:
        return "99%"
    return f"{round_half_up(per_cent):,}%"
