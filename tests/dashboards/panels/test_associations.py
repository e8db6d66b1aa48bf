"""Sentences of correlations and rents follow the p that allows for neighbors that resemble each other."""

import re

import numpy as np
import pytest
import shapely

from atlas.records.analysis import Characteristic, OutcomeTracts, Outlines
from dashboards.panels import characteristics, rent
from tests.dashboards.panels.records import make_city, make_measure

SIDE = 7
SPOTS = [(east, north) for north in range(SIDE) for east in range(SIDE)]
GEOIDS = tuple(f"39023{index:06d}" for index in range(SIDE**2))
OUTLINES = Outlines(GEOIDS, np.array([shapely.box(x, y, x + 1, y + 1) for x, y in SPOTS], dtype=object))
RNG = np.random.default_rng(3)
SCATTER, OTHER = RNG.standard_normal(SIDE**2), RNG.standard_normal(SIDE**2)
SLOPE = np.array([east for east, _ in SPOTS], float) / SIDE


def make_tracts(values: np.ndarray, errors: bool = False) -> OutcomeTracts:
    measure = make_measure(
        "kfr_pooled_pooled_p25", label="Household income percentile at ages 31–37", unit="rank", group="outcome"
    )
    s = np.full(values.size, 0.02) if errors else None
    return OutcomeTracts(
        make_city(), measure, GEOIDS, ("",) * values.size, values, s, np.linspace(100, 400, values.size), sources=()
    )


def poverty(values: np.ndarray) -> Characteristic:
    measure = make_measure("poor_share2016", label="Poverty rate, 2012-16", unit="share", group="characteristic")
    return Characteristic(measure, values)


def rents(values: np.ndarray) -> Characteristic:
    measure = make_measure(
        "median_rent2016", label="Median gross rent, 2012-16", unit="usd_month_2016", group="characteristic"
    )
    return Characteristic(measure, values)


def test_a_relation_beyond_what_alike_neighbors_make_is_said():
    found = characteristics.build(
        make_tracts(0.4 - 0.05 * SCATTER), (poverty(0.3 + 0.05 * SCATTER + 0.03 * OTHER),), OUTLINES
    )
    assert "where the poverty rate (2012–16) was higher" in found.lead and "was lower on average" in found.lead
    assert re.search(
        r"correlation is −0\.8\d \(likely range −0\.\d+ to −0\.\d+\)\. It rests on 49 neighborhoods", found.finding
    )
    row = dict(zip([column.key for column in found.table.columns], found.table.rows[0], strict=True))
    assert row["p"] == row["p_adjusted"] < 0.05 and row["effective_tracts"] < row["tracts"] == 49
    assert any("1 of 1 likely ranges leave out 0" in said and "1 do." in said for said in found.caveats)
    assert any("independent tracts" in said for said in found.details)


def test_two_slopes_over_the_same_city_are_not_called_a_relation():
    """Taken as independent tracts, r would be clear (p < .001); both only run from west to east."""
    outcome, other = 0.4 + 0.05 * SLOPE + 0.014 * SCATTER, 0.3 + 0.05 * SLOPE + 0.014 * OTHER
    r = np.corrcoef(outcome, other)[0, 1]
    assert r * np.sqrt(47 / (1 - r**2)) > 3.5  # p < .001
    found = characteristics.build(make_tracts(outcome), (poverty(other),), OUTLINES)
    assert "did not clearly go together" in found.finding or "we can’t say whether" in found.finding


def test_without_outlines_the_correlation_stands_alone_and_says_why():
    nowhere = Outlines(GEOIDS, np.full(49, None, dtype=object))
    found = characteristics.build(make_tracts(0.4 + 0.05 * SCATTER), (poverty(0.3 + 0.05 * OTHER),), nowhere)
    assert "we can’t say whether" in found.finding and "outlines have not been imported" in found.finding
    assert any(said.startswith("No likely ranges: how far the tracts lie apart") for said in found.caveats)
    drawn = rent.build(make_tracts(0.4 + 0.05 * SCATTER, True), (rents(700 + 90 * OTHER),), nowhere)
    assert "we can’t say whether rents" in drawn.finding and drawn.figure is not None
    assert {row[-1] for row in drawn.table.rows} == {"not known: no standard error"}


@pytest.mark.parametrize("pull, said", [(-0.9, "points lower"), (0.9, "points higher")])
def test_a_clear_line_is_said_with_its_interval_and_what_it_rests_on(pull, said):
    found = rent.build(
        make_tracts(0.4 + 0.05 * (pull * OTHER + 0.3 * SCATTER), True), (rents(700 + 90 * OTHER),), OUTLINES
    )
    assert re.search(rf"\d\.\d {said} \(likely range", found.finding)
    assert any(one.startswith("Interval of the slope, p under 0.001: by ") for one in found.details)
    assert any(one.startswith("Moran’s I of the distances from the line") and "no sign" in one for one in found.details)


def test_distances_that_neighbors_share_are_said():
    found = rent.build(make_tracts(0.4 + 0.2 * SLOPE + 0.01 * SCATTER), (rents(700 + 90 * OTHER),), OUTLINES)
    assert "rents and the household income percentile" in found.finding
    assert any("neighbors share what the rent leaves out" in one and "no sign" not in one for one in found.details)


def test_points_on_one_line_are_drawn_and_not_taken_for_certainty():
    found = rent.build(make_tracts(0.1 + 0.0004 * (700 + 90 * OTHER), True), (rents(700 + 90 * OTHER),), OUTLINES)
    assert "the points lie on one line" in found.finding and found.figure is not None
