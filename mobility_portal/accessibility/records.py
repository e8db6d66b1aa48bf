"""What a conformance report says of one requirement."""

from dataclasses import dataclass
from enum import StrEnum


class Support(StrEnum):
    """The five answers of the VPAT form. "Not evaluated" stands wherever nobody looked, at every level."""

    FULL = "Supports"
    PARTIAL = "Partially supports"
    NONE = "Does not support"
    UNUSED = "Not applicable"
    UNKNOWN = "Not evaluated"


@dataclass(frozen=True)
class Criterion:
    """`number` and `name` as the standard has them. `level`: A, AA, or "" in Section 508.

    `tests` show it, each `path::function`; without one it was read in the pages, or, where unknown, by nobody.
    """

    number: str
    name: str
    level: str
    support: Support
    tests: tuple[str, ...] = ()
    remarks: str = ""

    @property
    def shown_by(self) -> str:
        if self.support in (Support.UNUSED, Support.UNKNOWN):
            return "none"
        return "tests" if self.tests else "reading"


@dataclass(frozen=True)
class Chapter:
    number: str
    title: str
    said: str
    criteria: tuple[Criterion, ...] = ()


@dataclass(frozen=True)
class KnownException:
    """Where the portal falls short, of which criteria, and what a reader can do instead."""

    name: str
    criteria: tuple[str, ...]
    said: str
