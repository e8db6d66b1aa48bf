"""Colors of the map: the nation's classes by default, the place's own groups where they are asked for."""

from dataclasses import replace

import numpy as np

from dashboards.charts.color_steps import group_breaks, national_colors
from dashboards.charts.map_view import RAW, SHRUNK, WITHIN, build_map_view, classes_of, group_count
from dashboards.charts.theme import ABOVE_US, BELOW_US
from dashboards.charts.theme import WITHIN as WITHIN_COLORS
from dashboards.places.map_labels import map_key
from tests.dashboards.panels.records import make_statistics, make_tracts


def color_of(tracts, index: int, view: str = RAW) -> str:
    return classes_of(tracts, view)[1][build_map_view(tracts, None, view).steps[index]]


def test_a_value_has_one_color_in_every_city():
    here = make_tracts()
    richer = make_tracts(values=np.array([25_000, 90_000, 95_000, 99_000, 99_500], dtype=np.float32))
    assert color_of(here, 2) == color_of(richer, 0) == BELOW_US[3]


def test_no_tract_below_the_middle_is_blue_and_none_at_or_above_it_is_sand():
    tracts = make_tracts(values=np.array([36_699, 36_700, 17_000, 45_000, 60_000], dtype=np.float32))
    colors = [color_of(tracts, index) for index in range(5)]
    assert colors == [BELOW_US[4], ABOVE_US[0], BELOW_US[0], ABOVE_US[1], ABOVE_US[2]]


def test_the_us_middle_is_named_at_its_edge_and_in_the_key():
    edges, colors, labels = classes_of(make_tracts())
    assert labels[edges.index(36_700.0)].endswith("US middle") and len(colors) == len(edges) + 1 == 8
    words = map_key(make_tracts(), None, RAW, None)[0].words
    assert "Sand is below the middle US tract ($36,700), blue at or above it" in words


def test_within_a_city_there_are_three_groups_without_standard_errors_and_five_with():
    values = np.arange(5, dtype=np.float32) * 1000
    bare = make_tracts(values=values, belongs=np.ones(5, bool))
    sure = replace(bare, standard_errors=np.full(5, 100.0, dtype=np.float32))
    assert (group_count(bare), group_count(sure)) == (3, 5)
    assert set(classes_of(bare, WITHIN)[1]) == set(WITHIN_COLORS[3])
    assert sorted(build_map_view(sure, None, WITHIN).steps) == [0, 1, 2, 3, 4]
    words = map_key(bare, None, WITHIN, None)[0].words
    assert "Three groups" in words and "no margin of error" in words and "nothing of the nation" in words
    assert "Five groups" in map_key(sure, None, WITHIN, None)[0].words


def test_steadied_values_keep_the_national_classes():
    tracts = make_tracts()
    steadied = build_map_view(tracts, make_statistics(tracts), SHRUNK)
    assert steadied.scale["colorscale"][-1][1] == ABOVE_US[-1]


def test_fewer_edges_take_the_colors_nearest_the_middle():
    assert national_colors((1.0, 2.0, 3.0), 2.0) == (BELOW_US[3], BELOW_US[4], ABOVE_US[0], ABOVE_US[1])
    assert group_breaks(np.array([1.0, np.nan]), 3) == () and group_breaks(np.full(9, 2.0), 3) == (2.0,)


def test_where_no_us_tract_has_a_value_the_map_has_no_national_classes():
    nothing = make_tracts(values=np.full(5, np.nan, dtype=np.float32), national_middle=None, national_edges=())
    assert build_map_view(nothing).steps == [-1] * 5
    assert map_key(nothing, None, RAW, None)[0].words.startswith("Darker")
