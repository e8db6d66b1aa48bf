"""The parts of a city's map: classes, legend, card, context layers and the picture that travels alone."""

from dataclasses import replace

import numpy as np
import pytest
import shapely
from lxml import etree

from atlas.records.context import ContextFeature, ContextLayers
from dashboards.charts.map_view import TIERS, WITHIN
from dashboards.maps.card import build_card, first_choice
from dashboards.maps.city_svg import CityMap, TractMark, inline_svg
from dashboards.maps.classes import NO_VALUE, OPEN_WATER, classify
from dashboards.maps.context_paths import NO_LAYERS, box_of, layer_paths, shield_words
from dashboards.maps.legend import Histogram, draw_legend, shares_of
from dashboards.maps.picture import PaintedLegend, draw_picture
from tests.dashboards.panels.records import make_measure, make_statistics, make_tracts
from tests.factories.drawings import draw_squares

EDGES = (18_000.0, 21_000.0, 24_000.0, 28_000.0, 33_700.0, 40_000.0, 50_000.0)
VALUES = np.array([15_000, 33_700, 33_600, np.nan, 60_000], dtype=np.float32)


@pytest.fixture
def tracts():
    return make_tracts(values=VALUES, national_edges=EDGES, national_middle=33_700.0)


def test_the_middle_itself_is_above_and_no_value_is_hatched(tracts):
    found = classify(tracts)
    assert found.tracts == ("s0", "s5", "s4", NO_VALUE, "s7")
    assert found.hatched == sum(
        own and np.isnan(v) for own, v in zip(tracts.belongs.tolist(), VALUES.tolist(), strict=True)
    )


def test_a_tract_of_open_water_is_water_and_not_counted_among_those_without_a_value(tracts):
    at = 3  # the one without a value
    geoids = tuple("26163990000" if place == at else geoid for place, geoid in enumerate(tracts.geoids))
    found = classify(replace(tracts, geoids=geoids))
    assert found.tracts[at] == OPEN_WATER and found.hatched == classify(tracts).hatched - int(tracts.belongs[at])


def test_three_groups_within_a_place_take_the_ends_and_the_middle(tracts):
    assert set(classify(replace(tracts, standard_errors=None), view=WITHIN).steps) <= {"w0", "w2", "w4"}


def test_tiers_have_classes_of_their_own(tracts):
    found = classify(tracts, make_statistics(tracts), TIERS)
    assert set(found.tracts) <= {"t0", "t1", "t2", NO_VALUE}


def legend(own: np.ndarray, top: float | None = None) -> str:
    bins = np.linspace(10_000, 60_000, 11)
    shown = Histogram(
        bins, shares_of(own, bins), np.full(10, 0.1), EDGES, tuple(f"s{i}" for i in range(8)), 33_700.0, "usd_2015", "W"
    )
    return draw_legend(shown, top=top)


def test_a_legend_counts_what_lies_beyond_its_bins_and_shares_a_top():
    own = np.array([5_000, 15_000, np.nan, 90_000])
    bins = np.linspace(10_000, 60_000, 11)
    assert shares_of(own, bins).sum() == pytest.approx(1)
    heights = [
        max(float(one.get("height")) for one in etree.fromstring(legend(own, top)).iter("rect")) for top in (0.5, 1.0)
    ]
    assert heights[0] == pytest.approx(2 * heights[1], rel=0.05)


def test_a_card_says_both_comparisons_in_at_most_30_words(tracts):
    card = build_card(tracts.geoids[0], "Corktown", "Census tract 1", tracts, ())
    assert "below the Springfield middle" in card.sentence and "below the US middle" in card.sentence
    assert len(card.sentence.split()) <= 30
    assert card.rows[0].mark.us == 33_700.0


def test_a_card_calls_nothing_that_its_margin_reaches(tracts):
    """33,600 beside the US middle of 33,700, and 15,000 clearly below it."""
    known = replace(tracts, standard_errors=np.full(5, 500.0, dtype=np.float32))
    near, far = (build_card(known.geoids[at], "Corktown", "Census tract 1", known, ()).sentence for at in (2, 0))
    assert "too close to call beside the US middle" in near and "below the US middle" in far
    unknown = replace(tracts, standard_errors=None)
    assert "below the US middle" in build_card(known.geoids[2], "Corktown", "Census tract 1", unknown, ()).sentence
    assert len(near.split()) <= 30


def test_a_card_without_a_value_says_so_and_one_of_incarceration_says_nothing(tracts):
    at = int(np.flatnonzero(np.isnan(VALUES))[0])
    card = build_card(tracts.geoids[at], "Corktown", "Census tract 1", tracts, ())
    assert card.sentence.startswith("No data") and not card.has_value
    jail = replace(tracts, measure=make_measure("jail_pooled_pooled_mean", label="Incarceration rate", unit="share"))
    hidden = build_card(tracts.geoids[0], "Corktown", "Census tract 1", jail, ())
    assert not hidden.has_value and not hidden.rows and not any(letter.isdigit() for letter in hidden.sentence)
    with pytest.raises(ValueError):
        build_card("00000000000", "", "", tracts, ())


def test_the_first_choice_is_a_named_neighborhood_with_a_value(tracts):
    named = frozenset(tracts.geoids[1:3])
    assert first_choice(tracts, named) in named
    blank = replace(tracts, values=np.full(5, np.nan, dtype=np.float32))
    assert first_choice(blank, named) in tracts.geoids
    nobody = replace(tracts, belongs=np.zeros(5, dtype=bool))
    assert first_choice(nobody, named) == ""


@pytest.mark.parametrize(
    ("name", "route", "words"),
    [("I- 75", "I", "I-75"), ("US Hwy 50", "U", "US 50"), ("State Rte 562", "S", ""), ("Reading Rd", "M", "")],
)
def test_shields_are_of_interstates_and_us_routes(name, route, words):
    assert shield_words(ContextFeature("road", name, "S1100", shapely.LineString([(0, 0), (1, 1)]), route)) == words


def test_roads_and_water_lie_on_the_grid_of_the_tracts(tracts):
    drawn = draw_squares(tracts)
    west, south, east, north = box_of(drawn)
    road = ContextFeature("road", "I- 75", "S1100", shapely.LineString([(west, 39.99), (east, 39.99)]), "I")
    lake = ContextFeature("water", "Long Lake", "H2030", shapely.box(west, south, west + 0.02, south + 0.02))
    found = layer_paths(ContextLayers((road,), (lake,)), drawn)
    assert found.roads_1.startswith("M") and not found.roads_2 and found.water.endswith("z")
    assert [words for words, _, _ in found.shields] == ["I-75"]
    assert layer_paths(ContextLayers(), drawn) == NO_LAYERS


def test_hostile_names_stay_text_in_page_and_picture(tracts):
    drawn = draw_squares(tracts)
    mark = TractMark(tracts.geoids[0], "s1", '<script>alert("x")</script>', "/tracts/x/")
    shown = CityMap(drawn, (mark,), "A & B <map>", "born 1978–83")
    page = inline_svg(shown)
    assert "<script>" not in page and "style" not in page
    svg, wide, high = draw_picture(shown, PaintedLegend("1 < 2"), ("Words & more",))
    root = etree.fromstring(svg)
    assert (int(root.get("width")), int(root.get("height"))) == (wide, high)
    assert "born 1978–83" in "".join(root.itertext()) and "class" not in svg
