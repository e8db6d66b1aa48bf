"""Files of the starter set: known by their checksum, refused when damaged, giving way to whatever somebody loads."""

import shutil
from dataclasses import replace
from datetime import date

import pytest
from django.core.management import call_command

from atlas.ingest import jobs, starter_files
from atlas.ingest.pipeline import Mode, run
from atlas.models import IngestJob, LivePart, Release
from atlas.queries.starter_set import live_starter_set
from atlas.starter import make
from atlas.starter.manifest import StarterSet, write_manifest
from tests.factories import files, portal, starter

pytestmark = pytest.mark.django_db
KFR = "shown_tract_kfr_rP_gP_p25.parquet"
TRACTS, PLACES = "tract_boundaries_2010.geojson.gz", "place_boundaries.geojson.gz"


@pytest.fixture
def shipped(tmp_path, monkeypatch):
    """A tiny set in place of the one that comes with the portal."""
    monkeypatch.setattr(make, "_AS_TEXT_ROWS", 0)
    made, folder = starter.make(tmp_path)
    for module in ("atlas.ingest.starter_files", "atlas.ingest.jobs", "atlas.queries.starter_set"):
        monkeypatch.setattr(f"{module}.SHIPPED", folder)
    return made, folder


def import_all(folder) -> None:
    queued = jobs.queue_starter_set()
    for job in queued:
        jobs.run_job(str(job.pk))
        job.refresh_from_db()
        assert job.status == "done", job.report


def test_a_starter_set_goes_through_the_same_import_and_says_what_it_is(shipped, client):
    made, folder = shipped
    portal.add_city()
    import_all(folder)
    assert set(Release.objects.values_list("starter_date", flat=True)) == {starter.MADE_ON} == {made.made_on}
    assert set(Release.objects.values_list("file_name", flat=True)) == {file.name for file in made.files}
    release = Release.objects.get(file_name=KFR)
    assert release.report["starter"]["originals"][0]["name"] == "kfr.csv" and not release.is_sample
    assert live_starter_set() == made
    pages = {url: client.get(url).content.decode() for url in ("/data/", f"/data/sources/{release.dataset}/")}
    assert all("starter set of Nov 29, 2026" in page for page in pages.values())
    assert "Social Capital" in pages["/data/"] and "terms for passing the file on were not found" in pages["/data/"]
    page = client.get(f"/data/releases/{release.pk}/").content.decode()
    assert "starter set of Nov 29, 2026" in page and made.file_named(KFR).originals[0].sha256 in page
    listed = {entry["file_name"]: entry for entry in client.get("/api/v1/releases/").json()["results"]}
    assert listed[KFR]["starter_date"] == "2026-11-29"
    sources = [measure["source"]["starter_date"] for measure in client.get("/api/v1/measures/").json()["results"]]
    assert sources and set(sources) == {"2026-11-29"}


def test_a_damaged_file_is_refused_with_a_sentence(shipped):
    _, folder = shipped
    data = (folder / KFR).read_bytes()
    (folder / KFR).write_bytes(data[:-10] + b"0123456789")
    report = run(folder / KFR, commit=True)
    assert report.refused and not Release.objects.exists()
    assert report.problems[0].reason == (
        "is not the file that the starter set of Nov 29, 2026 was made with: it is damaged or was changed. "
        "Get the portal's files again, or fetch the source's with manage.py fetch --commit"
    )
    (folder / KFR).unlink()
    assert run(folder / KFR, commit=True).problems[0].reason == "can't be read: No such file or directory"


def test_a_file_of_the_set_is_known_wherever_it_lies(shipped, tmp_path):
    _, folder = shipped
    elsewhere = tmp_path / "elsewhere.parquet"
    shutil.copy(folder / KFR, elsewhere)
    assert starter_files.identify(elsewhere, Release(sha256="").sha256) is None
    assert run(elsewhere, commit=True).starter["name"] == KFR


def test_what_somebody_loads_takes_its_place_even_where_it_holds_less(shipped, tmp_path):
    _, folder = shipped
    import_all(folder)
    before = Release.objects.get(file_name=KFR)
    loaded = files.shown_tract(tmp_path / "mine.csv", {"26163500100": "21000"})
    report = run(loaded, commit=True)
    assert report.outcome == "activated" and (report.lost_rows, report.replaced_release_id) == (2, before.pk)
    assert LivePart.objects.get(dataset=before.dataset).release.starter_date is None
    fewer = files.shown_tract(tmp_path / "fewer.csv", {"26163500200": "21000"})
    assert run(fewer, commit=True).refused, "what somebody loaded is guarded as ever"


def test_the_set_never_takes_the_place_of_what_somebody_loaded(shipped, tmp_path):
    _, folder = shipped
    loaded = run(files.shown_tract(tmp_path / "mine.csv", starter.USD), commit=True)
    report = run(folder / KFR, commit=True)
    assert report.outcome == "superseded" and "the starter set gives way" in report.sentence()
    assert LivePart.objects.get().release_id == loaded.release_id and Release.objects.count() == 1
    job = IngestJob.objects.create(path=str(folder / KFR))
    jobs.run_job(str(job.pk))
    job.refresh_from_db()
    assert (job.status, job.report["sentence"]) == ("done", report.sentence())
    call_command("ingest", str(folder), "--commit")


def test_outlines_fill_in_only_the_counties_nobody_loaded(shipped, tmp_path):
    _, folder = shipped
    mine = files.tract_map(tmp_path / "mine.geojson", {"26163500100": (-83.10, 42.30, 0.02, 0.01)})
    loaded = run(mine, commit=True)
    assert run(folder / TRACTS, commit=True).outcome == "superseded"
    assert run(folder / PLACES, commit=True).outcome == "activated"
    assert set(LivePart.objects.values_list("part", "release__starter_date")) == {
        ("26163", None),
        ("2677777", starter.MADE_ON),
    }
    assert LivePart.objects.get(part="26163").release_id == loaded.release_id


def test_a_newer_set_takes_the_place_of_an_older_one_and_not_the_other_way_round(shipped):
    made, folder = shipped
    newer = date(2027, 1, 15)
    import_all(folder)
    old = (folder / KFR).read_bytes()
    changed = files.shown_tract(folder.parent / "inputs" / "kfr.csv", {**starter.USD, "26163500300": "31000"})
    make.make_starter_set(sorted(changed.parent.iterdir()), folder, newer)
    assert run(folder / KFR, commit=True).outcome == "activated"
    assert set(Release.objects.filter(status="live", file_name=KFR).values_list("starter_date", flat=True)) == {newer}
    (folder / KFR).write_bytes(old)
    write_manifest(folder, StarterSet(made.made_on, made.files))
    assert run(folder / KFR, commit=True).outcome == "superseded"


def test_the_set_takes_the_place_of_the_sample(shipped, tmp_path):
    _, folder = shipped
    portal.ingest(files.shown_tract(tmp_path / "generated.csv", starter.USD), sample=True)
    assert run(folder / KFR, commit=True).outcome == "activated"


def test_a_set_can_be_looked_at_and_staged_without_going_live(shipped):
    made, folder = shipped
    report = run(folder / KFR)
    assert report.outcome == "valid" and report.starter["sha256"] == made.file_named(KFR).sha256
    staged = run(folder / KFR, mode=Mode.STAGE)
    assert Release.objects.get(pk=staged.release_id).starter_date == made.made_on and live_starter_set() is None


def test_without_a_set_nothing_is_queued_and_the_start_says_so(shipped, settings, capsys):
    _, folder = shipped
    (folder / "manifest.json").unlink()
    assert jobs.queue_starter_set() == [] and live_starter_set() is None
    settings.ATLAS_DATA_DIR, settings.STARTER_SET, settings.FETCH_FIRST_DATA = None, True, False
    call_command("load_first_data")
    assert "The starter set is not whole: " in capsys.readouterr().err and not IngestJob.objects.exists()


def test_losses_count_unless_all_of_what_is_replaced_is_of_the_set():
    assert not starter_files.are_all_starter_releases(())
    assert replace(StarterSet(date(2026, 1, 1), ())).byte_count == 0
