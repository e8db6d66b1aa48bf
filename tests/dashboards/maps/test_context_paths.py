"""Water and main roads on a map's grid: where they lie, and which signs and names stand where."""

import dataclasses

import pytest
import shapely

from atlas.records.context import ContextFeature, ContextLayers
from atlas.records.drawing import Drawing, MapName
from dashboards.maps.context_paths import NO_LAYERS, box_of, layer_paths, water_name

WEST, NORTH = -83.1, 42.4
_EMPTY = {"tracts": {}, "beside": {}, "near": "", "counties": "", "edge": "M0 0l9 0 0 9z", "names": (), "middles": {}}
# 20 meters a pixel, 10 a grid unit: 16 by 10.4 km.
_SIZE = {"longitude": WEST, "latitude": NORTH, "middle": NORTH, "grid": 10.0, "width": 1600, "height": 1040}
_FIELDS = _EMPTY | _SIZE | {"narrow": (0, 0, 1600, 1040), "legend": "se", "titles": {}}
DRAWING = Drawing(**{field.name: _FIELDS[field.name] for field in dataclasses.fields(Drawing)})


def road(points, name="I- 94", code="S1100", route="I"):
    return ContextFeature("road", name, code, shapely.LineString(points), route)


def lake(west, north, degrees, name="Lk Erie"):
    return ContextFeature("water", name, "H2030", shapely.box(west, north - degrees, west + degrees, north))


def test_nothing_loaded_draws_nothing():
    assert layer_paths(ContextLayers(), DRAWING) is NO_LAYERS


def test_the_box_reaches_beyond_the_frame_on_every_side():
    west, south, east, north = box_of(DRAWING)
    assert west < WEST < east and south < NORTH < north
    assert (NORTH - south) * 111_320 == pytest.approx(10_400 * 1.25)
    assert (north - NORTH) * 111_320 == pytest.approx(10_400 * 0.25)


def test_highways_and_main_roads_have_paths_of_their_own_from_the_frames_corner():
    highway = road([(WEST, NORTH), (WEST, NORTH - 1000 / 111_320)])
    street = road([(WEST, NORTH), (WEST, NORTH - 2000 / 111_320)], "Gratiot Ave", "S1200", "M")
    found = layer_paths(ContextLayers(roads=(highway, street)), DRAWING)
    assert (found.roads_1, found.roads_2) == ("M0 0l0 100", "M0 0l0 200") and found.water == ""


def test_interstates_are_signed_and_common_names_never():
    level = [(WEST + 0.02, NORTH - 0.04), (WEST + 0.1, NORTH - 0.04)]
    found = layer_paths(ContextLayers(roads=(road(level), road(level, "Ford Fwy", route="M"))), DRAWING)
    assert [text for text, _, _ in found.shields] == ["I-94"]


def test_water_is_named_in_whole_words_and_covers_no_name_nor_the_legend():
    water = lake(-83.05, 42.37, 0.02)
    ((name, x, y),) = layer_paths(ContextLayers(water=(water,)), DRAWING).water_names
    assert name == "Lake Erie" == water_name("Lk Erie")
    named = dataclasses.replace(DRAWING, names=(MapName("Belle Isle", round(x), round(y), "city", 0),))
    assert layer_paths(ContextLayers(water=(water,)), named).water_names == ()
    under_legend = lake(WEST + 0.13, NORTH - 0.068, 0.015)
    assert layer_paths(ContextLayers(water=(under_legend,)), DRAWING).water_names == ()
