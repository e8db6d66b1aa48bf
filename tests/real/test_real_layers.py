"""Real samples of the Census Bureau's layers, where they lie beside the publishers' files; for tests only."""

import json
from pathlib import Path

import pytest
import shapely

from atlas.ingest.pipeline import run
from atlas.queries.context_layers import context_layers
from tests.factories import layers

pytestmark = pytest.mark.django_db
CINCINNATI, NEW_ORLEANS = (-84.72, 39.05, -84.36, 39.23), (-90.15, 29.86, -89.62, 30.2)


@pytest.fixture(scope="session")
def samples(real_data) -> Path:
    folder = real_data.parent / "new_data" / "geo_context"
    if not folder.is_dir():
        pytest.skip("there is no folder new_data/geo_context beside ATLAS_DATA_DIR")
    return folder


def test_the_roads_of_hamilton_county(samples):
    report = run(samples / "tl_2014_39061_roads.zip", commit=True)
    assert (report.outcome, report.rows_read, report.rows_kept) == ("activated", 13_560, 53 + 192)
    found = context_layers(CINCINNATI)
    assert {"I- 71", "I- 74", "I- 75"} <= {road.name for road in found.roads if road.route_type == "I"}
    assert {road.feature_class for road in found.roads} == {"S1100", "S1200"}
    assert all(shapely.box(*CINCINNATI).covers(road.geometry) for road in found.roads)
    assert [source.vintage for source in found.sources] == ["2014 roads, 2010 tracts"]


def test_the_water_of_new_orleans_is_refused_as_it_was_found_and_drawn_in_the_publishers_form(samples, tmp_path):
    """The samples are somebody's GeoJSON without class, area, year or county: to accept one would be a guess."""
    rows = []
    for name, code in (("mississippi-river", "H3010"), ("lake-pontchartrain", "H2030")):
        path = samples / f"nola_{name}-simplified.geojson"
        assert run(path).outcome == "refused"
        geometry = json.loads(path.read_text())["features"][0]["geometry"]
        clockwise = shapely.orient_polygons(shapely.geometry.shape(geometry), exterior_cw=True)
        parts = shapely.get_parts(clockwise).tolist()
        rings = [list(ring.coords) for part in parts for ring in (part.exterior, *part.interiors)]
        rows.append(({"HYDROID": name, "FULLNAME": name, "MTFCC": code, "AWATER": 10**8}, rings))
    found = layers.parts(layers.WATER_COLUMNS, rows, lines=False)
    report = run(layers.zipped(tmp_path / "w.zip", "tl_2015_22071_areawater", found), commit=True)
    assert report.outcome == "activated", report.sentence()
    water = context_layers(NEW_ORLEANS).water
    assert {one.name for one in water} == {"mississippi-river", "lake-pontchartrain"}
    assert all(shapely.box(*NEW_ORLEANS).covers(one.geometry) for one in water)
