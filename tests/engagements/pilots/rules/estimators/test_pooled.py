"""Several cities: each one's estimate, how much they differ, and what one more city may expect."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.stats.meta_analysis import combine_effects

from engagements.pilots.rules.estimates import Refused
from engagements.pilots.rules.estimators import people
from engagements.pilots.rules.estimators.pooled import by_city, pool
from tests.engagements.pilots.made_data import make_registration, make_rows
from tests.properties import examples

CITIES = make_registration(cities=("detroit", "racine", "tulsa"))


def city_rows(effects, people_each=60, seed=1):
    rng = np.random.default_rng(seed)
    arm, city, outcome = [], [], []
    for name, effect in zip(CITIES.cities, effects, strict=True):
        arm += ["c", "t"] * (people_each // 2)
        city += [name] * people_each
        outcome += [*(rng.normal(size=people_each) + np.tile([0, effect], people_each // 2))]
    return make_rows(arm, outcome, city=city)


def test_tau_and_q_are_those_of_statsmodels():
    values, errors = np.array([0.2, 1.1, -0.4, 0.9, 2.0]), np.array([0.3, 0.5, 0.4, 0.2, 0.8])
    found = pool(values, errors)
    slow = combine_effects(values, errors**2, method_re="iterated", atol=1e-12)
    assert (found.q, found.tau**2, found.value) == pytest.approx((slow.q, slow.tau2, slow.mean_effect_re), rel=1e-6)


@given(st.lists(st.tuples(st.floats(-9, 9), st.floats(0.1, 3)), min_size=2, max_size=8))
@settings(max_examples=examples(40))
def test_tau_makes_the_weighted_squares_what_they_should_be(cities):
    """Paule and Mandel: sum w (value - mean)^2 is count - 1, with w = 1 / (error^2 + tau^2); or tau is 0."""
    values, errors = (np.array(column) for column in zip(*cities, strict=True))
    found = pool(values, errors)
    weight = 1 / (errors**2 + found.tau**2)
    squares = weight @ (values - weight @ values / weight.sum()) ** 2
    if found.tau > 0:
        assert squares == pytest.approx(len(values) - 1, rel=1e-6)
    else:
        assert squares <= len(values) - 1 + 1e-9


def test_the_worked_pool():
    found = pool(np.array([1.0, 3.0]), np.array([1.0, 1.0]))
    assert (found.q, found.q_p, found.tau, found.value) == pytest.approx((2, 0.1573, 1, 2), abs=1e-4)
    assert found.prediction_low is None


def test_an_interval_is_never_narrower_because_cities_happen_to_agree():
    found = pool(np.array([1.0, 1.0, 1.0]), np.array([1.0, 1.0, 1.0]))
    assert found.tau == 0 and found.high - found.low == pytest.approx(2 * 4.3027 / np.sqrt(3), abs=1e-3)


def test_each_city_has_the_estimate_of_its_own_people():
    rows = city_rows((0, 1, 2))
    found = by_city(CITIES, rows, "t", people.difference)
    alone = make_rows(rows.arm[60:120], rows.outcome[60:120])
    assert [one.name for one in found.cities] == ["detroit", "racine", "tulsa"]
    assert found.cities[1].answer.low == pytest.approx(people.difference(make_registration(), alone, "t").low)
    assert found.q_p < 0.01 and found.tau > 0.5 and found.prediction_low < found.low < found.value


def test_a_refused_city_is_named_and_counts_in_nothing():
    rows = city_rows((0, 0, 0))
    some = make_rows(rows.arm[:125], rows.outcome[:125], city=rows.city[:125])
    found = by_city(CITIES, some, "t", people.difference)
    assert isinstance(found.cities[2].answer, Refused) and found.prediction_low is None
    assert (
        by_city(CITIES, make_rows(rows.arm[:60], rows.outcome[:60], city=rows.city[:60]), "t", people.difference)
        is None
    )
    assert by_city(replace(CITIES, cities=()), rows, "t", people.difference) is None
