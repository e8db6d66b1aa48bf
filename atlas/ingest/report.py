"""What one run found: printed by the command, shown on /data/, asserted by the tests."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from typing import Any

from atlas.formatting.counts import format_number_of
from atlas.records.places import SAMPLE_NOTICE
from atlas.sources.base import Problem


@dataclass(frozen=True)
class MeasureChange:
    """One measure against the live release of its data set. Differences are in the measure's own unit.

    `largest_at` is where the largest change is: a GEOID, with the group and the first day of the period of a series.
    """

    slug: str
    rows_with_value: int
    rows_without_value: int
    rows_outside_range: int
    added: int = 0
    removed: int = 0
    changed: int = 0
    largest_change: float | None = None  # size, without its sign
    mean_change: float | None = None  # new minus live, over the areas that change
    largest_at: str = ""
    largest_before: float | None = None  # the live value there
    largest_after: float | None = None
    implausible_values: int = 0  # outside what the measure's unit allows (plausibility.py)
    implausible_value: float | None = None  # the furthest of them
    implausible_errors: int = 0
    implausible_error: float | None = None

    @property
    def doubts(self) -> tuple[str, ...]:
        """What a person has to confirm before this is believed: "2 values of x, up to 7.5, cannot be in its unit"."""
        return tuple(
            f"{count:,} {noun}{'' if count == 1 else 's'} of {self.slug} out of range, such as {furthest:g}"
            for count, noun, furthest in (
                (self.implausible_values, "value", self.implausible_value),
                (self.implausible_errors, "standard error", self.implausible_error),
            )
            if count
        )


def all_doubts(measures: Iterable[MeasureChange]) -> tuple[str, ...]:
    """The doubts about every measure of a file, in their order."""
    return tuple(doubt for measure in measures for doubt in measure.doubts)


def shorten_doubts(doubts: tuple[str, ...], most: int = 3) -> str:
    """For a sentence: the first few, and how many more."""
    more = f" and {len(doubts) - most:,} more" if len(doubts) > most else ""
    return "; ".join(doubts[:most]) + more


@dataclass(frozen=True)
class ShapeChange:
    """Polygons of a boundary file against the live ones of the same counties or places."""

    added: int
    removed: int
    changed: int


def describe_loss(rows: int, measures: tuple[str, ...], kinds: dict[str, int] | None = None) -> str:
    """What would be dropped, for a person: "1 row and 2 measures"; of context, areas, metrics, groups and periods."""
    counted = [(rows, "row"), (len(measures), "measure")]
    counted += [(number, word.removesuffix("s")) for word, number in (kinds or {}).items()]
    return " and ".join(f"{number:,} {word}{'' if number == 1 else 's'}" for number, word in counted if number)


@dataclass(frozen=True)
class IngestReport:
    """`outcome`: activated, staged (waits for a decision), unchanged (same bytes are live), superseded (of the starter
    set, and what is live is not), valid (dry run), refused, or skipped (of an unknown format). `compared_with` are the
    live releases it would replace, `lost_*` what they have and it has not.
    """

    path: str
    outcome: str
    source: str = ""
    dataset: str = ""
    sha256: str = ""
    rows_read: int = 0
    rows_kept: int = 0
    problems: tuple[Problem, ...] = ()
    problem_count: int = 0
    measures: tuple[MeasureChange, ...] = ()
    parts: tuple[str, ...] = ()
    ignored_columns: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    is_sample: bool = False  # generated, not published
    starter: dict[str, Any] | None = None  # what the starter set says of the file, None for any other
    release_id: int | None = None
    compared_with: tuple[int, ...] = ()
    lost_rows: int = 0
    lost_measures: tuple[str, ...] = ()
    lost_kinds: dict[str, int] = field(default_factory=dict)
    waiting_suffixes: dict[str, int] = field(default_factory=dict)  # of second columns nobody has explained yet
    shapes: "ShapeChange | None" = None
    replaced_release_id: int | None = None
    cities_remapped: tuple[str, ...] = ()
    seconds: dict[str, float] = field(default_factory=dict)

    @property
    def refused(self) -> bool:
        return self.outcome == "refused"

    @property
    def loses(self) -> bool:
        return bool(self.lost_rows or self.lost_measures or self.lost_kinds)

    @property
    def doubts(self) -> tuple[str, ...]:
        """Numbers that cannot be right in the unit they are read in."""
        return all_doubts(self.measures)

    @property
    def has_no_value(self) -> bool:
        """Every field of every measure is empty."""
        return bool(self.measures) and not any(measure.rows_with_value for measure in self.measures)

    def as_dict(self) -> dict:
        found = asdict(self)
        found["problems"] = [{**asdict(p), "sentence": p.sentence()} for p in self.problems]
        return found

    def notes(self) -> tuple[str, ...]:
        """What a person should know besides: warnings, and columns of the file that nothing here reads."""
        if self.outcome == "unchanged":  # the sentence has its warnings
            return ()
        ignored = f"columns not used: {', '.join(self.ignored_columns)}" if self.ignored_columns else ""
        return tuple(filter(None, (*self.warnings, ignored)))

    def sentence(self) -> str:
        """One line for a person."""
        if self.outcome == "skipped":
            return "not a file this portal knows: skipped"
        if self.outcome == "refused":
            more = f" (and {self.problem_count - 1:,} more)" if self.problem_count > 1 else ""
            return f"refused, nothing was imported: {self.problems[0].sentence()}{more}"
        if self.outcome == "unchanged":
            return "; ".join(("unchanged: the version in use has the same bytes", *self.warnings)) + (
                f"; {SAMPLE_NOTICE}" if self.is_sample else ""
            )
        if self.outcome == "superseded":
            return "left alone: the data in use were fetched or loaded, and the starter set gives way to them"
        if self.outcome == "staged":
            loss = (
                f"; it would drop {describe_loss(self.lost_rows, self.lost_measures, self.lost_kinds)}"
                if self.loses
                else ""
            )
            doubts = f"; it has {shorten_doubts(self.doubts)}" if self.doubts else ""
            return (
                f"imported as version {self.release_id}, not in use yet: an administrator has to decide{loss}{doubts}"
            )
        kept = f"{self.rows_kept:,} of {format_number_of(self.rows_read, 'row')} kept"
        if self.is_sample:
            kept += f"; {SAMPLE_NOTICE}"
        return (
            f"in use as version {self.release_id}: {kept}" if self.outcome == "activated" else f"valid, dry run: {kept}"
        )
