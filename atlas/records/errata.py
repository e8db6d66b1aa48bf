"""What changed in a release or a formula, as pages and the API say it. Pure: no Django."""

from dataclasses import dataclass
from datetime import date
from typing import Literal


@dataclass(frozen=True)
class CorrectedValue:
    """One value before and after: text as it was printed, or a number in `unit`."""

    of: str
    unit: str
    old: str | float
    new: str | float


@dataclass(frozen=True)
class Erratum:
    """One change. Of a release, `release_id` answers since `date` and `changed` counts its changed values."""

    date: date
    kind: Literal["formula", "release"]
    subject: str
    what: str
    reason: str
    where: tuple[str, ...]
    values: tuple[CorrectedValue, ...]
    dataset: str = ""
    release_id: int | None = None
    changed: int = 0
