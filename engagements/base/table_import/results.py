"""What each row of an imported table would do, or did, and the fingerprint that compares the two. Pure."""

import hashlib
import json
from dataclasses import dataclass

Problem = tuple[str, str]  # column, sentence
REFUSED = "refused"


@dataclass(frozen=True)
class RowResult:
    """`outcome`: add, change, unchanged, refused. `changes`: (field, before, after). `notes`: what was left out of it.

    `written`: [noun, id, version before or None, version after] of what differs once it is kept.
    """

    line: int
    outcome: str
    title: str
    changes: tuple[tuple[str, str, str], ...] = ()
    problems: tuple[Problem, ...] = ()
    notes: tuple[str, ...] = ()
    written: tuple[tuple[str, int, int | None, int], ...] = ()


@dataclass(frozen=True)
class ImportResult:
    """`fingerprint` is the same when the same rows would do the same again."""

    rows: tuple[RowResult, ...]
    is_kept: bool
    fingerprint: str

    @classmethod
    def of(cls, rows: tuple[RowResult, ...]) -> "ImportResult":
        """Not kept yet."""
        return cls(
            rows,
            False,
            fingerprint_of((row.line, row.outcome, row.title, row.changes, row.problems, row.notes) for row in rows),
        )

    @property
    def may_be_kept(self) -> bool:
        return all(row.outcome != REFUSED for row in self.rows)

    def count(self, outcome: str) -> int:
        return sum(row.outcome == outcome for row in self.rows)

    def reasons(self) -> dict[int, str]:
        """By line, what is wrong in it; lines without problems are not in it."""
        return {
            row.line: "; ".join(f"{name}: {why}" for name, why in row.problems) for row in self.rows if row.problems
        }


def fingerprint_of(parts) -> str:
    """SHA-256 of what is given, as JSON: a list of rows as plain tuples."""
    return hashlib.sha256(json.dumps(list(parts)).encode()).hexdigest()
