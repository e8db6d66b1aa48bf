"""Which yearly series moved between their first and last value, counted again, and what a finding says of it."""

import math
import re

NUMBERS = "none one two three four five six seven eight nine ten".split()


def count_changes(every) -> dict[str, int]:
    """`surely`: bounds apart, one grade all along, no dollars; `apart`: the other ones with bounds apart."""
    found = {"tracked": len(every), "surely": 0, "apart": 0, "overlapping": 0, "unknown": 0}
    for series in every:
        known = [index for index, value in enumerate(series.values) if value is not None]
        first, last = known[0], known[-1]
        bounds = [side[index] for side in (series.lower, series.upper) for index in (first, last)]
        if None in bounds or first == last:
            found["unknown"] += 1
        elif series.upper[first] >= series.lower[last] and series.upper[last] >= series.lower[first]:
            found["overlapping"] += 1
        else:
            same_grade = len({series.quality[index] for index in known}) == 1
            found["surely" if same_grade and series.metric.unit != "usd" else "apart"] += 1
    return found


def counts_said(finding: str) -> dict[str, int]:
    """The same counts as they stand in the finding, in words."""

    def number(pattern: str) -> int:
        found = re.findall(pattern, finding)
        assert len(found) <= 1, found
        return NUMBERS.index(found[0].lower()) if found else 0

    return {
        "tracked": number(r"We track (\w+) condition"),
        "surely": len(re.findall(r"The (?:rise|drop) is larger than the margin of error", finding)),
        "apart": number(r"(\w+) (?:others? )?changed (?:too|by more than the margin of error)"),
        "overlapping": number(r"(\w+) shows? no clear change"),
        "unknown": number(r"(\w+) (?:has|have) no margin of error"),
    }


def in_100(share: float) -> str:
    """0.5823 -> "58"."""
    return str(math.floor(100 * share + 0.5))
