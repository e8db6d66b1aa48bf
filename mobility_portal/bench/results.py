"""What a run of the bench found: a table line for a reader at once, and one flat JSON file for a program."""

import json
import re
from collections.abc import Callable
from pathlib import Path

from mobility_portal.bench.timing import Timing

_KEY_WIDTH, _VALUE_WIDTH = 58, 11


class Results:
    """Measured values by key, in the order measured. A key ends in its unit: _seconds, _ms, _ratio, _percent."""

    def __init__(self, write: Callable[[str], object]):
        self._write = write
        self.values: dict[str, float] = {}

    def add(self, key: str, value: float, detail: str = "") -> None:
        """One line of the table and one key of the file. Raises ValueError for a key that was measured before."""
        if key in self.values:
            raise ValueError(f"The bench measured {key} twice: two rows need two names.")
        self.values[key] = round(value, 4)
        self._write(f"{key:<{_KEY_WIDTH}} {value:>{_VALUE_WIDTH},.2f}  {detail}".rstrip())

    def add_milliseconds(self, key: str, taken: Timing, detail: str = "", limit: float | None = None) -> None:
        """The median of a timing under `key`_ms, its range in the detail, and `limit` (seconds) where it was passed."""
        low, high = 1000 * min(taken.seconds), 1000 * max(taken.seconds)
        slow = "" if limit is None or taken.median < limit else f"over {1000 * limit:,.0f} ms"
        said = (f"{low:,.0f} to {high:,.0f} in {len(taken.seconds)} runs", detail, slow)
        self.add(f"{key}_ms", 1000 * taken.median, "; ".join(filter(None, said)))

    def say(self, sentence: str) -> None:
        """A line that is no measurement: what was not measured, and why."""
        self._write(sentence)

    def save(self, path: Path) -> None:
        """Replaces the file as a whole: it holds this run's rows and no older ones."""
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_suffix(".draft")
        draft.write_text(json.dumps(self.values, indent=1) + "\n")
        draft.replace(path)


def key_of(address: str) -> str:
    """The address of a page as part of a key: words joined by underscores, row numbers as `id`.

    >>> key_of("/"), key_of("/milestones/17/"), key_of("/data/?page=2")
    ('home', 'milestones_id', 'data_page_2')
    """
    path, _, query = address.partition("?")
    path = re.sub(r"(?<=/)[0-9]{1,10}(?=/)", "id", path)
    return re.sub(r"[^a-z0-9]+", "_", f"{path}_{query}".lower()).strip("_") or "home"
