"""`analyze_pilot` without Django and without a database: two files in, the finding out as JSON or as a page of text.

The bundle of a published verdict carries this module, so that a stranger computes it with the same code.
"""

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from textwrap import wrap
from typing import Any

from engagements.pilots.rules.analysis import analyze
from engagements.pilots.rules.checks import cannot_be_analyzed
from engagements.pilots.rules.finding_values import finding_values
from engagements.pilots.rules.plain import PlainRefused
from engagements.pilots.rules.reading import DataRefused, read_csv_data, too_large
from engagements.pilots.rules.sentences import level_words
from engagements.pilots.rules.spec import MAX_BYTES, read_spec

WIDTH = 100


class FilesRefused(ValueError):
    """Nothing was computed. `sentences`: why, each one problem of a file and one printable line."""

    def __init__(self, *sentences: str):
        self.sentences = tuple(printable(sentence) for sentence in sentences)
        super().__init__("\n".join(self.sentences))


def analyze_files(spec: Path, data: Path, today: date) -> dict[str, Any]:
    """The finding as `finding_values` writes it. Raises FilesRefused; sizes are looked at before anything is read."""
    spec_size, data_size = _size(spec), _size(data)
    if spec_size > MAX_BYTES:
        raise FilesRefused(f"{spec.name}: The spec has more than {MAX_BYTES // 1000:,} kB. Is it the data file?")
    if sentence := too_large(data_size):
        raise FilesRefused(f"{data.name}: {sentence}")
    return analyze_bytes(spec.read_bytes(), data.read_bytes(), today, spec_name=spec.name, data_name=data.name)


def analyze_bytes(
    spec: bytes, data: bytes, today: date, *, spec_name: str = "spec", data_name: str = "data"
) -> dict[str, Any]:
    """As `analyze_files`, of what was read already."""
    try:
        described = read_spec(spec)
    except PlainRefused as refused:
        raise FilesRefused(*(f"{spec_name}: {sentence}" for _, sentence in refused.problems)) from refused
    registration = described.registration
    facts = described.facts_on(today)
    # What was stopped needs no number, so that an older plan is no reason to refuse it.
    if not facts.stopped_because and (problems := cannot_be_analyzed(registration)):
        raise FilesRefused(*(f"{spec_name}, “{where}”: {sentence}" for where, sentence in problems))
    notes: tuple[str, ...] = ()
    try:
        table = read_csv_data(data, registration)
    except DataRefused as refused:
        more = (f"{data_name}: {refused.left_out:,} more problems are not listed.",) if refused.left_out else ()
        raise FilesRefused(*(f"{data_name}: {problem}" for problem in refused.problems), *more) from refused
    notes = table.notes
    primary = table.outcomes[registration.outcome.key]
    finding = analyze(
        registration,
        primary,
        facts,
        secondary=table.outcomes,
        groups=table.groups,
        clusters=described.facts.clusters or None,
    )
    values = finding_values(registration, facts, finding)
    return values | {"data_notes": list(notes), "rows": table.row_count}


def printable(text: str) -> str:
    """One line that does nothing to a terminal: names in a file of somebody else may hold sequences that it obeys.

    White space of any kind is a blank; control characters and marks that turn the direction of writing are "?".
    """
    return "".join(one if one.isprintable() else " " if one.isspace() else "?" for one in text)


def as_json(values: dict[str, Any]) -> str:
    """The same values, with every character that cannot be printed as its escape."""
    text = json.dumps(values, ensure_ascii=False, indent=2, allow_nan=False) + "\n"
    return "".join(one if one.isprintable() or one == "\n" else json.dumps(one)[1:-1] for one in text)


def as_page(values: dict[str, Any]) -> str:
    """Plain text of printable characters, at most 100 characters a line."""
    lines = (wrapped for line in _page(values) for wrapped in (wrap(printable(line), WIDTH) or [""]))
    return "\n".join(lines) + "\n"


def _page(values: dict[str, Any]) -> Iterator[str]:
    yield f"Verdict: {values['verdict'].replace('_', ' ')}"
    yield values["sentence"]
    yield ""
    yield f"Method: {values['method']}. Unit: {values['unit']}. Strength: {values['strength']}."
    if values["refused"]:
        yield f"Refused: {values['reason']}"
        yield f"Needed: {values['needed']}"
    else:
        yield from _numbers(values)
    yield f"Registered before data: {'yes' if values['registered_before_data'] else 'no'}. {values['registered_why']}"
    for reason in values["reasons"]:
        yield f"- {reason}"
    for note in (*values["notes"], *values["data_notes"]):
        yield f"Note: {note}"
    yield from _tables(values)


def _numbers(values: dict[str, Any]) -> Iterator[str]:
    low, high = values["interval"] or (None, None)
    error = f" (standard error {_short(values['standard_error'])})" if values["standard_error"] is not None else ""
    yield f"Estimate: {_short(values['value'])}{error}"
    yield f"Interval of the verdict: {_short(low)} to {_short(high)}, at {level_words(values['level'])} percent"
    yield f"p: {_short(values['p'])}; df: {_short(values['df'])}; smallest p possible: {_short(values['attainable_p'])}"
    if second := values["second_test"]:
        yield f"Second test ({second['name']}): p {_short(second['p'])}, of {second['draws']:,} patterns"
    yield from _checks(values)
    least = values["detectable"]
    could = "not known without [assumptions]" if least is None else _short(least)
    yield f"Worth having from: {_short(values['smallest_worthwhile'])}; could detect: {could}"


def _checks(values: dict[str, Any]) -> Iterator[str]:
    if ratio := values["sample_ratio"]:
        yield f"Sizes of the groups against the draw: p {_short(ratio['p'])}"
    if lost := values["attrition"]:
        shares = ", ".join(f"{arm} {_short(percent)}" for arm, percent in lost["lost"].items())
        yield f"Percent whose outcome is missing: {shares}; gap {_short(lost['gap'])} points"
    if values["take_up"] is not None:
        takers = values["on_takers"]
        on = f"; effect on them {_short(takers['value'])}" if takers else ""
        yield f"Percent of those offered who took part: {_short(values['take_up'])}{on}"


def _tables(values: dict[str, Any]) -> Iterator[str]:
    cities = values["cities"]["cities"] if values["cities"] else []
    parts = {
        "Cities": cities,
        "Other outcomes and groups (registered)": values["secondary"],
        "Subgroups (registered)": values["subgroups"],
        "Other methods (exploratory; they decide nothing)": values["specifications"],
    }
    for heading, rows in parts.items():
        if rows:
            yield ""
            yield heading
        for row in rows:
            if row["refused"]:
                yield f"- {row['name']}: refused. {row['reason']}"
            else:
                low, high = row["interval"]
                p = f"; corrected p {_short(row['adjusted_p'])}" if row["adjusted_p"] is not None else ""
                yield f"- {row['name']}: {_short(row['value'])} ({_short(low)} to {_short(high)}){p}"


def _short(number: float | None) -> str:
    return "none" if number is None else f"{number:,.4g}"


def _size(path: Path) -> int:
    try:
        if not path.is_file():
            raise FilesRefused(f"{path.name}: There is no such file.")
        return path.stat().st_size
    except OSError as broken:
        raise FilesRefused(f"{path.name}: The file can’t be read: {broken.strerror}.") from broken
