"""Who was drawn and is in no line of the file: lost like others, and counted in by the rule "worst" or refused."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from engagements.pilots.rules.absent_units import absent_units, counted_in
from engagements.pilots.rules.analysis import analyze
from engagements.pilots.rules.estimates import Refused
from engagements.pilots.rules.estimators.missing import filled
from engagements.pilots.rules.facts import PilotFacts
from engagements.pilots.rules.registration import (
    Boundary,
    DesignKind,
    Draw,
    Estimator,
    MissingRule,
    OutcomeKind,
    Subgroup,
)
from engagements.pilots.rules.tallies import by_arm, cells_of
from engagements.verdicts import Verdict, Wanted
from tests.engagements.pilots.made_data import make_registration, make_rows

FACTS = PilotFacts(today=date(2028, 2, 1), is_registered_before=True)
PLAIN = make_registration(OutcomeKind.SHARE)
WORST = replace(PLAIN, missing=MissingRule.WORST)
PAIRS = replace(PLAIN, design=DesignKind.PAIRS, estimator=Estimator.PAIRED, draw=Draw(pair_by=("age",)))
SCHOOLS = replace(
    PLAIN, design=DesignKind.CLUSTERS, estimator=Estimator.CLUSTERED, unit="school", draw=Draw(cluster_by="school")
)


def drawn(comparison, treated):
    return replace(FACTS, drawn={"c": float(comparison), "t": float(treated)})


def people(comparison, treated, **columns):
    """(events, others) of each arm, everybody measured."""
    outcome = [1] * comparison[0] + [0] * comparison[1] + [1] * treated[0] + [0] * treated[1]
    return make_rows(["c"] * sum(comparison) + ["t"] * sum(treated), outcome, **columns)


def schools(treated, comparison, size=40, gain=0.3, lost=0):
    """So many schools of each kind; `lost`: of each treated one the first people have no outcome."""
    rng = np.random.default_rng(4)
    names = [f"t{number}" for number in range(treated)] + [f"c{number}" for number in range(comparison)]
    cluster = np.repeat(names, size)
    arm = np.array([name[0] for name in cluster])
    outcome = (rng.random(len(cluster)) < 0.3 + gain * (arm == "t")).astype(float)
    outcome[(arm == "t") & (np.arange(len(cluster)) % size < lost)] = np.nan
    return make_rows(arm, outcome, cluster=cluster)


def pairs(whole, alone, seed=3):
    """Persons: so many whole pairs, 45 in 100 and 75 in 100 with the outcome; of others only the comparison."""
    rng = np.random.default_rng(seed)
    names = [f"p{number:03d}" for number in range(whole + alone)]
    theirs, ours = rng.random(whole + alone) < 0.45, rng.random(whole) < 0.75
    return make_rows(["c"] * (whole + alone) + ["t"] * whole, [*theirs, *ours], block=[*names, *names[:whole]])


@pytest.mark.parametrize("as_cells", [False, True])
def test_the_worst_case_counts_those_who_are_in_no_line(as_cells):
    """900 of 1,000 in the file in each arm, 450 and 510 with a job: at worst 550 and 510, a loss of 4 points."""
    rows = people((450, 450), (510, 390))
    data = cells_of(rows) if as_cells else rows
    found = analyze(WORST, data, drawn(1000, 1000))
    assert found.primary.value == pytest.approx(-4.0)
    assert found.primary.people == 2000
    assert found.verdict != Verdict.WORKED
    assert not found.attrition.needs_bounds and found.attrition.lost == pytest.approx({"c": 10.0, "t": 10.0})
    assert analyze(WORST, data, drawn(900, 900)).primary.value == pytest.approx(100 * 60 / 900)


def test_where_less_is_better_the_absent_count_the_other_way():
    fewer = replace(WORST, outcome=replace(WORST.outcome, better=Wanted.LESS))
    found = analyze(fewer, people((510, 390), (450, 450)), drawn(1000, 1000))
    assert found.primary.value == pytest.approx(100 * (550 - 510) / 1000)


def test_the_table_of_other_methods_counts_them_too():
    found = analyze(PLAIN, people((450, 450), (510, 390)), drawn(1000, 1000))
    worst = next(one for one in found.specifications if "worst" in one.name)
    assert worst.answer.value == pytest.approx(-4.0)


@pytest.mark.parametrize(
    ("changes", "unknown"),
    [
        ({"estimator": Estimator.BLOCKED, "draw": Draw(block_by=("ward",))}, "Nobody knows their block"),
        ({"estimator": Estimator.ADJUSTED, "covariates": ("age",)}, "Nobody knows their covariates"),
    ],
)
def test_where_more_must_be_known_of_the_absent_the_worst_case_is_refused(changes, unknown):
    age = np.random.default_rng(1).normal(size=1800)
    rows = people((450, 450), (510, 390), block=["a", "b"] * 900, covariates={"age": age})
    found = analyze(replace(WORST, **changes), rows, drawn(1000, 1000))
    assert found.verdict == Verdict.REFUSED and unknown in found.primary.reason
    assert found.primary.needed == "A line, or a count, of each person drawn, also without an outcome."
    assert not isinstance(analyze(replace(WORST, **changes), rows, drawn(900, 900)).primary, Refused)


def test_a_subgroup_of_the_worst_case_is_refused_because_nobody_knows_who_belongs_to_it():
    plan = replace(WORST, subgroups=(Subgroup("sex", ("f", "m")),))
    rows = people((450, 450), (510, 390))
    sex = np.array(["f", "m"] * 900, dtype=object)
    few = analyze(plan, rows, drawn(1000, 1000), groups={"sex": sex}).subgroups[0].answer
    assert "Nobody knows where they belong" in few.reason
    all_there = analyze(plan, rows, drawn(900, 900), groups={"sex": sex}).subgroups[0].answer
    assert not isinstance(all_there, Refused)


@pytest.mark.parametrize("as_cells", [False, True])
def test_absent_members_and_whole_pairs_are_counted_in(as_cells):
    """30 pairs drawn. In the file 20 whole ones and 5 without the treated member: 5 entries, and both of 5 pairs."""
    rows = pairs(20, 5)
    data = cells_of(rows) if as_cells else rows
    plan = replace(PAIRS, missing=MissingRule.WORST)
    assert absent_units(plan, data, {"c": 30.0, "t": 30.0}) == {"c": 5.0, "t": 10.0}
    whole = counted_in(plan, data, {"c": 30.0, "t": 30.0})
    comparison, treated = by_arm(filled(plan, whole, "t", against=True), ["c", "t"])
    events = {arm: float(rows.outcome[rows.arm == arm].sum()) for arm in "ct"}
    assert (comparison.n, comparison.total) == (30, events["c"] + 5)  # the good answer without the program
    assert (treated.n, treated.total) == (30, events["t"])  # the bad one with it
    found = analyze(plan, data, drawn(30, 30))
    assert found.primary.units == 30
    assert found.primary.value == pytest.approx(100 * (events["t"] - events["c"] - 5) / 30)


def test_schools_count_their_missing_people_as_the_worst_but_absent_schools_are_refused():
    """Treated schools of 40 where 10 have no outcome: each counts 40 people."""
    plan = replace(SCHOOLS, missing=MissingRule.WORST)
    rows = schools(10, 10, lost=10)
    found = analyze(plan, rows, drawn(10, 10))
    events = {arm: np.nansum(rows.outcome[rows.arm == arm]) for arm in "ct"}
    assert found.primary.value == pytest.approx(100 * (events["t"] - events["c"]) / 400)
    assert found.primary.people == 800
    refused = analyze(plan, rows, drawn(10, 11)).primary
    assert refused.reason == (
        "The data leave out schools that were drawn. Nobody knows how many people they have, so they cannot be "
        "counted as the worst."
    )
    assert refused.needed == "A line, or a count, of each school drawn, also without an outcome."


def test_members_of_pairs_that_are_not_in_the_file_are_lost():
    """30 of 100 treated members are in no line: 30 percent, and no bounds. Without `drawn` their partners tell it."""
    rows = pairs(70, 30)
    for facts in (drawn(100, 100), FACTS):
        found = analyze(PAIRS, rows, facts)
        assert found.attrition.lost == pytest.approx({"c": 0.0, "t": 30.0})
        assert found.verdict == Verdict.CANNOT_TELL
        assert "The file leaves out people who were drawn" in found.reasons[0]
    assert analyze(PAIRS, pairs(70, 0), drawn(70, 70)).verdict == Verdict.WORKED


@pytest.mark.parametrize("sizes", [{}, {"c": 200.0, "t": 200.0}])
def test_at_an_early_look_no_member_of_a_pair_is_lost_for_being_absent(sizes):
    """100 pairs in the data, 6 without the comparison and 25 without the treated member, at the look at .5. Before the
    end nobody is lost and nobody is filled in: 69 whole pairs. After it 6 and 25 percent of those 100 are lost."""
    rows = pairs(94, 6)
    gone = {("t", f"p{number:03d}") for number in range(19)} | {("c", f"p{number:03d}") for number in range(20, 26)}
    stays = np.array([key not in gone for key in zip(rows.arm, rows.block, strict=True)])
    data = make_rows(rows.arm[stays], rows.outcome[stays], block=rows.block[stays])
    looks = replace(PAIRS, looks=(0.5, 1.0), boundary=Boundary.OBRIEN_FLEMING)
    looks = replace(
        looks, ends_on=date(2027, 12, 1), stopping_rule="It ends.", assumptions=replace(looks.assumptions, people=300)
    )
    early = replace(FACTS, today=date(2027, 6, 1), drawn=sizes)
    found = analyze(looks, data, early)
    assert found.primary.units == 69 and found.bounds is None
    assert set(found.attrition.lost.values()) == {0.0}
    assert not any("The file leaves out" in reason for reason in found.reasons)
    worst = replace(looks, missing=MissingRule.WORST)
    assert counted_in(worst, data, None) is data
    assert analyze(worst, data, early).primary.units == 69
    over = analyze(looks, data, FACTS)
    assert over.attrition.lost == pytest.approx({"c": 6.0, "t": 25.0})
    assert "The file leaves out people who were drawn" in over.reasons[0]


def test_schools_that_are_not_in_the_file_are_lost_with_their_people():
    """7 of 10 treated schools, of which 1 person in 40 has no outcome: .7 x .975 measured, so 31.75 percent lost."""
    found = analyze(SCHOOLS, schools(7, 10, lost=1), drawn(10, 10))
    assert found.attrition.lost == pytest.approx({"c": 0.0, "t": 31.75})
    assert found.verdict == Verdict.CANNOT_TELL
    assert "The file leaves out schools that were drawn" in found.reasons[0]
    assert analyze(SCHOOLS, schools(10, 10, lost=1), drawn(10, 10)).verdict == Verdict.WORKED


def test_a_gap_that_chance_does_not_make_counts_among_the_absent_too():
    """2,700 and 2,640 of 3,000 in the file, all measured: 2 points, p .013; with the same number in both none."""
    gap = analyze(PLAIN, people((1080, 1620), (1320, 1320)), drawn(3000, 3000))
    assert gap.attrition.gap == pytest.approx(2.0) and gap.attrition.needs_bounds
    assert gap.verdict == Verdict.CANNOT_TELL
    alike = analyze(PLAIN, people((1080, 1620), (1350, 1350)), drawn(3000, 3000))
    assert not alike.attrition.needs_bounds and alike.verdict == Verdict.WORKED
