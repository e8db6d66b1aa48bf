"""TIGER/Line layers: what is kept, and every way in which a file is refused."""

import struct
import zipfile

import pytest
import shapely

from atlas.sources import tiger_landmarks, tiger_linear_water, tiger_points, tiger_roads, tiger_water
from atlas.sources.base import SourceFileError
from atlas.sources.detect import detect_source
from atlas.sources.opening import open_file
from tests.factories import layers
from tests.factories.layers import square

LINE = [(-83.1, 42.3), (-83.0, 42.35)]
ROADS = (
    ("I- 75", "I", "S1100", LINE),
    ("Michigan Ave", "M", "S1200", LINE),
    ("Trumbull St", "M", "S1400", LINE),
    ("", "", "S1630", LINE),
)


def read(path):
    opened = open_file(path)
    found = detect_source(opened)
    return found.source, found.read(lambda *a: None)


def refusal(path) -> str:
    with pytest.raises(SourceFileError) as refused:
        read(path)
    return str(refused.value)


def test_main_roads_are_kept_with_their_year_and_county_and_streets_are_left_out(tmp_path):
    source, layer = read(layers.roads(tmp_path, ROADS, year=2014))
    assert (source, layer.vintage, layer.part, layer.kind, layer.rows_read) == ("tiger_roads", 2014, "26163", "road", 4)
    assert [(f.name, f.feature_class, f.route_type) for f in layer.features] == [
        ("I- 75", "S1100", "I"),
        ("Michigan Ave", "S1200", "M"),
    ]
    assert shapely.from_wkb(layer.features[0].wkb).equals(shapely.LineString(LINE))
    assert layer.features[0].bounds == (-83.1, 42.3, -83.0, 42.35)
    assert layer.dataset.vintage_of(layer.vintage) == "2014 roads, 2010 tracts"


def test_a_states_roads_are_the_same_layer(tmp_path):
    source, layer = read(layers.roads(tmp_path, ROADS, place="26"))
    assert (source, layer.part, layer.vintage) == ("tiger_roads", "26", 2019)


def test_only_open_water_of_more_than_50_000_square_meters_is_kept(tmp_path):
    rows = [
        ("Detroit Riv", "H3010", 50_001, square(-83.1, 42.3)),
        ("Pond", "H2030", 50_000, square(-83.2, 42.3)),
        ("Swamp", "H2025", 900_000, square(-83.3, 42.3)),
        ("", "H2030", 60_000, square(-83.4, 42.3)),
    ]
    source, layer = read(layers.water(tmp_path, rows))
    assert source == "tiger_water" and [f.name for f in layer.features] == ["Detroit Riv", ""]
    assert layer.kind == "water" and layer.rows_read == 4


def test_parks_campuses_and_airports_are_kept_and_hospitals_are_not(tmp_path):
    rows = [
        ("Belle Isle Park", "K2190", 3_000_000, square(-83.0, 42.34)),
        ("Wayne State Univ", "K2540", 800_000, square(-83.07, 42.35)),
        ("Some Hospital", "K1231", 800_000, square(-83.08, 42.35)),
        ("Pocket Park", "K2190", 900, square(-83.09, 42.35)),
    ]
    source, layer = read(layers.landmarks(tmp_path, rows))
    assert source == "tiger_landmarks" and [f.name for f in layer.features] == ["Belle Isle Park", "Wayne State Univ"]


def test_streams_with_a_name_are_kept_and_are_no_roads(tmp_path):
    rows = [("Riv Rouge", "H3010", LINE), ("", "H3010", LINE), ("Cut", "H3020", LINE), ("Conner Crk", "H3013", LINE)]
    source, layer = read(layers.streams(tmp_path, rows))
    assert source == "tiger_linear_water" and (layer.kind, layer.part, layer.rows_read) == ("stream", "26163", 4)
    assert [f.name for f in layer.features] == ["Riv Rouge", "Conner Crk"]
    assert layer.dataset.vintage_of(layer.vintage) == "2019 streams, 2010 tracts"


def test_schools_and_hospitals_with_a_name_are_kept_as_points(tmp_path):
    rows = [
        ("Cass Technical High Sch", "K2543", -83.06, 42.338),
        ("Henry Ford Hosp", "K1231", -83.084, 42.367),
        ("", "K2543", -83.1, 42.3),
        ("Some Church", "K2580", -83.1, 42.3),
    ]
    source, layer = read(layers.points(tmp_path, rows))
    assert source == "tiger_points" and (layer.kind, layer.part) == ("point", "26")
    assert [f.name for f in layer.features] == ["Cass Technical High Sch", "Henry Ford Hosp"]
    assert shapely.from_wkb(layer.features[0].wkb).equals(shapely.Point(-83.06, 42.338))


def test_points_off_the_globe_or_of_another_state_are_refused(tmp_path):
    assert "no point in degrees" in refusal(layers.points(tmp_path, [("A", "K2543", 500_000.0, 42.0)]))
    path = layers.points(tmp_path, [("A", "K2543", -83.0, 42.0)])
    with zipfile.ZipFile(path) as archive:
        found = {name[-3:]: archive.read(name) for name in archive.namelist() if name[-3:] != "cpg"}
    assert "is not the file's state 39" in refusal(layers.zipped(tmp_path / "x.zip", "tl_2019_39_pointlm", found))


def test_a_renamed_shapefile_is_refused_because_its_name_is_its_vintage(tmp_path):
    found = layers.parts(layers.ROAD_COLUMNS, [({"MTFCC": "S1100"}, [LINE])], lines=True)
    for stem in ("roads", "tl_2019_roads", "tl_1850_26163_roads", "tl_2019_99163_roads", "tl_2019_26163_rails"):
        path = layers.zipped(tmp_path / "tl_2019_26163_roads.zip", stem, found)
        assert "does not say the year" in refusal(path), stem


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"MTFCC": "1100"}, "line 2, column MTFCC: '1100' is no feature class"),
        ({"RTTYP": "X"}, "line 2, column RTTYP: 'X' is no route type"),
    ],
)
def test_a_row_that_is_not_what_its_column_says_is_named(tmp_path, changed, words):
    good = {"LINEARID": "1", "FULLNAME": "I- 75", "RTTYP": "I", "MTFCC": "S1100"}
    found = layers.parts(layers.ROAD_COLUMNS, [(good, [LINE]), (good | changed, [LINE])], lines=True)
    assert refusal(layers.zipped(tmp_path / "x.zip", "tl_2019_26163_roads", found)) == words


def test_every_problem_is_counted_and_the_first_are_spelled_out(tmp_path):
    rows = [("A", "Z", "nothing"[:5], LINE)] * 300
    with pytest.raises(SourceFileError) as refused:
        read(layers.roads(tmp_path, rows))
    assert refused.value.total == 600 and len(refused.value.problems) == 200


def test_shapes_outside_the_globe_or_of_another_kind_are_refused(tmp_path):
    far = [("I- 75", "I", "S1100", [(500_000.0, 4_600_000.0), (500_100.0, 4_600_000.0)])]
    assert "no linestring in degrees" in refusal(layers.roads(tmp_path, far))
    polygons = layers.parts(layers.ROAD_COLUMNS, [({"MTFCC": "S1100"}, [square(-83, 42)])], lines=False)
    assert "no linestring in degrees" in refusal(layers.zipped(tmp_path / "x.zip", "tl_2019_26163_roads", polygons))


def test_a_landmark_of_another_state_and_a_negative_area_are_refused(tmp_path):
    attributes = {"STATEFP": "39", "MTFCC": "K2190", "ALAND": 60_000}
    found = layers.parts(layers.LANDMARK_COLUMNS, [(attributes, [square(-83, 42)])], lines=False)
    assert "'39' is not the file's state 26" in refusal(layers.zipped(tmp_path / "x.zip", "tl_2019_26_arealm", found))
    assert "is no area in square meters" in refusal(layers.water(tmp_path, [("A", "H2030", -5, square(-83, 42))]))


def test_a_file_without_anything_to_draw_says_so(tmp_path):
    assert "nothing to draw" in refusal(layers.roads(tmp_path, ROADS[2:]))


def broken(tmp_path, change):
    found = layers.parts(layers.ROAD_COLUMNS, [({"MTFCC": "S1100", "RTTYP": "I"}, [LINE])] * 40, lines=True)
    return layers.zipped(tmp_path / "x.zip", "tl_2019_26163_roads", change(found))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda f: {k: v for k, v in f.items() if k != "shx"}, "no .shx beside it"),
        (lambda f: f | {"shp": f["shp"][: len(f["shp"]) // 2]}, "shapefile"),
        (lambda f: f | {"dbf": f["dbf"][:200]}, "shapefile"),
        (lambda f: f | {"shp": b"\0" * 500}, "shapefile"),
        (lambda f: f | {"dbf": f["dbf"][:4] + struct.pack("<I", 9) + f["dbf"][8:]}, "40 shapes and 9 rows"),
    ],
)
def test_broken_twins_are_refused(tmp_path, change, words):
    assert words in refusal(broken(tmp_path, change))


def test_without_its_table_the_shapes_are_nobodys(tmp_path):
    assert "no .dbf beside it" in refusal(broken(tmp_path, lambda f: {k: v for k, v in f.items() if k != "dbf"}))


def test_a_bomb_and_a_cut_archive_are_refused(tmp_path):
    path = tmp_path / "bomb.zip"
    found = layers.parts(layers.ROAD_COLUMNS, [({"MTFCC": "S1100"}, [LINE])], lines=True)
    layers.zipped(path, "tl_2019_26163_roads", found | {"dbf": found["dbf"] + b"\0" * 300_000_000})
    assert "expands to more than" in refusal(path)
    good = layers.roads(tmp_path, ROADS)
    good.write_bytes(good.read_bytes()[:-200])
    with pytest.raises(SourceFileError):
        open_file(good)
    damaged = layers.roads(tmp_path, ROADS)
    with zipfile.ZipFile(damaged) as archive:
        start = archive.getinfo("tl_2019_26163_roads.dbf").header_offset + 60
    body = bytearray(damaged.read_bytes())
    body[start : start + 40] = b"\xff" * 40
    damaged.write_bytes(bytes(body))
    assert "damaged" in refusal(damaged)


def test_boundaries_are_still_boundaries(tmp_path):
    columns = (("STATEFP", "C", 2), ("COUNTYFP", "C", 3), ("TRACTCE", "C", 6))
    row = {"STATEFP": "26", "COUNTYFP": "163", "TRACTCE": "500100"}
    found = layers.parts(columns, [(row, [square(-83, 42)])], lines=False)
    assert read(layers.zipped(tmp_path / "x.zip", "tl_2010_26_tract10", found))[0] == "boundaries_shapefile"


def test_each_layer_has_an_address_and_is_public_domain():
    for module in (tiger_roads, tiger_water, tiger_linear_water, tiger_landmarks, tiger_points):
        assert module.DATASET.addresses[0].startswith("https://www2.census.gov/geo/tiger/TIGER2019/")
        assert "public domain" in module.DATASET.licence and "2010 tracts" in module.DATASET.vintage


def test_a_geojson_of_water_is_no_layer(tmp_path):
    """The publisher has none: without MTFCC, area, year and county nobody could tell what such a file shows."""
    path = tmp_path / "river.geojson"
    path.write_text(
        '{"type": "FeatureCollection", "features": [{"type": "Feature", "properties": {"FID": 0}, '
        '"geometry": {"type": "Polygon", "coordinates": [[[-90, 30], [-90, 31], [-89, 31], [-90, 30]]]}}]}'
    )
    assert "neither tract nor place codes" in refusal(path)
