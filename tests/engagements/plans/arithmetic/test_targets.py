"""Areas compared under a budget: against all possible sets, and properties."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engagements.plans.arithmetic import PlanningRefused, TargetInput, compare_targets
from engagements.plans.arithmetic.targets import choose
from tests.engagements.plans.arithmetic.worked import MOVES, compute
from tests.properties import examples
from tests.reference import planning as slow

CHILDREN = np.array([100.0, 200, 50, 400])
SURE = TargetInput(
    geoids=("a", "b", "c", "d"),
    draws=np.array([[0.30, 0.35, 0.30, 0.45]] * 3),
    children=CHILDREN,
    reference=0.42,
    reference_words="the nation's mean",
    cost_per_child=10,
    budget=2000,
)


def test_worked():
    """Need 12, 7, 12 and 0 points: a before c by its children, b no longer fits, d has no need."""
    found = compare_targets(replace(SURE, chosen=("b",)))
    assert found.times_chosen == {"a": 1, "b": 0, "c": 1, "d": 0}
    assert found.by_mean.geoids == ("a", "c") and found.by_mean.cost == 1500 and found.by_mean.children == 150
    assert found.attainable.value == pytest.approx(12 * 150)
    assert found.by_mean.regret.value == 0 and found.chosen.regret.value == pytest.approx(12 * 150 - 7 * 200)
    assert found.chosen.share_of_attainable == pytest.approx(7 * 200 / (12 * 150))
    assert "$2,000" in found.rule and "the nation's mean" in found.rule


def test_by_number_of_tracts_the_need_of_all_children_counts():
    found = compare_targets(replace(SURE, budget=None, most_tracts=1))
    assert found.by_mean.geoids == ("b",) and found.rule.endswith("at most 1 tract.")


def test_draws_say_how_often():
    draws = np.array([[0.30, 0.35, 0.44, 0.45], [0.41, 0.35, 0.44, 0.45]])
    found = compare_targets(replace(SURE, draws=draws, chosen=("a",)))
    assert found.times_chosen == {"a": 0.5, "b": 0.5, "c": 0, "d": 0}
    assert found.chosen.regret.value == pytest.approx((0 + (7 * 200 - 1 * 100)) / 2)
    assert found.draws == found.chosen.regret.draws == 2


def test_a_set_over_the_budget_is_said_to_be():
    assert not compare_targets(replace(SURE, chosen=("a", "b", "c"))).chosen.within_limits
    assert compare_targets(replace(SURE, chosen=())).chosen.within_limits


def test_nobody_in_need():
    found = compare_targets(replace(SURE, reference=0.1, chosen=("a",)))
    assert found.by_mean.geoids == () and found.chosen.share_of_attainable is None and found.attainable.value == 0


needs = st.integers(0, 12).map(float)
tracts = st.lists(st.tuples(needs, st.integers(0, 40)), min_size=1, max_size=7)
limits = st.tuples(st.one_of(st.none(), st.integers(0, 900)), st.one_of(st.none(), st.integers(1, 6))).filter(any)


@settings(max_examples=examples(150))
@given(tracts, limits, st.integers(1, 9))
def test_the_rule_tract_by_tract(rows, limit, cost):
    """Ties are frequent here: needs are whole numbers."""
    budget, most = limit
    need, children = (list(column) for column in zip(*rows, strict=True))
    plan = _plan(need, children, cost, budget, most)
    again = np.array([need] * 2)
    assert {j for j in np.flatnonzero(choose(again, plan)[1])} == slow.rule_set(need, children, cost, budget, most)


@settings(max_examples=examples(60))
@given(tracts, st.integers(1, 6))
def test_by_number_of_tracts_the_rule_finds_the_best_of_all_sets(rows, most):
    need, children = (list(column) for column in zip(*rows, strict=True))
    found = compare_targets(_plan(need, children, 1, None, most))
    assert found.attainable.value == pytest.approx(slow.most_need_served(need, children, None, None, most))


@settings(max_examples=examples(60))
@given(tracts, st.integers(0, 900), st.integers(1, 9))
def test_under_a_budget_the_rule_misses_at_most_one_tract(rows, budget, cost):
    """What whole tracts can serve at best lies above the rule's by less than the most one tract needs."""
    need, children = (list(column) for column in zip(*rows, strict=True))
    found = compare_targets(_plan(need, children, cost, budget, None)).attainable.value
    best = slow.most_need_served(need, children, cost, budget, None)
    assert found <= best + 1e-6 and best - found <= max(n * c for n, c in rows) + 1e-6


@settings(max_examples=examples(20))
@given(st.permutations(range(12)))
def test_the_order_of_tracts_changes_nothing(order):
    rng = np.random.default_rng(5)
    draws, children = rng.normal(0.38, 0.05, (200, 12)), rng.uniform(50, 900, 12)
    geoids = np.array([f"t{j}" for j in range(12)])
    fixed = replace(SURE, geoids=tuple(geoids), draws=draws, children=children, budget=15_000, chosen=("t3", "t7"))
    moved = replace(fixed, geoids=tuple(geoids[order]), draws=draws[:, order], children=children[order])
    plans = (fixed, moved)
    first, second = (compare_targets(plan) for plan in plans)
    assert first.times_chosen == second.times_chosen and set(first.by_mean.geoids) == set(second.by_mean.geoids)
    assert first.chosen.regret.value == pytest.approx(second.chosen.regret.value)
    assert 0 <= first.by_mean.regret.value <= first.attainable.value


def test_a_larger_budget_never_serves_less_and_a_clearer_view_regrets_less():
    rng = np.random.default_rng(6)
    truth, noise = rng.normal(0.38, 0.05, 30), rng.normal(0, 1, (2000, 30))
    children = np.full(30, 100.0)
    plans = [
        TargetInput(tuple(map(str, range(30))), truth + size * noise, children, 0.42, "the nation", 1, budget)
        for size, budget in ((0.01, 800), (0.05, 800), (0.01, 1200))
    ]
    clear, blurred, richer = (compare_targets(plan) for plan in plans)
    assert clear.by_mean.regret.value < blurred.by_mean.regret.value
    assert richer.attainable.value > clear.attainable.value


def test_a_plan_carries_its_targets():
    assert compute(MOVES, targets=SURE).targets.by_mean.geoids == ("a", "c")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"geoids": ("a", "a", "c", "d")}, "tracts"),
        ({"geoids": ()}, "tracts"),
        ({"children": CHILDREN[:2]}, "tracts"),
        ({"children": -CHILDREN}, "tracts"),
        ({"draws": np.full((3, 4), np.nan)}, "tracts"),
        ({"draws": np.empty((0, 4))}, "tracts"),
        ({"reference": 42}, "reference"),
        ({"budget": None}, "budget"),
        ({"budget": -1}, "budget"),
        ({"cost_per_child": None}, "cost_per_child"),
        ({"cost_per_child": 0}, "cost_per_child"),
        ({"most_tracts": 0}, "most_tracts"),
        ({"most_tracts": "all"}, "most_tracts"),
        ({"chosen": ("a", "z")}, "chosen"),
        ({"chosen": ("a", "a")}, "chosen"),
    ],
)
def test_refused(changes, field):
    with pytest.raises(PlanningRefused) as caught:
        replace(SURE, **changes)
    assert caught.value.field == field


def _plan(need, children, cost, budget, most) -> TargetInput:
    """Draws that give these needs in rank points: .5 - need / 100."""
    values = 0.5 - np.array([need], float) / 100
    return TargetInput(
        tuple(map(str, range(len(need)))), values, np.array(children, float), 0.5, "the mean", cost, budget, most
    )
