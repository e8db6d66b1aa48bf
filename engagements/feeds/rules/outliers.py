"""Which values wait for a person, and the rule that says so. Pure.

With nine earlier values or more: the modified z-score of Iglewicz and Hoaglin (1993), "How to Detect and Handle
Outliers", ASQC Basic References 16; as in the NIST/SEMATECH e-Handbook, 1.3.5.17. It is taken of the change from one
value to the next, because a series that grows has no middle of its own: M = 0.6745 (d - median d) / MAD, and
|M| > 3.5 waits. Where the MAD is 0 the mean absolute deviation stands in: M = (d - median d) / (1.253314 MeanAD).

With fewer values there is no spread to go by. Then our own rule, a guard against slips such as an extra zero: three
times the value before, a third of it, another sign, or a share that moved by more than 20 points.
"""

from collections.abc import Sequence
from statistics import fmean, median

LONGEST_MEMORY = 24  # earlier values that are looked at, the newest of them
FEWEST_CHANGES = 8
CUTOFF = 3.5
TIMES, POINTS = 3.0, 0.20
RULE = (
    "With at least nine earlier values, a value waits when its change differs from the usual change by a modified"
    " z-score above 3.5 (Iglewicz and Hoaglin, 1993). With fewer, it waits when it is more than three times the value"
    " before, less than a third of it, or a share that moved by more than 20 points."
)


def find_outlier(earlier: Sequence[float], value: float, unit: str) -> str:
    """Why `value` waits, in one sentence, or "". `earlier`: accepted values, the oldest first; may be empty.

    Worked: earlier 40 42 45 44 47 49 50 53 52 55, changes 2 3 -1 3 2 1 3 -1 3, median 2, MAD 1. A value of 62 changes
    by 7: M = 0.6745 (7 - 2) / 1 = 3.37, taken. 63 changes by 8: M = 4.05, waits.
    """
    known = list(earlier)[-LONGEST_MEMORY:]
    if not known:
        return ""
    changes = [after - before for before, after in zip(known, known[1:], strict=False)]
    if len(changes) < FEWEST_CHANGES:
        return _find_slip(known[-1], value, unit)
    change, usual = value - known[-1], median(changes)
    score = modified_z_score(changes, change)
    if abs(score) <= CUTOFF:
        return ""
    said = (
        "the modified z-score has no limit here" if abs(score) == _FAR else f"modified z-score {score:.1f}, limit 3.5"
    )
    return (
        f"It {_moved(change, unit)}; of the {len(changes)} changes before the middle one was"
        f" {_plain(usual, unit)} ({said})."
    )


def _moved(change: float, unit: str) -> str:
    return f"{'rose' if change >= 0 else 'fell'} by {_plain(abs(change), unit)}"


def _plain(number: float, unit: str) -> str:
    return f"{number * 100:.1f} points" if unit == "share" else f"{number:,.10g}"


_FAR = 1e9  # stands for a score that has no spread to be divided by


def modified_z_score(changes: Sequence[float], change: float) -> float:
    """How unlike `changes` one more is; ±1e9 where they were all the same and it is not."""
    middle = median(changes)
    away = [abs(each - middle) for each in changes]
    if spread := median(away):
        return max(-_FAR, min(_FAR, 0.6745 * (change - middle) / spread))
    if spread := fmean(away):
        return max(-_FAR, min(_FAR, (change - middle) / (1.253314 * spread)))
    if abs(change - middle) <= 1e-9 * max(1.0, abs(middle)):
        return 0.0
    return _FAR if change > middle else -_FAR


def _find_slip(last: float, value: float, unit: str) -> str:
    """Worked: 40 -> 130 waits (3.25 times), 40 -> 120 is taken; a share 0.30 -> 0.51 waits; nothing is told of 0."""
    if unit == "share":
        moved = (value - last) * 100
        return f"It moved by {moved:+.0f} points, the limit is 20." if abs(moved) > POINTS * 100 + 1e-9 else ""
    if last == 0 or value == last:
        return ""
    ratio = value / last
    if ratio < 0:
        return "It has another sign than the value before."
    if ratio > TIMES or ratio < 1 / TIMES:
        return f"It is {ratio:.3g} times the value before; from a third to three times is taken."
    return ""
