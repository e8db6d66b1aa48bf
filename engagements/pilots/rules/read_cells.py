"""Lines of counts and sums as `Cells`, one for each outcome that the file counts."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from engagements.pilots.rules.data import Cells, Floats, PilotData, Texts
from engagements.pilots.rules.data_lines import Keys, Lines, read_keys
from engagements.pilots.rules.data_values import Problems
from engagements.pilots.rules.registration import OVER_TIME, Outcome, OutcomeKind, Registration

Flags = NDArray[np.bool_]
ROUNDING = 1e-9


def cells_by_outcome(
    lines: Lines, registration: Registration, drawn: Mapping[str, str] | None, problems: Problems
) -> tuple[dict[str, PilotData], dict[str, Texts], list[str]]:
    """Cells by key of outcome, the subgroups of the primary outcome's cells, and notes. Problems are added."""
    keys = read_keys(lines, registration, problems)
    known = {one.key: one for one in (registration.outcome, *registration.secondary)}
    of = _outcome_of(lines, known, registration, problems)
    _refuse_twice(lines, keys, of, problems)
    numbers = {
        "n": lines.values("n", problems, may_be_empty=False),
        "total": lines.values("total", problems, may_be_empty=False),
        **{name: lines.values(name, problems) for name in ("squares", "assigned", "took_part")},
    }
    for key, outcome in known.items():
        here = of == key
        if outcome.kind == OutcomeKind.SHARE:
            numbers["squares"] = np.where(here, numbers["total"], numbers["squares"])
        elif registration.design not in OVER_TIME:
            numbers["squares"] = _all_squares(lines, numbers, here, problems)
        _check_counts(lines, numbers, here, outcome.kind == OutcomeKind.SHARE, problems)
    outcomes: dict[str, PilotData] = {}
    for key in known:
        here = of == key
        if here.any():
            places = {name: values[here] for name, values in keys.places.items()}
            group = next(iter(keys.groups.values()), np.full(lines.count, "", dtype=object))[here]
            counts = {name: values[here] for name, values in numbers.items()}
            outcomes[key] = Cells(arm=keys.arm[here], group=group, **places, **counts)
    primary = of == registration.outcome.key
    if not primary.any():
        problems.add(None, "", f"No line counts the primary outcome, “{registration.outcome.key}”.")
    return (
        outcomes,
        {name: values[primary] for name, values in keys.groups.items()},
        _notes(registration, numbers, primary),
    )


def _outcome_of(lines: Lines, known: Mapping[str, Outcome], registration: Registration, problems: Problems) -> Texts:
    if not lines.has("outcome_key"):
        return np.full(lines.count, registration.outcome.key, dtype=object)
    found = lines.texts("outcome_key", problems)
    for line, key in zip(lines.numbers, found, strict=True):
        if key not in known:
            problems.add(
                line, lines.title("outcome_key"), f"This is not a registered outcome. Known: {', '.join(known)}."
            )
    return found


def _refuse_twice(lines: Lines, keys: Keys, of: Texts, problems: Problems) -> None:
    first: dict[tuple[str, ...], int] = {}
    columns = [of, keys.arm, *keys.places.values(), *keys.groups.values()]
    for line, *key in zip(lines.numbers, *columns, strict=True):
        if (before := first.setdefault(tuple(key), line)) != line:
            problems.add(line, "", f"Line {before} counts the same people already.")


def _check_counts(lines: Lines, numbers: Mapping[str, Floats], here: Flags, is_share: bool, problems: Problems) -> None:
    n, total, squares = numbers["n"], numbers["total"], numbers["squares"]
    with np.errstate(invalid="ignore", divide="ignore"):
        least = np.where(n > 0, total**2 / np.where(n > 0, n, 1), 0)
        slack = ROUNDING * np.maximum(np.abs(squares), np.abs(least))
        faults = [
            ("n", (n < 0) | (n != np.floor(n)), "A count of people is a whole number, 0 or more."),
            ("assigned", numbers["assigned"] < n, "Fewer people were drawn than were measured."),
            ("assigned", _is_no_count(numbers["assigned"]), "A count of people is a whole number, 0 or more."),
            ("took_part", numbers["took_part"] > n, "More people took part than were measured."),
            ("took_part", _is_no_count(numbers["took_part"]), "A count of people is a whole number, 0 or more."),
            ("total", (n == 0) & (total != 0), "Nobody was measured here, so the sum must be 0."),
        ]
        if is_share:
            faults += [
                ("total", _is_no_count(total), "A count of people is a whole number, 0 or more."),
                ("total", total > n, "More people had the outcome than were measured."),
            ]
        else:
            faults.append(("squares", squares < least - slack, "No values have this sum and these squares together."))
    for name, wrong, sentence in faults:
        for index in np.flatnonzero(wrong & here):
            problems.add(lines.numbers[int(index)], lines.title(name), sentence)


def _all_squares(lines: Lines, numbers: Mapping[str, Floats], here: Flags, problems: Problems) -> Floats:
    """Of a mean each line needs them, else its people would seem alike; where nobody was measured they are 0."""
    squares = np.where(here & (numbers["n"] == 0) & np.isnan(numbers["squares"]), 0.0, numbers["squares"])
    absent = np.flatnonzero(here & np.isnan(squares))
    if len(absent) and not lines.has("squares"):
        problems.add(None, "", "The column “squares” is missing: Sum of their squared outcomes; an average needs it.")
        return squares
    for index in absent:
        sentence = "The sum of squared outcomes is missing here: without it nobody knows how far outcomes differ."
        problems.add(lines.numbers[int(index)], lines.title("squares"), sentence)
    return squares


def _is_no_count(values: Floats) -> Flags:
    return np.asarray((values < 0) | (np.isfinite(values) & (values != np.floor(values))))


def _notes(registration: Registration, numbers: Mapping[str, Floats], primary: Flags) -> list[str]:
    if registration.design in OVER_TIME or not np.isnan(numbers["assigned"][primary]).any():
        return []
    return ["The file does not say how many people were drawn, so nobody can see how many were lost."]
