"""First and last value of a published series: what may be said of the two."""

import pytest

from atlas.statistics.change import compare_ends, unbroken_runs


def ends(values, lower, upper, quality=("Strong", "Strong", "Strong")):
    return compare_ends(values, lower, upper, quality)


def test_worked_numbers_of_detroits_employment():
    apart = ends((0.5823, None, 0.6606), (0.5578, None, 0.6297), (0.6067, None, 0.6914))
    assert (apart.first, apart.last, apart.verdict, apart.broken_at) == (0, 2, "apart", ())
    assert apart.difference == pytest.approx(0.0783)
    same = ends((0.5823, None, 0.5866), (0.5578, None, 0.5542), (0.6067, None, 0.6190))
    assert same.verdict == "overlap" and same.difference == pytest.approx(0.0043)


@pytest.mark.parametrize(
    ("values", "verdict"),
    [((None, None, None), "no value"), ((None, 0.5, None), "one value"), ((1, 2, 3), "no bounds")],
)
def test_without_two_values_or_bounds_nothing_is_concluded(values, verdict):
    assert ends(values, (None,) * 3, (None,) * 3).verdict == verdict


def test_bounds_that_touch_overlap_in_either_direction():
    assert ends((1, None, 3), (0, None, 2), (2, None, 4)).verdict == "overlap"
    assert ends((3, None, 1), (2, None, 0), (4, None, 2)).verdict == "overlap"
    assert ends((3, None, 1), (2.01, None, 0), (4, None, 2)).verdict == "apart"


def test_a_change_of_grade_is_a_break_and_ends_the_line():
    values, quality = (1, 2, None, 3, 4), ("Weak", "Weak", "", "Strong", "Strong")
    assert compare_ends(values, (None,) * 5, (None,) * 5, quality).broken_at == (3,)
    assert unbroken_runs(values, quality, ("",) * 5) == [[0, 1], [3, 4]]


def test_a_withheld_value_ends_the_line_and_an_unmeasured_year_does_not():
    grades = ("Strong",) * 4
    assert unbroken_runs((1, None, 2, 3), grades, ("", "", "", "")) == [[0, 2, 3]]
    assert unbroken_runs((1, None, 2, 3), grades, ("", "implausible", "", "")) == [[0], [2, 3]]
    assert unbroken_runs((None, None), ("", ""), ("", "")) == []
