"""Progress and people reached once more, slowly and another way, to compare the product with."""

from datetime import date, timedelta
from fractions import Fraction


def way_done(baseline: float, target: float, value: float) -> float:
    """Steps of a thousandth along the way, with exact fractions."""
    return float((Fraction(value) - Fraction(baseline)) / (Fraction(target) - Fraction(baseline)))


def time_gone(baseline_on: date, target_on: date, on: date) -> float:
    """Days counted one by one."""
    gone = whole = 0
    day = baseline_on
    while day < target_on:
        day += timedelta(days=1)
        whole += 1
        gone += day <= on
    return gone / whole


def summed(rows) -> float | None:
    """People of rows that count each once and share no tract on any day with another such row."""
    seen: dict[tuple, list[int]] = {}
    for number, row in enumerate(rows):
        if not row.is_unduplicated:
            continue
        day = row.start
        while day <= row.end:
            for tract in row.area or ALL:
                seen.setdefault((row.place, day, tract), []).append(number)
            day += timedelta(days=1)
    twice = {number for numbers in seen.values() if len(numbers) > 1 for number in numbers}
    alone = [r.value for n, r in enumerate(rows) if r.is_unduplicated and n not in twice]
    return sum(alone) if alone else None


ALL = frozenset("abc")  # every tract of the tests' places
