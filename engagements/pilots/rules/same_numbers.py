"""Whether two findings say the same: words exactly, numbers to six digits, which is more than any page shows."""

import math
from collections.abc import Iterator, Mapping
from typing import Any

TOLERANCE = 1e-6  # of a number's own size; libraries of another version may differ in the last digits
# About the file that was read, not about the finding.
_OF_THE_FILE = frozenset({"rows", "data_notes"})


def differences_between(expected: Mapping[str, Any], found: Mapping[str, Any]) -> list[str]:
    """Names of what differs, such as "interval.0"; empty where both say the same."""
    left, right = (
        {name: value for name, value in one.items() if name not in _OF_THE_FILE} for one in (expected, found)
    )
    return list(_differing(left, right, ""))


def _differing(expected: Any, found: Any, where: str) -> Iterator[str]:
    if isinstance(expected, Mapping) and isinstance(found, Mapping):
        for name in sorted({*expected, *found}):
            yield from _differing(expected.get(name), found.get(name), f"{where}.{name}" if where else name)
    elif isinstance(expected, list) and isinstance(found, list) and len(expected) == len(found):
        for number, (one, other) in enumerate(zip(expected, found, strict=True)):
            yield from _differing(one, other, f"{where}.{number}")
    elif not _is_same(expected, found):
        yield where


def _is_same(expected: Any, found: Any) -> bool:
    if isinstance(expected, bool) or isinstance(found, bool):
        return expected is found
    if isinstance(expected, int | float) and isinstance(found, int | float):
        return math.isclose(expected, found, rel_tol=TOLERANCE, abs_tol=1e-9)
    return bool(expected == found)
