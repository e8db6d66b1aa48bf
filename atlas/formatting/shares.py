"""Shares, which come in as 0-1: percent in tables, “35 in 100” in prose. Pure."""

from atlas.formatting.rounding import NO_VALUE, Number, is_missing, round_half_up, true_minus


def format_percent(share: Number | None, *, missing: str = NO_VALUE) -> str:
    """For tables. Worked: 0.352 -> "35.2%"; -0.088 -> "−8.8%"; 1 -> "100.0%"."""
    return missing if share is None or is_missing(share) else f"{true_minus(f'{float(share) * 100:.1f}')}%"


def format_short_percent(share: Number) -> str:
    """As `format_percent`, without a decimal that is 0. Worked: 0.3333 -> "33.3%"; 1 -> "100%"."""
    return format_percent(share).replace(".0%", "%")


def format_whole_percent(share: Number | None, *, missing: str = NO_VALUE) -> str:
    """Worked: 0.352 -> "35%"."""
    return missing if share is None or is_missing(share) else f"{true_minus(f'{100 * share:.0f}')}%"


def format_share_in_words(share: float | None, *, missing: str = NO_VALUE) -> str:
    """For prose; small shares in thousands, so that none reads as zero. Worked: 0.352 -> "35 in 100"; 0.004 ->
    "4 in 1,000"."""
    if share is None or is_missing(share):
        return missing
    if 0 < float(share) < 0.01:
        return f"{format_thousandths(share)} in 1,000"
    return f"{round_half_up(float(share) * 100)} in 100"


def format_thousandths(share: float) -> str:
    """The first number of “4 in 1,000”; at least 1 of a share above 0."""
    found = round_half_up(share * 1000)
    return f"{max(1, found) if share > 0 else found:,}"


def format_per_hundred(share: float) -> str:
    """For people and chances. Worked: 0.7 -> "70 in 100"; 0.004 -> "fewer than 1 in 100"."""
    return "fewer than 1 in 100" if 0 < share < 0.005 else f"{100 * share:.0f} in 100"
