"""Lines of persons as `Rows`, one for each outcome that the file has."""

from collections.abc import Mapping

import numpy as np

from engagements.pilots.rules.data import Floats, PilotData, Rows, Texts
from engagements.pilots.rules.data_lines import Keys, Lines, read_keys
from engagements.pilots.rules.data_values import Problems
from engagements.pilots.rules.registration import OVER_TIME, Outcome, OutcomeKind, Registration


def rows_by_outcome(
    lines: Lines, registration: Registration, drawn: Mapping[str, str] | None, problems: Problems
) -> tuple[dict[str, PilotData], dict[str, Texts], list[str]]:
    """Rows by key of outcome, the subgroups of the primary outcome's rows, and notes. Problems are added."""
    keys = read_keys(lines, registration, problems)
    _check_ids(lines, keys, drawn, problems, may_change=registration.design in OVER_TIME)
    took_part = lines.values("took_part", problems)
    _must_be_0_or_1(took_part, "took_part", lines, problems)
    covariates = {name: lines.values(name, problems) for name in registration.covariates}
    group = next(iter(keys.groups.values()), np.full(lines.count, "", dtype=object))
    outcomes: dict[str, PilotData] = {}
    for outcome in (registration.outcome, *registration.secondary):
        if lines.has(outcome.key):
            outcomes[outcome.key] = Rows(
                arm=keys.arm,
                outcome=_measured(lines, outcome, problems),
                took_part=took_part,
                group=group,
                covariates=covariates,
                **keys.places,
            )
    notes = []
    if not lines.has("id"):
        notes.append("The file has no ids, so nobody can see whether someone is counted twice.")
    elif drawn is not None and len(absent := set(drawn) - set(lines.texts("id", problems))):
        notes.append(f"{len(absent):,} of the {len(drawn):,} units drawn are not in the file.")
    return outcomes, keys.groups, notes


def _measured(lines: Lines, outcome: Outcome, problems: Problems) -> Floats:
    values = lines.values(outcome.key, problems)
    if outcome.kind == OutcomeKind.SHARE:
        _must_be_0_or_1(values, outcome.key, lines, problems)
    return values


def _must_be_0_or_1(values: Floats, name: str, lines: Lines, problems: Problems) -> None:
    for index in np.flatnonzero(np.isfinite(values) & (values != 0) & (values != 1)):
        problems.add(lines.numbers[int(index)], lines.title(name), "This is 0 or 1, or empty.")


def _check_ids(
    lines: Lines, keys: Keys, drawn: Mapping[str, str] | None, problems: Problems, *, may_change: bool
) -> None:
    """`may_change`: over time the arm says whether the program had started, which is not drawn for good."""
    if not lines.has("id"):
        if drawn is not None:
            problems.add(None, "", "The column “id” is missing: without it nobody can be held against the draw.")
        return
    ids, title = lines.texts("id", problems), lines.title("id")
    first: dict[tuple[str, str], int] = {}
    for line, name, period, arm in zip(lines.numbers, ids, keys.places["period"], keys.arm, strict=True):
        if not name:
            problems.add(line, title, "An id is missing here.")
            continue
        if (before := first.setdefault((name, period), line)) != line:
            problems.add(line, title, f"This is the same id as in line {before}.")
        if drawn is not None and name not in drawn:
            problems.add(line, title, "Nobody with this id was drawn.")
        elif drawn is not None and drawn[name] != arm and not may_change:
            problems.add(line, lines.title("arm"), "This is not the group that was drawn for this id.")
