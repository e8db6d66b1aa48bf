"""Water and main roads on a map's grid: where they lie, and which signs and names stand where."""

import dataclasses

import pytest
import shapely

from atlas.drawing.names import text_box
from atlas.records.context import ContextFeature, ContextLayers
from atlas.records.drawing import Drawing, MapName
from dashboards.maps.context_names import DEEP_POINTS, STREAM_NAMES, whole_words
from dashboards.maps.context_paths import LONGEST_STREAMS, NO_LAYERS, box_of, layer_paths, plane_of
from dashboards.maps.label_places import Spot, cells_of, is_free

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


def test_water_is_named_in_whole_words_and_not_under_the_legend():
    (label,) = layer_paths(ContextLayers(water=(lake(-83.05, 42.37, 0.02),)), DRAWING).water_names
    assert (label.text, label.angle) == ("Lake Erie", 0.0) and whole_words("Lk Erie") == "Lake Erie"
    under_legend = lake(WEST + 0.13, NORTH - 0.068, 0.015)
    assert layer_paths(ContextLayers(water=(under_legend,)), DRAWING).water_names == ()


def test_a_waters_name_moves_aside_for_a_name_that_stands_there():
    water = lake(-83.05, 42.37, 0.02)
    (first,) = layer_paths(ContextLayers(water=(water,)), DRAWING).water_names
    named = dataclasses.replace(DRAWING, names=(MapName("Belle Isle", round(first.x), round(first.y), "city", 0),))
    moved = layer_paths(ContextLayers(water=(water,)), named).water_names
    k = 800 / DRAWING.width
    taken = text_box("Belle Isle", round(first.x) * k, round(first.y) * k)
    for label in moved:
        assert is_free(cells_of(label.text, Spot(label.x * k, label.y * k, label.angle)), [taken])


def test_a_name_turns_with_its_river_and_stands_on_its_feet():
    bank = [
        (WEST + 0.02, NORTH - 0.02),
        (WEST + 0.12, NORTH - 0.0945),
        (WEST + 0.12, NORTH - 0.099),
        (WEST + 0.02, NORTH - 0.0245),
    ]
    for ring in (bank, [(2 * WEST + 0.14 - x, y) for x, y in bank]):
        river = ContextFeature("water", "Detroit Riv", "H3010", shapely.Polygon(ring))
        (label,) = layer_paths(ContextLayers(water=(river,)), DRAWING).water_names
        assert abs(label.angle) == pytest.approx(45, abs=4)
        flat = shapely.simplify(plane_of(DRAWING).flatten_one(river.geometry), 1)
        assert flat.buffer(30).contains(shapely.Point(label.x * DRAWING.grid, label.y * DRAWING.grid))


def test_streams_are_drawn_from_the_longest_and_named_along_their_line():
    def stream(name, south):
        return ContextFeature(
            "stream", name, "H3010", shapely.LineString([(WEST + 0.03, NORTH - south), (WEST + 0.1, NORTH - south)])
        )

    short = ContextFeature(
        "stream", "Ditch", "H3010", shapely.LineString([(WEST + 0.03, NORTH - 0.02), (WEST + 0.033, NORTH - 0.02)])
    )
    found = layer_paths(ContextLayers(streams=(short, stream("Conner Crk", 0.03))), DRAWING)
    assert found.streams.count("M") == 1 and [label.text for label in found.water_names] == ["Conner Creek"]
    many = layer_paths(ContextLayers(streams=tuple(stream(f"Crk {n}", 0.02 + n / 500) for n in range(30))), DRAWING)
    assert many.streams.count("M") == LONGEST_STREAMS and len(many.water_names) <= STREAM_NAMES


def landmark(name, west, south, degrees, code="K2190"):
    return ContextFeature("landmark", name, code, shapely.box(west, south, west + degrees, south + degrees))


def test_large_landmarks_have_an_outline_and_a_name_small_ones_and_cemeteries_none():
    park, campus = (
        landmark("Rouge Pk", -83.06, 42.36, 0.02),
        landmark("Wayne State Univ", -83.02, 42.38, 0.003, "K2540"),
    )
    grave, pocket = landmark("Woodlawn Cmtry", -83.09, 42.36, 0.012, "K2582"), landmark("Pocket", -83.0, 42.33, 0.001)
    found = layer_paths(ContextLayers(landmarks=(park, campus, grave, pocket)), DRAWING)
    assert found.landmarks.count("z") == 3
    assert {label.text: label.is_deep for label in found.landmark_names} == {
        "Rouge Park": False,
        "Wayne State University": True,
    }


def test_schools_and_hospitals_of_the_place_stand_by_their_name_where_the_reader_comes_closer():
    def point(name, code, x, y):
        return ContextFeature("point", name, code, shapely.Point(x, y))

    here = (point("Cass High Sch", "K2543", -83.05, 42.36), point("Ford Hosp", "K1231", -83.03, 42.37))
    beyond = point("Windsor Sch", "K2543", -80.0, 42.3)
    found = layer_paths(ContextLayers(points=(*here, beyond)), DRAWING)
    assert [label.text for label in found.landmark_names] == ["Ford Hospital", "Cass High School"]
    assert all(label.is_deep and label.is_below for label in found.landmark_names)
    assert found.points.count("h0") == 2
    crowd = tuple(point(f"School {n}", "K2543", -83.09 + n % 9 / 80, 42.39 - n // 9 / 150) for n in range(63))
    assert layer_paths(ContextLayers(points=crowd), DRAWING).points.count("h0") == DEEP_POINTS
