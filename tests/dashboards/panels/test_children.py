"""Below the middle of tracts: the share is printed, and a handful of tracts has no middle worth a sentence."""

import numpy as np
import pytest

from atlas.records.analysis import OutcomeTracts
from dashboards.panels import children
from tests.dashboards.panels.records import make_city, make_measure, make_source


def make_outcome(weights: list[float]) -> OutcomeTracts:
    """Tracts of rising rank with these children and no standard errors."""
    size = len(weights)
    return OutcomeTracts(
        place=make_city(),
        measure=make_measure("kfr_pooled_pooled_p25", unit="rank"),
        geoids=tuple(f"39023{index:06d}" for index in range(size)),
        names=("",) * size,
        values=np.linspace(0.3, 0.5, size),
        standard_errors=None,
        weights=np.array(weights),
        sources=(make_source(),),
    )


@pytest.mark.parametrize(
    ("weights", "said"),
    [
        ([250.0] * 5 + [500.0] + [250.0] * 5, "nearly half by definition (about 1,200, 41.7%)"),
        ([100.0] * 10, "nearly half by definition (about 400, 40.0%)"),
        ([1.0] * 1000, "half by definition (about 500, 49.9%)"),
        ([10.0] * 5 + [900.0] + [10.0] * 5, "fewer than half (about 50, 5.0%)"),
    ],
)
def test_the_share_below_the_middle_is_printed_as_it_is(weights, said):
    assert said in children.build(make_outcome(weights)).finding


@pytest.mark.parametrize("size", [1, 3, 9])
def test_under_ten_tracts_there_is_a_reason_in_place_of_a_middle(size):
    panel = children.build(make_outcome([100.0] * size))
    assert (panel.finding, panel.figure) == ("", None)
    assert "a middle is worth looking at from 10 tracts on" in panel.reason
