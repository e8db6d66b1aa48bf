"""Below the middle of tracts: the children are printed, and a handful of tracts has no middle worth a sentence."""

from dataclasses import replace

import numpy as np
import pytest

from atlas.records.analysis import OutcomeTracts, TractGroup
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
        ([250.0] * 5 + [500.0] + [250.0] * 5, "Nearly half (1,200)"),
        ([100.0] * 10, "Nearly half (400)"),
        ([1.0] * 1000, "Half (500)"),
        ([10.0] * 5 + [900.0] + [10.0] * 5, "Fewer than half (50)"),
    ],
)
def test_the_children_below_the_middle_are_printed_as_they_are(weights, said):
    assert said in children.build(make_outcome(weights)).finding


def test_the_middle_us_tract_counts_every_tract_once_and_is_no_childs():
    """At .30, .40 and .50 with 900, 50 and 50 children: the middle tract is at .40, the middle child at .30."""
    nation = TractGroup(
        "nation", "United States", np.array([0.3, 0.4, 0.5, np.nan]), None, np.array([900.0, 50, 50, 9000])
    )
    panel = children.build(replace(make_outcome([100.0] * 10), around=(nation,)))
    assert "below the typical US neighborhood, at the 40th percentile" in panel.finding
    assert "The middle child lived in a neighborhood at the 39th percentile" in panel.finding
    assert "middle US tract" in str(panel.figure.to_dict())


@pytest.mark.parametrize("size", [1, 3, 9])
def test_under_ten_tracts_there_is_a_reason_in_place_of_a_middle(size):
    panel = children.build(make_outcome([100.0] * size))
    assert (panel.finding, panel.figure) == ("", None)
    assert "from 10 tracts on" in panel.reason
