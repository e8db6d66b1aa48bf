"""No effect of fewer than ten people in an arm leaves an analysis: not the primary one, nor any beside it."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from engagements.pilots.rules.analysis import analyze
from engagements.pilots.rules.estimates import Estimate, Refused
from engagements.pilots.rules.estimators.methods import method_of
from engagements.pilots.rules.facts import PilotFacts
from engagements.pilots.rules.few_people import shown_method, smallest_arm
from engagements.pilots.rules.finding_values import finding_values
from engagements.pilots.rules.registration import DesignKind, Draw, Estimator, Outcome, OutcomeKind, Subgroup
from engagements.pilots.rules.tallies import cells_of
from engagements.verdicts import Verdict
from tests.engagements.pilots.made_data import make_registration, make_rows

FACTS = PilotFacts(today=date(2028, 2, 1), is_registered_before=True)
PAIRS = make_registration(design=DesignKind.PAIRS, estimator=Estimator.PAIRED, draw=Draw(pair_by=("age",)))
CLUSTERS = make_registration(
    design=DesignKind.CLUSTERS, estimator=Estimator.CLUSTERED, unit="school", draw=Draw(cluster_by="school")
)
REASON = "A group has fewer than 10 people with a known outcome: somebody could be known by the result."


def pairs_of(count, seed=1):
    rng = np.random.default_rng(seed)
    names = [f"p{number:02d}" for number in range(count)]
    return make_rows("t" * count + "c" * count, [*rng.normal(5, 2, count), *rng.normal(0, 2, count)], block=names * 2)


def schools_of(size, count=8):
    rng = np.random.default_rng(2)
    cluster = np.repeat([f"s{number}" for number in range(count)], size)
    arm = np.repeat(["t", "c"] * (count // 2), size)
    return make_rows(arm, rng.normal(size=count * size), cluster=cluster)


@pytest.mark.parametrize(("count", "is_refused"), [(9, True), (10, False)])
def test_pairs_of_persons_count_those_measured_in_whole_pairs(count, is_refused):
    rows = pairs_of(count + 3)
    rows.outcome[:3] = np.nan  # three pairs lack the treated one, so their other half is in no difference either
    assert smallest_arm(PAIRS, rows, "t") == smallest_arm(PAIRS, cells_of(rows), "t") == count
    found = analyze(PAIRS, rows, FACTS)
    assert isinstance(found.primary, Refused) is is_refused
    assert (found.verdict == Verdict.REFUSED) is is_refused
    assert found.primary.reason == REASON if is_refused else found.primary.people == 20
    assert isinstance(method_of(Estimator.PAIRED)(PAIRS, rows, "t"), Estimate)


def test_schools_of_few_people_are_refused():
    assert shown_method(Estimator.CLUSTERED)(CLUSTERS, schools_of(2), "t").reason == REASON  # 4 schools of 2 in an arm
    assert isinstance(shown_method(Estimator.CLUSTERED)(CLUSTERS, schools_of(3), "t"), Estimate)


def test_a_subgroup_of_six_pairs_has_no_number_anywhere():
    rows = pairs_of(30)
    sex = np.array((["f"] * 6 + ["m"] * 24) * 2, dtype=object)
    plan = replace(PAIRS, subgroups=(Subgroup("sex", ("f", "m")),))
    found = analyze(plan, rows, FACTS, groups={"sex": sex})
    few, many = found.subgroups
    assert isinstance(few.answer, Refused) and few.answer.reason == REASON
    assert isinstance(many.answer, Estimate)
    assert many.adjusted_p == pytest.approx(many.answer.p)  # what has no p is not counted in Holm's correction
    told = finding_values(plan, FACTS, found)["subgroups"][0]
    assert (told["value"], told["interval"], told["p"], told["reason"]) == (None, None, None, REASON)


def test_cities_and_other_outcomes_are_held_to_the_same():
    """Of tulsa's six schools one person each is known: three in an arm. Of days worked, nine treated in all cities."""
    rows = schools_of(10, 24)
    city = np.repeat(["tulsa", "detroit", "salem"], [60, 60, 120]).astype(object)
    known = np.where((city != "tulsa") | (np.arange(240) % 10 == 0), rows.outcome, np.nan)
    days = np.where((rows.arm == "c") | (np.cumsum(rows.arm == "t") <= 9), rows.outcome, np.nan)
    other = Outcome(key="days", name="Days", kind=OutcomeKind.MEAN, unit="days")
    plan = replace(CLUSTERS, cities=("tulsa", "detroit", "salem"), secondary=(other,))
    rows = replace(rows, city=city, outcome=known)
    found = analyze(plan, rows, FACTS, secondary={"days": replace(rows, outcome=days)})
    tulsa, detroit, salem = (one.answer for one in found.pooled.cities)
    assert tulsa.reason == found.secondary[0].answer.reason == REASON
    assert all(isinstance(one, Estimate) for one in (detroit, salem, found.primary))


def test_blocks_with_one_arm_alone_do_not_count():
    blocked = make_registration(estimator=Estimator.BLOCKED, draw=Draw(block_by=("ward",)))
    rows = make_rows("c" * 20 + "t" * 20, range(40), block=["a"] * 9 + ["b"] * 11 + ["a"] * 20)
    assert smallest_arm(blocked, rows, "t") == 9
    assert smallest_arm(make_registration(), rows, "t") == 20
    found = analyze(blocked, replace(rows, took_part=(rows.arm == "t").astype(float)), FACTS)
    assert isinstance(found.primary, Refused) and found.on_takers is None


def test_nobody_at_all_is_said_by_the_method():
    rows = make_rows("c" * 20 + "t" * 20, [*range(20), *[np.nan] * 20])
    assert "Nobody in" in analyze(make_registration(), rows, FACTS).primary.reason


def test_over_time_the_period_with_the_most_people_counts():
    """Five people in each of two groups, measured in four periods: five, not twenty. One number for each group and
    period is a feed or a place: there is no person in it."""
    panel = make_registration(design=DesignKind.DIFFERENCES, estimator=Estimator.DIFFERENCES)
    period = [f"202{number}" for number in range(4)] * 10
    people = make_rows(["c"] * 20 + ["t"] * 20, range(40), cluster=["a"] * 20 + ["b"] * 20, period=period)
    assert smallest_arm(panel, people, "t") == 5
    places = make_rows(["c"] * 4 + ["t"] * 4, range(8), cluster=["a"] * 4 + ["b"] * 4, period=period[:8])
    assert smallest_arm(panel, places, "t") == smallest_arm(panel, cells_of(places), "t") == float("inf")
