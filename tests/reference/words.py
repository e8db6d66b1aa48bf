"""Numbers as readers get them, written again."""

import math
import re

Z95 = 1.959964


def ordinal(rank: float) -> str:
    """0.338 -> "34th"."""
    number = math.floor(100 * rank + 0.5)
    ending = "th" if 10 <= number % 100 <= 20 else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"


def points(rank: float) -> str:
    """-0.041 -> "−4.1"."""
    return f"{100 * rank:.1f}".replace("-", "−")


def interval(value: float, error: float) -> str:
    return f"{points(value - Z95 * error)} to {points(value + Z95 * error)}"


def with_interval(value: float, error: float) -> str:
    return points(value) if math.isnan(error) else f"{points(value)} ({interval(value, error)})"


def hundreds(amount: float) -> str:
    return f"${math.floor(amount / 100 + 0.5) * 100:,}"


def ordinals_in(text: str) -> list[str]:
    """ "the 31st (US 45th) in their 30s" -> ["31st", "45th"]."""
    return re.findall(r"\b\d+(?:st|nd|rd|th)\b", text)


def decimals_in(text: str) -> list[str]:
    """ "11.5 points (likely range 11.1 to 11.9)" -> ["11.5", "11.1", "11.9"]."""
    return re.findall(r"−?\b\d+\.\d\b", text)


def dollars_in(text: str) -> list[str]:
    return re.findall(r"\$\d[\d,]*\d", text)


def first_upper(words: str) -> str:
    return words[:1].upper() + words[1:]
