"""A unit's numbers as a chart's axis writes them: format codes of the sheet behind it."""

import math


def axis_format(unit: str, step: float) -> str:
    """`unit`: of a measure or a metric; `step`: between two ticks, which says how many decimals they need."""
    is_share = unit == "share" or unit.startswith("change_since")
    decimals = max(0, -math.floor(math.log10(step * (100 if is_share else 1)) + 1e-9)) if step > 0 else 0
    decimals += not is_whole(step * (100 if is_share else 1) * 10**decimals)
    plain = "0" if decimals == 0 else f"0.{'0' * decimals}"
    if unit.startswith("change_since"):
        return f"+{plain}%;−{plain}%;0%"
    if unit == "share":
        return f"{plain}%"
    money = "$" if unit.startswith("usd") else ""
    return f"{money}#,##{plain}"


def is_whole(number: float) -> bool:
    return abs(number - round(number)) < 1e-9
