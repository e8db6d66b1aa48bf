"""Layers of the counties on the portal's maps: which are fetched, over a bad network, and what is live then."""

from dataclasses import replace

import pytest
from django.core.management import call_command

from atlas.ingest import fetches
from atlas.ingest.frames import counties_in_frames
from atlas.models import City, FetchJob, IngestJob
from atlas.queries.context_layers import context_layers
from atlas.queries.zip_codes import tracts_of_zip
from atlas.sources import downloads
from atlas.tasks import fetch_files, ingest_file
from tests.factories import grid, layers, publisher
from tests.factories.layers import square

pytestmark = pytest.mark.django_db
BOX = (-83.10, 42.30, -83.00, 42.40)


@pytest.fixture
def server():
    with publisher.publisher() as found:
        yield found


@pytest.fixture
def home(tmp_path, settings, monkeypatch):
    settings.MOBILITY_HOME, settings.ATLAS_DATA_DIR, settings.PUBLISHER_MIRRORS = tmp_path, None, ()
    settings.FETCH_FIRST_DATA, settings.STARTER_SET = True, False
    monkeypatch.setattr("atlas.tasks.ingest_file.delay", ingest_file)
    monkeypatch.setattr("atlas.tasks.fetch_files.delay", fetch_files)
    return tmp_path


def test_a_map_shows_counties_of_another_state():
    City.objects.create(
        slug="cincinnati", name="Cincinnati", state_name="Ohio", state_usps="OH", place_geoid="3915000",
        longitude=-84.5, latitude=39.14,
    )  # fmt: skip
    assert {"39061", "21015", "21037", "21117"} <= set(counties_in_frames())
    wanted = {download.name for download in fetches.default_files()}
    assert {"tl_2019_21037_areawater", "tl_2019_21_prisecroads", "gz_2010_21_140_00_500k"} <= wanted
    assert "tl_2019_21_place" not in wanted and "zcta_tract_rel_10" in wanted


def test_once_tracts_are_live_the_frame_is_theirs(tmp_path):
    city = grid.build(tmp_path)
    City.objects.filter(pk=city.pk).update(longitude=-100.0, latitude=40.0)
    assert "26163" in counties_in_frames() and not any(county[:2] == "31" for county in counties_in_frames())


def offered(server, path, trick=""):
    """A layer as the portal would fetch it, at the publisher's own path on this machine."""
    (wanted,) = [d for d in downloads.default_downloads([], ["26163"]) if d.file_name == path.name]
    where = wanted.addresses[0].removeprefix("https://www2.census.gov")
    return replace(wanted, addresses=(server.put(where, path.read_bytes(), *filter(None, [trick])),))


def test_layers_arrive_over_a_bad_network_and_are_live(home, server, monkeypatch):
    made = home / "made"
    made.mkdir()
    roads = layers.roads(made, [("I- 94", "I", "S1100", [(-83.09, 42.35), (-83.01, 42.35)])], place="26")
    water = layers.water(made, [("Detroit Riv", "H3010", 90_000, square(-83.05, 42.31))])
    parks = layers.landmarks(made, [("Belle Isle Park", "K2190", 90_000, square(-83.03, 42.33))])
    zips = layers.zip_tracts(made / "zcta_tract_rel_10.txt", [("48208", "26163521900", 5, 5)])
    wanted = tuple(
        offered(server, path, trick) for path, trick in ((roads, "cut"), (water, "error"), (parks, "busy"), (zips, ""))
    )
    monkeypatch.setattr(fetches, "default_downloads", lambda states, counties: wanted)
    call_command("load_first_data")
    job = FetchJob.objects.get()
    assert [f["outcome"] for f in job.report["files"]] == ["fetched"] * 4, job.report
    assert {job.status for job in IngestJob.objects.all()} == {"done"}
    found = context_layers(BOX)
    assert [f.name for f in (*found.roads, *found.water, *found.landmarks)] == [
        "I- 94",
        "Detroit Riv",
        "Belle Isle Park",
    ]
    assert len(found.sources) == 3 and tracts_of_zip("48208")[0].geoid == "26163521900"


@pytest.mark.parametrize("trick", ["page", "huge", "elsewhere"])
def test_what_is_no_layer_is_not_imported_and_the_map_goes_without(home, server, monkeypatch, trick):
    made = home / "made"
    made.mkdir()
    water = layers.water(made, [("Detroit Riv", "H3010", 90_000, square(-83.05, 42.31))])
    monkeypatch.setattr(fetches, "default_downloads", lambda states, counties: (offered(server, water, trick),))
    call_command("load_first_data")
    job = FetchJob.objects.get()
    assert job.status == "done" and job.report["files"][0]["outcome"] == "failed"
    assert not IngestJob.objects.exists() and context_layers(BOX).is_empty
