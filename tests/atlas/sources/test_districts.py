"""Uploaded districts: what is read, what is mended, what is refused and in which words."""

import gzip
import json
import time

import numpy as np
import pytest

from atlas.sources.base import SourceFileError
from atlas.sources.districts import MAX_BYTES, name_keys, read_districts

SQUARE = [[0, 0], [1, 0], [1, 1], [0, 1], [0, 0]]


def feature(coordinates=None, kind="Polygon", **properties) -> dict:
    geometry = {"type": kind, "coordinates": [SQUARE] if coordinates is None else coordinates}
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def packed(*features, **more) -> bytes:
    return json.dumps({"type": "FeatureCollection", "features": features, **more}).encode()


def refusal(data: bytes) -> str:
    with pytest.raises(SourceFileError) as caught:
        read_districts(data)
    return "; ".join(problem.sentence() for problem in caught.value.problems)


def test_polygons_and_multipolygons_with_holes_and_heights():
    ring = [[x + 5, y, 12.5] for x, y in SQUARE]
    hole = [[0.25, 0.25], [0.75, 0.25], [0.75, 0.75], [0.25, 0.75], [0.25, 0.25]]
    one, two = read_districts(packed(feature([SQUARE, hole]), feature([[SQUARE], [ring]], "MultiPolygon")))
    assert one.polygon.area == pytest.approx(0.75) and not one.mended
    assert two.polygon.area == pytest.approx(2) and not two.polygon.has_z


def test_a_bow_tie_is_mended_and_said():
    (found,) = read_districts(packed(feature([[[0, 0], [1, 1], [1, 0], [0, 1], [0, 0]]])))
    assert found.mended and found.polygon.is_valid and found.polygon.area == pytest.approx(0.5)


def test_a_byte_order_mark_a_lying_extension_and_a_single_feature_are_read():
    assert len(read_districts(b"\xef\xbb\xbf" + packed(feature()))) == 1
    assert len(read_districts(json.dumps(feature()).encode())) == 1


def test_names_come_from_the_property_that_fits_best():
    found = read_districts(packed(feature(OBJECTID=1, Name="North", old=None), feature(OBJECTID=2, Name="South")))
    assert name_keys(found) == ("Name", "OBJECTID")
    assert name_keys(read_districts(packed(feature()))) == ()


def test_properties_are_plain_short_text():
    (found,) = read_districts(
        packed(feature(name="<b>\u202eNorth\u0007" + "x" * 500, n=3.0, bad=True, deep={"a": 1}, **{"k" * 90: "v"}))
    )
    assert found.properties["name"].startswith("<b> North x") and len(found.properties["name"]) <= 80
    assert found.properties["n"] == "3" and set(found.properties) == {"name", "n", "k" * 40}


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "empty"),
        (b"  \n", "empty"),
        (b"\x00\x01", "NUL"),
        (b"\xff\xfe{", "UTF-8"),
        (b"PK\x03\x04rest", "unpack it"),
        (gzip.compress(packed(feature())), "unpack it"),
        (b"tract,Name\n1,2\n", "not readable as JSON"),
        (b'{"type": "FeatureCollection", "features": [', "not readable as JSON"),
        (b"[" * 200_000, "not readable as JSON"),
        (b'{"a":' * 200_000, "not readable as JSON"),
        (b'{"type": "FeatureCollection", "features": [' + b"9" * 5000 + b"]}", "not readable as JSON"),
        (b"[]", "no GeoJSON"),
        (b'{"type": "Topology", "objects": {}}', "no GeoJSON"),
        (b'{"type": "FeatureCollection", "features": {}}', "no GeoJSON"),
        (packed(), "no features"),
        (packed(*[feature()] * 201), "200 districts at once"),
        (packed(feature(), crs={"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::2898"}}), "EPSG:4326"),
        (packed(feature([[[x * 13e6, y * 3e5] for x, y in SQUARE]])), "not in degrees"),
        (packed(feature([[[42 + y, -83 + x] for x, y in SQUARE]])), "longitude first"),
        (packed(feature([[[42 + y, -122 + x] for x, y in SQUARE]])), "longitude first"),
        (packed(feature([0, 0], "Point", name="x")), "feature 1 is a Point"),
        (packed({"type": "Feature", "properties": {}, "geometry": None}), "feature 1 has no geometry"),
        (packed(feature(), 7), "feature 2 is no GeoJSON feature"),
        (packed(feature([])), "feature 1 has no coordinates"),
        (packed(feature([[[0, 0], [1, 1]]])), "broken coordinates"),
        (packed(feature([[["a", "b"]] * 4])), "broken coordinates"),
        (packed(feature([[[0, 0], [1, 1], [2, 2], [0, 0]]])), "no inside"),
        (packed(feature("x" * 50)), "broken coordinates"),
        (packed(feature()).replace(b"[1, 1]", b"[NaN, 1]"), "not readable as JSON"),
        (packed(feature()).replace(b"[1, 1]", b"[1e999, 1]"), "no numbers"),
        (packed(feature([SQUARE * 20_001])), "100,000 corners"),
        (b" " * (MAX_BYTES + 1), "larger than 5 MB"),
    ],
)
def test_everything_else_is_refused_in_words(data, said):
    assert said in refusal(data)


def test_deep_nesting_in_the_coordinates_is_refused():
    deep = packed(feature()).replace(b"[[[0, 0]", b"[" * 400 + b"[[[0, 0]").replace(b"]]]", b"]" * 400 + b"]]]")
    assert "broken coordinates" in refusal(deep) or "not readable" in refusal(deep)


def test_every_bad_feature_is_named():
    assert refusal(packed(feature([]), feature(), feature([0, 0], "Point"))).count("feature") == 2


def test_a_tangle_that_would_take_all_memory_is_refused_quickly():
    points = np.random.default_rng(1).random((20_000, 2))
    ring = [*points.tolist(), points[0].tolist()]
    began = time.process_time()
    assert "crosses itself" in refusal(packed(feature([ring])))
    assert time.process_time() - began < 5
