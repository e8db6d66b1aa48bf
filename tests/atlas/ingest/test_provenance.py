"""Published or generated: what may replace what, and what is read first."""

import json

import pytest

from atlas.ingest.pipeline import run
from atlas.models import CityGeometry, LivePart, Release, Tract
from atlas.queries import cities as city_queries
from atlas.queries.headlines import headline
from atlas.queries.live import live_catalog, live_sample
from atlas.queries.measures import available_measures
from atlas.queries.tracts import place_tracts
from tests.factories import files, portal

pytestmark = pytest.mark.django_db
VALUES = {"26163500100": "20055", "06037101110": "30000", "01001020100": "40000"}


@pytest.fixture
def folders(tmp_path):
    """(of the sample, of published files)."""
    made = tmp_path / "sample", tmp_path / "real"
    for folder in made:
        folder.mkdir()
    return made


def shown(folder, values=VALUES, name="kfr.csv"):
    return files.shown_tract(folder / name, values)


def test_the_manifest_beside_a_file_says_what_it_is(folders):
    sample, real = folders
    portal.ingest(shown(sample), sample=True)
    assert Release.objects.get().is_sample
    assert live_catalog().sources[0].is_sample and live_sample() == "all"
    portal.ingest(shown(real, VALUES | {"26163500100": "1"}))
    assert not Release.objects.get().is_sample and live_sample() == "none"


def test_a_manifest_speaks_only_for_the_bytes_it_lists(folders):
    path = shown(folders[0])
    portal.declare_sample(path)
    shown(folders[0], VALUES | {"26163500100": "1"})
    assert not run(path, commit=True).is_sample


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"synthetic": true, "files": [1]}', '{"synthetic": "yes"}'])
def test_a_manifest_of_another_kind_says_nothing(folders, text):
    (folders[0] / "manifest.json").write_text(text)
    assert not run(shown(folders[0]), commit=True).is_sample


def test_a_synthetic_flag_that_is_false_says_nothing(folders):
    path = portal.declare_sample(shown(folders[0]))
    manifest = json.loads((folders[0] / "manifest.json").read_text())
    (folders[0] / "manifest.json").write_text(json.dumps(manifest | {"synthetic": False}))
    assert not run(path, commit=True).is_sample


def test_a_copy_of_a_sample_file_is_still_a_sample(folders):
    sample, real = folders
    portal.ingest(shown(sample), sample=True)
    portal.ingest(shown(sample, VALUES | {"26163500100": "1"}), sample=True)
    assert Release.objects.count() == 1, "a replaced sample is not kept"
    copy = real / "copy.csv"
    copy.write_bytes((sample / "kfr.csv").read_bytes())
    report = run(copy, commit=True)
    assert report.outcome == "unchanged" and report.is_sample and "synthetic sample data" in report.sentence()


def test_a_sample_never_replaces_what_is_published(folders):
    sample, real = folders
    portal.ingest(shown(real))
    live = Release.objects.get()
    path = portal.declare_sample(shown(sample, VALUES | {"26163500100": "1"}))
    for commit in (False, True):
        report = run(path, commit=commit, accept_losses=True)
        assert report.refused and "a sample never replaces them" in report.sentence()
    assert Release.objects.get() == live


def test_published_data_replace_a_sample_whatever_is_lost_and_leave_nothing_of_it(folders):
    sample, real = folders
    portal.ingest(shown(sample), sample=True)
    report = portal.ingest(shown(real, {"26163500100": "1"}))
    assert report.replaced_release_id is None and not report.is_sample
    assert [r.is_sample for r in Release.objects.all()] == [False]
    report = portal.ingest(shown(real, {"26163500100": "2"}, "next.csv"))
    assert report.replaced_release_id is not None, "between published files there is a way back"


def test_sample_boundaries_give_way_county_by_county(folders):
    sample, real = folders
    box = (-83.10, 42.30, 0.01, 0.01)
    both = {"26163500100": box, "26125000100": (-83.2, 42.3, 0.01, 0.01)}
    portal.ingest(files.tract_map(sample / "tracts.geojson", both), sample=True)
    portal.ingest(files.tract_map(real / "wayne.geojson", {"26163500100": box}))
    live = {part.part: part.release.is_sample for part in LivePart.objects.select_related("release")}
    assert live == {"26163": False, "26125": True} and live_sample() == "some"
    other = files.tract_map(sample / "other.geojson", {"26163500200": box})
    assert run(portal.declare_sample(other), commit=True).refused


def test_published_numbers_come_before_a_sample_whatever_the_priority(folders):
    sample, real = folders
    both = files.write(
        sample / "covariates.csv", "state,county,tract,hhinc_mean2000,poor_share2010\n26,163,500100,1,.5\n"
    )
    portal.ingest(both, sample=True)
    portal.ingest(files.income2000(real / "income.csv", {"26163500100": "40000"}))
    found = live_catalog()
    rivals = sorted((m for m in found.measures if m.slug == "hhinc_mean2000"), key=lambda m: m.priority)
    assert [m.source.is_sample for m in rivals] == [True, False]
    assert not found.find("tract", "hhinc_mean2000").source.is_sample
    assert found.find("tract", "poor_share2010").source.is_sample


def test_a_generated_name_does_not_stay_on_a_published_tract(folders, tmp_path):
    sample, real = folders
    city = portal.build(sample, sample=True)
    assert CityGeometry.objects.get(city=city).is_sample
    named = place_tracts(city_queries.city(city.slug), "jail_pooled_pooled_mean")
    assert named.is_sample and any(named.names)
    portal.build_maps(real, city)
    portal.ingest(files.income2000(real / "income.csv", {g: "40000" for g in portal.CITY_TRACTS}))
    assert not CityGeometry.objects.get(city=city).is_sample
    found = place_tracts(city_queries.city(city.slug), "hhinc_mean2000")
    assert not found.is_sample and not any(found.names)
    assert any(place_tracts(city_queries.city(city.slug), "jail_pooled_pooled_mean").names)
    portal.ingest(files.shown_tract(real / "jail.csv", {"26163500100": ".9"}, files.SHOWN["jail"]))
    assert Tract.objects.get(geoid="26163500100").is_sample is False


def test_published_files_over_the_sample_leave_nothing_of_it_in_the_headline(tmp_path):
    """Dollars of a download beside ranks of the sample: the published ones answer, at any priority."""
    for folder in ("sample", "real"):
        (tmp_path / folder).mkdir()
    city = portal.build(tmp_path / "sample", sample=True)
    portal.build(tmp_path / "real", city=city)
    found = headline(city_queries.city(city.slug))
    assert not found.is_sample and found.value is not None
    assert not any(m.source.is_sample for m in available_measures("tract"))


def test_context_marked_as_sample_is_looked_at_like_any_other(tmp_path):
    text = "censusTractNumber,tractType\n01001020700,Low-Income Community\n"
    path = files.write(tmp_path / "zones.csv", text)
    portal.declare_sample(path)
    assert run(path, commit=True).is_sample
