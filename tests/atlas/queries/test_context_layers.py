"""Layers through the real pipeline, and what a map gets of them."""

import pytest
import shapely

from atlas.ingest import operations
from atlas.ingest.pipeline import Mode, run
from atlas.models import City, LivePart, MapFeature, Release
from atlas.queries.context_layers import context_layers
from atlas.queries.datasets import live_datasets
from atlas.queries.zip_codes import tracts_of_zip, zip_codes_are_loaded
from atlas.records.context import ContextLayers, ZipTract
from tests.factories import grid, layers
from tests.factories.layers import square

pytestmark = pytest.mark.django_db
BOX = (-83.10, 42.30, -83.00, 42.40)
WEST, EAST = [(-83.2, 42.35), (-83.05, 42.35)], [(-83.05, 42.35), (-82.9, 42.35)]


def bring(path, **more):
    report = run(path, commit=True, **more)
    assert report.outcome == "activated", report.sentence()
    return report


def test_nothing_is_there_while_nothing_is_loaded():
    assert context_layers(BOX) == ContextLayers() and context_layers(BOX).is_empty
    assert context_layers((1.0, 1.0, 1.0, 2.0)).is_empty


def test_roads_are_merged_by_name_and_clipped_to_the_box(tmp_path):
    rows = [
        ("I- 94", "I", "S1100", WEST),
        ("I- 94", "I", "S1100", EAST),
        ("Gratiot Ave", "M", "S1200", [(-83.05, 42.31), (-83.04, 42.33)]),
        ("US Hwy 23", "U", "S1100", [(-84.0, 42.3), (-84.0, 42.4)]),
    ]
    report = bring(layers.roads(tmp_path, rows, year=2014))
    found = context_layers(BOX)
    assert [(r.name, r.feature_class, r.route_type) for r in found.roads] == [
        ("Gratiot Ave", "S1200", "M"),
        ("I- 94", "S1100", "I"),
    ]
    line = found.roads[1].geometry
    assert line.geom_type == "LineString" and line.bounds == (-83.10, 42.35, -83.00, 42.35)
    assert [source.release_id for source in found.sources] == [report.release_id]
    assert found.sources[0].vintage == "2014 roads, 2010 tracts" and found.sources[0].publisher == "US Census Bureau"
    assert found.water == () == found.landmarks


def test_a_river_between_two_counties_is_one(tmp_path):
    bring(layers.water(tmp_path, [("Ohio Riv", "H3010", 90_000, square(-83.06, 42.34))], county="26163"))
    bring(layers.water(tmp_path, [("Ohio Riv", "H3010", 90_000, square(-83.05, 42.34))], county="26125"))
    (river,) = context_layers(BOX).water
    assert river.geometry.geom_type == "Polygon"
    assert shapely.equals_exact(
        river.geometry.envelope, shapely.box(-83.06, 42.34, -83.04, 42.35), 1e-9, normalize=True
    )
    assert len(context_layers(BOX).sources) == 2 and LivePart.objects.count() == 2


def test_a_stream_ends_where_open_water_begins_and_points_stay_points(tmp_path):
    bring(layers.water(tmp_path, [("Detroit Riv", "H3010", 90_000, square(-83.05, 42.34))]))
    bring(layers.streams(tmp_path, [("Conner Crk", "H3010", [(-83.09, 42.345), (-83.045, 42.345)])]))
    bring(layers.points(tmp_path, [("Henry Ford Hosp", "K1231", -83.08, 42.36), ("Far Sch", "K2543", -84.0, 42.36)]))
    found = context_layers(BOX)
    (stream,), (hospital,) = found.streams, found.points
    assert stream.geometry.bounds[0] == pytest.approx(-83.09) and -83.052 < stream.geometry.bounds[2] < -83.05
    assert (hospital.name, hospital.geometry.geom_type) == ("Henry Ford Hosp", "Point")
    assert len(found.sources) == 3 and not found.is_empty


def test_a_states_file_answers_for_its_counties(tmp_path):
    bring(layers.roads(tmp_path, [("I- 94", "I", "S1100", WEST)], year=2014))
    bring(layers.roads(tmp_path, [("I- 94", "I", "S1100", [(-83.08, 42.32), (-83.02, 42.32)])], place="26"))
    found = context_layers(BOX)
    assert [s.vintage for s in found.sources] == ["2019 roads, 2010 tracts"]
    assert found.roads[0].geometry.bounds[1] == 42.32


def test_a_new_file_of_a_county_replaces_the_old_one_and_can_be_rolled_back(tmp_path):
    first = bring(layers.roads(tmp_path, [("I- 94", "I", "S1100", WEST)], year=2014))
    second = bring(layers.roads(tmp_path, [("I- 96", "I", "S1100", EAST)]))
    assert second.replaced_release_id == first.release_id and (second.shapes.added, second.shapes.removed) == (1, 1)
    assert [road.name for road in context_layers(BOX).roads] == ["I- 96"]
    operations.rollback(dataset="tiger_roads", expected_release=second.release_id)
    assert [road.name for road in context_layers(BOX).roads] == ["I- 94"]


def test_a_file_cut_short_needs_a_yes_and_a_sample_never_replaces_the_publishers(tmp_path):
    ten = [(f"Road {n}", "M", "S1200", [(-83.05, 42.31 + n / 1000), (-83.04, 42.31)]) for n in range(10)]
    bring(layers.roads(tmp_path, ten, year=2014))
    short = layers.roads(tmp_path, ten[:3])
    assert "would drop 7 rows" in run(short, commit=True).sentence()
    staged = run(short, mode=Mode.STAGE)
    assert staged.outcome == "staged" and operations.release_comparison(staged.release_id).lost_rows == 7
    assert MapFeature.objects.filter(release=staged.release_id).count() == 3
    bring(layers.roads(tmp_path, ten[:3], year=2018), accept_losses=True)


def test_layers_change_no_citys_tracts_and_are_listed_with_the_data(tmp_path, client):
    city = grid.build(tmp_path)
    before = list(city.tracts.values_list("geoid", "share"))
    bring(layers.landmarks(tmp_path, [("Belle Isle Park", "K2190", 900_000, square(-83.05, 42.34))]))
    assert list(City.objects.get().tracts.values_list("geoid", "share")) == before
    assert context_layers(BOX).landmarks[0].name == "Belle Isle Park"
    listed = next(d for d in live_datasets() if d.info.key == "tiger_landmarks")
    assert listed.rows_kept == 1
    assert client.get("/data/").status_code == 200
    page = client.get("/data/sources/tiger_landmarks/")
    assert page.status_code == 200 and b"tl_2019_26_arealm.zip" in page.content
    assert Release.objects.get(pk=listed.release_id).level == "map"
    assert client.get(f"/data/releases/{listed.release_id}/").status_code == 200


ZIPS = (("48208", "26163521900", 300, 1000), ("48208", "26163522000", 700, 1000), ("00601", "72113071700", 9, 9))


def test_tracts_of_a_zip_code_come_with_their_share_of_its_people(tmp_path):
    assert tracts_of_zip("48208") == () and not zip_codes_are_loaded()
    bring(layers.zip_tracts(tmp_path / "zcta_tract_rel_10.txt", ZIPS))
    found = tracts_of_zip("48208")
    assert [t.geoid for t in found] == ["26163522000", "26163521900"]
    assert [t.share for t in found] == pytest.approx([0.7, 0.3])
    assert tracts_of_zip("00601") == (ZipTract("72113071700", 1.0),)
    assert zip_codes_are_loaded()


@pytest.mark.parametrize("text", ["", "601", "482080", "4820x", "４８２０８", "48209", "00000", "99999"])
def test_what_is_no_zip_code_has_no_tracts(tmp_path, text):
    bring(layers.zip_tracts(tmp_path / "zcta_tract_rel_10.txt", ZIPS))
    assert tracts_of_zip(text) == ()
