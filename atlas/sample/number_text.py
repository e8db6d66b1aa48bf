"""Numbers as Stata's `export delimited` writes them: float32, 8 significant digits, no leading zero.

.38697663   -.0017383998   102336.61   .000094631505   8.0409773e-06   (missing: nothing)
"""

import re
from collections.abc import Sequence
from typing import TextIO

import numpy as np

_E05 = re.compile(r"(-?)(\d)(?:\.(\d+))?e-05")
_SMALLER = re.compile(r"(-?\d)(?:\.(\d+))?(e-\d\d)")


def _plain(match: re.Match[str]) -> str:
    return f"{match[1]}0.0000{match[2]}{match[3] or ''}"


def _padded(match: re.Match[str]) -> str:
    return f"{match[1]}.{(match[2] or '').ljust(7, '0')}{match[3]}"


def rows_as_text(values: np.ndarray, stored_as: type[np.floating] = np.float32) -> list[str]:
    """One comma-joined text per row of a 2-D array; NaN becomes an empty field.

    The values are rounded to float32 first, as the publisher stores them; `stored_as=np.float64` keeps
    figures that are known to a few digits only (.3693) from turning into their neighbor (.36930001).
    """
    stored = np.asarray(values, dtype=stored_as).astype(np.float64) + 0.0  # + 0.0 turns -0 into 0
    pattern = ",%.8g" * stored.shape[1]
    text = "\n".join([pattern % tuple(row) for row in stored.tolist()])
    if "e-05" in text:
        text = _E05.sub(_plain, text)
    if "e-" in text:
        text = _SMALLER.sub(_padded, text)
    text = text.replace(",nan", ",").replace(",0.", ",.").replace(",-0.", ",-.")
    return [line[1:] for line in text.split("\n")]


def number_as_text(value: float) -> str:
    """One number; NaN is the empty text."""
    return rows_as_text(np.array([[value]]))[0]


def write_table(
    handle: TextIO, ids: Sequence[str], values: np.ndarray, stored_as: type[np.floating] = np.float32, chunk: int = 4096
) -> None:
    """Write lines of already joined id text plus a 2-D array, in bounded memory."""
    for start in range(0, len(ids), chunk):
        lines = rows_as_text(values[start : start + chunk], stored_as)
        pairs = zip(ids[start : start + chunk], lines, strict=True)
        handle.write("".join([f"{front},{line}\n" for front, line in pairs]))
