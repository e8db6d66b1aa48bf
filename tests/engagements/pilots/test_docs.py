"""docs/pilots.md: every key is in it, every example runs and gives what the table says."""

import re
from dataclasses import fields
from datetime import date
from functools import cache
from pathlib import Path

import pytest

from engagements.pilots.rules.data_columns import DataKind, data_columns
from engagements.pilots.rules.finding_values import KEYS
from engagements.pilots.rules.outside import analyze_files
from engagements.pilots.rules.registration import (
    Arm,
    Assumptions,
    DesignKind,
    Draw,
    Estimator,
    HumanSubjects,
    Limits,
    Outcome,
    Registration,
    Subgroup,
)
from engagements.pilots.rules.spec import SpecFacts, read_spec

ROOT = Path(__file__).resolve().parents[3]
DOCS = (ROOT / "docs/pilots.md").read_text("utf-8")
EXAMPLES = ROOT / "docs/pilots"
NAMES = sorted(path.stem for path in EXAMPLES.glob("*.toml"))
SPANS = set(re.findall(r"`([^`\n]+)`", DOCS))


@cache
def answer_of(name):
    return analyze_files(EXAMPLES / f"{name}.toml", EXAMPLES / f"{name}.csv", date(2030, 1, 1))


def row_of(name, answer):
    """The line of the table, with numbers of three digits."""
    spec = read_spec((EXAMPLES / f"{name}.toml").read_bytes()).registration
    number = "none"
    if not answer["refused"]:
        low, high = answer["interval"]
        value, least, most = (f"{float(f'{one:.3g}'):g}" for one in (answer["value"], low, high))
        number = f"{value} ({least} to {most})"
    design = f"{spec.design}, {spec.estimator}" if spec.design != spec.estimator else str(spec.design)
    return f"| `{name}` | {design} | {answer['verdict'].replace('_', ' ')} | {number} |"


@pytest.mark.parametrize("name", NAMES)
def test_each_example_gives_what_the_table_says(name):
    """Words exactly; numbers within 2 of 100 of the interval's width: a document is read, not computed with."""
    answer = answer_of(name)
    expected = row_of(name, answer)
    results = DOCS.partition("## The plan")[0]
    (line,) = [line for line in results.splitlines() if line.startswith(f"| `{name}` |")]
    assert line.rpartition("|")[0].rpartition("|")[0] == expected.rpartition("|")[0].rpartition("|")[0]
    if not answer["refused"]:
        low, high = answer["interval"]
        said = [
            float(number)
            for number in re.findall(r"-?\d+(?:\.\d+)?(?:e[+-]?\d+)?", line.rpartition("|")[0].rpartition("|")[2])
        ]
        unit = read_spec((EXAMPLES / f"{name}.toml").read_bytes()).registration.outcome.unit
        assert f"{unit.removeprefix('percentage ')} (" in line
        assert said == pytest.approx([answer["value"], low, high], abs=0.02 * (high - low))


def test_the_table_names_no_example_that_is_not_there():
    named = re.findall(r"^\| `(\w+)` \| .* \|$", DOCS.partition("## The plan")[0], re.MULTILINE)
    assert sorted(named) == NAMES


def test_every_design_and_every_method_has_an_example():
    plans = [read_spec(path.read_bytes()).registration for path in EXAMPLES.glob("*.toml")]
    assert {plan.design for plan in plans} == set(DesignKind)
    assert {plan.estimator for plan in plans} == set(Estimator)


@pytest.mark.parametrize(
    "record",
    [Registration, Arm, Outcome, Subgroup, Draw, Assumptions, Limits, HumanSubjects, SpecFacts],
    ids=lambda record: record.__name__,
)
def test_every_key_of_the_plan_is_in_the_document(record):
    nested = {"arms", "outcome", "secondary", "subgroups", "draw", "assumptions", "limits", "human_subjects"}
    missing = [one.name for one in fields(record) if one.name not in SPANS and one.name not in nested]
    assert missing == []
    assert [name for name in nested if f"[{name}]" not in DOCS] == []


def test_every_key_of_the_answer_is_in_the_document():
    written = {*KEYS, *answer_of("people")}
    said_elsewhere = {"unit", "needed", "registered_before_data", "registered_why", "people", "units", "rows"}
    assert written - SPANS - said_elsewhere == set()


@pytest.mark.parametrize("kind", list(DataKind))
def test_every_column_is_in_the_document(kind):
    plan = read_spec((EXAMPLES / "cities.toml").read_bytes()).registration
    own = {plan.outcome.key, *(one.column for one in plan.subgroups)}
    assert {column.name for column in data_columns(plan, kind)} - SPANS - own - {"total"} == set()
    assert "`total` or `events`" in DOCS


def test_examples_say_that_they_are_made_up():
    assert all((EXAMPLES / f"{name}.toml").read_text("utf-8").startswith("# Made up.") for name in NAMES)
