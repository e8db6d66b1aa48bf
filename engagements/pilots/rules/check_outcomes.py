"""What a registered outcome and its worthwhile effect must be. Each problem is (field, sentence)."""

import re
from collections.abc import Iterator

from engagements import limits
from engagements.pilots.rules.plain import Problem
from engagements.pilots.rules.registration import Outcome, OutcomeKind, Registration
from engagements.verdicts import Wanted

COLUMN = re.compile(r"[a-z][a-z0-9_]{0,59}")
# Columns that data files have in every pilot; `data_columns` says what each means.
RESERVED = frozenset(
    "arm n total squares events assigned took_part city block cluster period group id measured_on outcome_key".split()
)
COLUMN_RULE = "Use small letters, digits and underscores, and begin with a letter: “had_job”."
POINTS = "percentage points"


def outcome_problems(registration: Registration) -> Iterator[Problem]:
    yield from _one(registration.outcome, "outcome")
    for number, outcome in enumerate(registration.secondary):
        yield from _one(outcome, f"secondary.{number}")
    keys = [outcome.key for outcome in (registration.outcome, *registration.secondary)]
    for number, key in enumerate(keys[1:]):
        if key in keys[: number + 1]:
            yield f"secondary.{number}.key", "Another outcome has this column already."
    yield from _worthwhile(registration)


def _one(outcome: Outcome, where: str) -> Iterator[Problem]:
    if not COLUMN.fullmatch(outcome.key):
        yield f"{where}.key", f"Name the column of the data. {COLUMN_RULE}"
    elif outcome.key in RESERVED:
        yield f"{where}.key", "Every data file has a column of this name for something else. Choose another."
    if not outcome.name.strip():
        yield f"{where}.name", "Say what is measured."
    if not outcome.unit.strip():
        yield f"{where}.unit", "Say in which unit it is measured."
    elif outcome.kind == OutcomeKind.SHARE and outcome.unit.strip() != POINTS:
        yield f"{where}.unit", f"The unit of a share is “{POINTS}”."
    if outcome.kind == OutcomeKind.SHARE and not outcome.good.strip():
        example = "kept their home" if outcome.better == Wanted.LESS else "had a job"
        yield f"{where}.good", f"Say what one person with the good answer did, for example “{example}”."
    if not outcome.after.strip():
        yield f"{where}.after", "Say when it is measured, for example “after a year”."
    if not outcome.source.strip():
        yield f"{where}.source", "Name the records or the system that it is read from."
    if outcome.window_from is None:
        yield f"{where}.window_from", "Give the first day on which this outcome can happen."
    if outcome.window_to is None:
        yield f"{where}.window_to", "Give the last day on which this outcome counts."
    elif outcome.window_from is not None and outcome.window_to < outcome.window_from:
        yield f"{where}.window_to", "The last day lies before the first."


def _worthwhile(registration: Registration) -> Iterator[Problem]:
    worth = registration.smallest_worthwhile
    if not worth > 0:
        yield (
            "smallest_worthwhile",
            "Give the smallest effect worth having, above 0. Which way is better is said apart.",
        )
    elif registration.outcome.kind == OutcomeKind.SHARE and worth >= 100:
        yield "smallest_worthwhile", "Of 100 people fewer than 100 can change. Give points, such as 4."
    elif problem := limits.find_number_problem(worth):
        yield "smallest_worthwhile", problem
    if not registration.worthwhile_because.strip():
        yield "worthwhile_because", "Say why a smaller effect would not be worth it."
