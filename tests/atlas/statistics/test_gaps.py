"""Gaps by race and gender: as each group lives, at the same weights, and the part between."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from atlas.statistics.gaps import GroupTracts, measure_gap, subtract
from atlas.statistics.results import Estimate, interval95, missing_estimate
from atlas.statistics.weights import weighted_mean
from tests.properties import examples
from tests.reference import city_tests as slow


def group(*rows, exact=True):
    y, w, s = (np.array(column, float) for column in zip(*rows, strict=True))
    return GroupTracts(y, w, s if exact else None)


NAN = float("nan")
WHITE = ((0.45, 900, 0.010), (0.40, 100, 0.020), (0.50, 400, 0.015))
BLACK = ((0.35, 100, 0.020), (0.30, 900, 0.010), (NAN, 200, NAN))


def test_one_difference_worked():
    d = subtract(Estimate(0.445, 0.012, 1, "rank"), Estimate(0.322, 0.018, 1, "rank"))
    assert d.value == pytest.approx(0.123)
    assert d.standard_error == pytest.approx(0.02163331, abs=1e-8)
    assert d.value / d.standard_error == pytest.approx(5.685677, abs=1e-6)
    found = interval95(d)
    assert (found.low, found.high) == (pytest.approx(0.0805995, abs=1e-7), pytest.approx(0.1654005, abs=1e-7))


def test_differences_need_one_unit_and_both_sides():
    with pytest.raises(ValueError):
        subtract(Estimate(0.4, 0.1, 1, "rank"), Estimate(0.4, 0.1, 1, "usd_2015"))
    found = subtract(Estimate(0.4, 0.1, 1, "rank"), missing_estimate(0, "rank", "no tract"))
    assert found.value is None and found.reason == "no tract"
    assert subtract(Estimate(0.4, None, 1, "rank", reason="none"), Estimate(0.3, 0.1, 1, "rank")).reason == "none"


def test_both_forms_by_hand():
    """Own: (.45x900+.40x100+.50x400)/1400 - (.35x100+.30x900)/1000; common: .1x.10 + .9x.10 at Black weights."""
    found = measure_gap(group(*WHITE), group(*BLACK))
    assert found.own.value == pytest.approx(645 / 1400 - 0.305)
    assert found.common.value == pytest.approx(0.1)
    assert found.between.value == pytest.approx(found.own.value - 0.1)
    assert found.coverage == pytest.approx(1000 / 1200) == found.common.coverage
    assert found.first_coverage == pytest.approx(1000 / 1400)
    assert (found.n, found.tracts_dropped, found.headline_allowed, found.reason) == (2, 1, True, "")
    assert found.common.standard_error == pytest.approx(
        np.sqrt(0.01 * (0.01**2 + 0.02**2) + 0.81 * (0.02**2 + 0.01**2))
    )


def test_coverage_counts_children_whose_number_is_suppressed_with_their_value():
    """Black children counted in two tracts, 900 more by the stand-in: 1000 of 1900, under 60 in 100."""
    rows = np.array([[0.35, 100, 0.02], [0.30, 900, 0.01], [NAN, NAN, NAN]]).T
    rows = (rows[0], rows[1], rows[2])
    filled = GroupTracts(*rows, everybody=np.array([100.0, 900, 900]))
    found = measure_gap(group(*WHITE), filled)
    assert found.coverage == pytest.approx(1000 / 1900) and not found.headline_allowed
    assert "hold 53 in 100" in found.reason
    mean = weighted_mean(rows[0], rows[1], rows[2], everybody=filled.everybody)
    assert mean.coverage == pytest.approx(1000 / 1900) and mean.value == pytest.approx(0.305)
    unknown = measure_gap(group(*WHITE), GroupTracts(*rows, everybody=np.array([100.0, 900, NAN])))
    assert unknown.coverage is None and not unknown.headline_allowed
    assert unknown.reason.endswith("how many of these children lived in 1 tract without a count is not known")


def test_the_part_between_has_its_own_error_not_the_sum_of_two():
    """The same tracts and the same weights: nothing lies between, and that is known exactly."""
    found = measure_gap(group((0.5, 10, 0.1), (0.4, 30, 0.1)), group((0.3, 100, 0.1), (0.3, 300, 0.1)))
    assert found.between.value == pytest.approx(0) and found.between.standard_error == pytest.approx(0)
    assert found.own.standard_error == pytest.approx(found.common.standard_error) != 0


def test_no_headline_where_most_children_drop_out():
    """As in Newark, where the common form keeps 17 in 100 Black children."""
    white = group((0.5, 100, 0.01), (NAN, NAN, NAN))
    black = group((0.3, 170, 0.01), (0.28, 830, 0.01))
    found = measure_gap(white, black)
    assert found.coverage == pytest.approx(0.17) and not found.headline_allowed
    assert found.reason.startswith("tracts with values for both groups hold 17 in 100")
    assert found.common.value == pytest.approx(0.2)  # still shown in the table, with its coverage


def test_just_sixty_in_a_hundred_is_enough():
    white, black = group((0.5, 100, 0.01), (NAN, NAN, NAN)), group((0.3, 60, 0.01), (0.28, 40, 0.01))
    assert measure_gap(white, black).headline_allowed


@pytest.mark.parametrize(("kept", "said"), [(597, "59.7"), (599.99, "59.9"), (594, "59")])
def test_what_falls_just_short_of_sixty_does_not_read_as_sixty(kept, said):
    found = measure_gap(group((0.4, 1, 0.1), (NAN, 1, NAN)), group((0.3, kept, 0.1), (0.3, 1000 - kept, 0.1)))
    assert not found.headline_allowed
    assert f"hold {said} in 100 of the second group's children; a comparison at equal weights needs 60" in found.reason


def test_without_standard_errors_values_stay_and_the_reason_is_said():
    found = measure_gap(group(*WHITE), group(*BLACK, exact=False))
    for part in (found.own, found.common, found.between):
        assert part.value is not None and part.standard_error is None and "no margin of error" in part.reason


def test_groups_that_share_no_tract():
    found = measure_gap(group((0.5, 10, 0.1), (NAN, 5, NAN)), group((NAN, 10, NAN), (0.4, 10, 0.1)))
    assert found.own.value == pytest.approx(0.1)
    assert found.common.value is None and found.common.reason == "no tract has values for both groups"
    assert (found.coverage, found.headline_allowed, found.tracts_dropped) == (0, False, 2)


def test_a_group_without_values():
    found = measure_gap(group((NAN, NAN, NAN)), group((0.4, 10, 0.1)))
    assert found.own.value is None and found.reason and found.between.reason and not found.headline_allowed


rows = st.one_of(
    st.tuples(st.floats(-0.2, 1.2), st.floats(1, 5000), st.floats(0, 0.2)),
    st.just((NAN, 40.0, NAN)),
    st.just((NAN, NAN, NAN)),
)


@settings(max_examples=examples(80), deadline=None)
@given(st.lists(st.tuples(rows, rows), min_size=1, max_size=15))
def test_agrees_with_the_slow_reference_in_any_order(pairs):
    first, second = zip(*pairs, strict=True)
    found = measure_gap(group(*first), group(*second))
    turned = measure_gap(group(*first[::-1]), group(*second[::-1]))
    if found.common.value is None:
        assert found.reason
        return
    expected = slow.gap(list(first), list(second))
    own, common, between = found.own, found.common, found.between
    got = (own.value, own.standard_error, common.value, common.standard_error, between.value, between.standard_error)
    assert (*got, found.coverage) == pytest.approx(expected, abs=1e-7)
    assert own.value == pytest.approx(common.value + between.value)
    assert turned.between.standard_error == pytest.approx(between.standard_error, abs=1e-12)


def test_two_groups_of_one_tract():
    found = measure_gap(group((0.445, 10, 0.012)), group((0.322, 20, 0.018)))
    assert found.own.value == pytest.approx(found.common.value)
    assert found.between.standard_error == 0
