"""Operators' decisions: staged beside the live release, compared, made live, discarded, rolled back."""

import threading
from pathlib import Path
from uuid import uuid4

import pytest
from django.contrib.auth import get_user_model
from django.db import Error, connection, transaction

from atlas.ingest import jobs, operations
from atlas.ingest.pipeline import Mode, run
from atlas.models import CityTract, IngestJob, LivePart, Release, ReleaseEvent, Tract
from atlas.queries import jobs as job_queries
from atlas.queries.jobs import job_counts
from atlas.queries.live import live_generation
from atlas.queries.releases import staged_releases
from tests.factories import files, portal

pytestmark = pytest.mark.django_db
OLD = {"26163500100": "20000", "26163500200": "30000", "06037101110": "", "01001020100": "30000"}
NEW = OLD | {"26163500100": "21000", "06037101110": "5000", "01001020100": ""}
DATASET = "shown_tract_kfr_rP_gP_p25"


@pytest.fixture
def ann():
    return get_user_model().objects.create_user("ann@example.org", "quiet-Harbour-42", name="Ann", is_staff=True)


def live(tmp_path, values=OLD):
    return run(files.shown_tract(tmp_path / f"{uuid4().hex}.csv", values), mode=Mode.ACTIVATE).release_id


def staged(tmp_path, values=NEW, **named):
    return run(files.shown_tract(tmp_path / f"{uuid4().hex}.csv", values), mode=Mode.STAGE, **named)


def kinds():
    return list(ReleaseEvent.objects.order_by("id").values_list("kind", flat=True))


def activate(release_id, seen, by, **named):
    return operations.activate(release_id=release_id, compared_with=seen, by=by.pk, **{"accept_losses": False, **named})


def test_staging_changes_nothing_that_readers_see(tmp_path):
    old = live(tmp_path)
    report = staged(tmp_path, NEW | {"72001956300": "1"})
    assert report.outcome == "staged" and "not in use yet" in report.sentence()
    assert LivePart.objects.get().release_id == old
    assert not Tract.objects.filter(geoid="72001956300").exists(), "not even its tracts are known yet"
    assert [r.id for r in staged_releases()] == [report.release_id]


def test_the_comparison_counts_what_changes(tmp_path):
    live(tmp_path)
    (change,) = staged(tmp_path).measures
    assert (change.added, change.removed, change.changed) == (1, 1, 1)
    assert (change.largest_change, change.mean_change) == (1000.0, 1000.0)


def test_a_staged_release_goes_live_with_its_tracts_and_their_names(tmp_path, ann):
    old = live(tmp_path)
    report = staged(tmp_path, NEW | {"72001956300": "1"})
    activate(report.release_id, (old,), ann, reason="Corrected by the publisher")
    assert Tract.objects.get(geoid="72001956300").name == "Place 6300, MI"
    assert LivePart.objects.get().release_id == report.release_id
    event = ReleaseEvent.objects.first()
    assert (event.kind, event.by, event.reason, event.details["via"]) == (
        "activated",
        ann,
        "Corrected by the publisher",
        "browser",
    )
    assert event.details["replaced"] == [old]


def test_rollback_and_rollback_again(tmp_path, ann):
    old = live(tmp_path)
    new = live(tmp_path, NEW)
    assert operations.rollback(dataset=DATASET, expected_release=new, by=ann.pk) == (old,)
    assert Release.objects.get(status="live").pk == old and Release.objects.get(status="retired").pk == new
    assert operations.rollback(dataset=DATASET) == (new,)
    assert kinds() == ["activated", "activated", "rolled_back", "rolled_back"]


def test_every_remembered_page_hangs_on_the_flip_back(tmp_path):
    live(tmp_path)
    live(tmp_path, NEW)
    before = live_generation()
    operations.rollback(dataset=DATASET)
    assert live_generation() != before


def test_nothing_to_roll_back_to_is_said(tmp_path, ann):
    with pytest.raises(operations.OperationDeclined, match="Nothing is in use"):
        operations.rollback(dataset=DATASET, by=ann.pk)
    live(tmp_path)
    with pytest.raises(operations.OperationDeclined, match="No earlier release was kept"):
        operations.rollback(dataset=DATASET, by=ann.pk)


def test_a_county_rolls_back_alone_and_its_cities_with_it(tmp_path):
    city = portal.build(tmp_path)
    before = sorted(CityTract.objects.values_list("geoid", "share"))
    boxes = {f"26163{6000 + i:06d}": (-83.10 + 0.005 * i, 42.30, 0.005, 0.01) for i in range(4)}
    run(files.tract_map(tmp_path / "many.geojson", boxes), commit=True, accept_losses=True)
    assert city.tracts.filter(geoid__startswith="261630060").exists()
    operations.rollback(dataset="tract_boundaries_2010", part="26163")
    assert sorted(CityTract.objects.values_list("geoid", "share")) == before


def test_two_places_keep_a_release_each_for_rollback(tmp_path):
    for step in (0, 1):
        for number in (1, 2):
            box = (-83.1 + step / 100, 42.3, 0.02, 0.02)
            portal.ingest(files.place_map(tmp_path / f"{step}{number}.geojson", f"260000{number}", "Town", box))
    for number in (1, 2):
        assert operations.rollback(dataset="place_boundaries", part=f"260000{number}")


def test_losses_are_asked_about_and_spelled_out(tmp_path, ann):
    old = live(tmp_path)
    report = staged(tmp_path, {"26163500100": "21000"})
    assert "would drop 3 rows" in report.sentence()
    with pytest.raises(operations.OperationDeclined, match="would drop 3 rows .*Nothing was changed"):
        activate(report.release_id, (old,), ann)
    activate(report.release_id, (old,), ann, accept_losses=True)
    assert LivePart.objects.get().release_id == report.release_id


def test_what_changed_since_the_person_looked_is_compared_afresh(tmp_path, ann):
    old = live(tmp_path)
    report = staged(tmp_path)
    newer = live(tmp_path, OLD | {"26163500100": "21000"})
    with pytest.raises(operations.OperationDeclined, match="have changed since you looked"):
        activate(report.release_id, (old,), ann)
    fresh = operations.release_comparison(report.release_id)
    assert fresh.against == (newer,) and fresh.measures[0].changed == 0
    activate(report.release_id, (newer,), ann)


def test_discarding_deletes_and_remembers(tmp_path, ann):
    live(tmp_path)
    report = staged(tmp_path)
    operations.discard(release_id=report.release_id, by=ann.pk, reason="Wrong file")
    assert not Release.objects.filter(pk=report.release_id).exists()
    event = ReleaseEvent.objects.first()
    assert (event.kind, event.release_id, event.reason) == ("discarded", report.release_id, "Wrong file")
    with pytest.raises(operations.OperationDeclined, match=r"was discarded by Ann on .* Nothing was changed now"):
        activate(report.release_id, (), ann)


def test_the_same_bytes_wait_once(tmp_path):
    path = files.shown_tract(tmp_path / "a.csv", NEW)
    assert run(path, mode=Mode.STAGE).release_id == run(path, mode=Mode.STAGE).release_id
    assert kinds() == ["staged"]


def test_refusals_are_in_the_history(tmp_path):
    run(files.write(tmp_path / "a.csv", ""), mode=Mode.STAGE)
    event = ReleaseEvent.objects.get()
    assert event.kind == "refused" and "empty" in event.reason and str(tmp_path) not in str(event.details)


@pytest.mark.parametrize("statement", ["UPDATE atlas_releaseevent SET reason = 'x'", "DELETE FROM atlas_releaseevent"])
def test_the_database_itself_refuses_to_rewrite_history(tmp_path, statement):
    live(tmp_path)
    with pytest.raises(Error, match="never changed or deleted"), transaction.atomic():
        connection.cursor().execute(statement)


def test_a_job_of_an_operator_waits_and_then_says_what_was_decided(tmp_path, ann):
    old = live(tmp_path)
    token = uuid4()
    path = files.shown_tract(tmp_path / "a.csv", NEW)
    named = {"path": path, "upload_name": "", "upload_folder": tmp_path, "make_live": False, "by": ann.pk}
    job, is_new = operations.create_import_job(job_id=token, **named)
    assert is_new and operations.create_import_job(job_id=token, **named) == (job, False)
    jobs.run_job(str(token))
    job.refresh_from_db()
    assert job.status == "staged" and job_counts().staged == 1
    activate(job.release_id, (old,), ann)
    assert "in use as version" in job_queries.job(token).sentence and job_queries.job(token).status == "done"


def test_make_live_at_once_still_asks_about_losses(tmp_path, ann):
    live(tmp_path)
    job = IngestJob.objects.create(
        path=str(files.shown_tract(tmp_path / "a.csv", {"26163500100": "1"})), requested_by=ann
    )
    jobs.run_job(str(job.pk))
    job.refresh_from_db()
    assert job.status == "staged" and "would drop 3 rows" in job.report["sentence"]


def test_an_upload_is_deleted_once_its_job_has_ended(tmp_path, ann):
    arrived = files.shown_tract(tmp_path / "arrived.part", NEW)
    job, _ = operations.create_import_job(
        path=arrived, upload_name="../../<b>.csv", upload_folder=tmp_path, job_id=uuid4(), make_live=False, by=ann.pk
    )
    place = Path(job.path)
    assert place.name == "b_.csv" and place.parent.parent == tmp_path and not arrived.exists()
    assert place.parent.name.startswith(str(job.pk))
    jobs.run_job(str(job.pk))
    assert not (tmp_path / str(job.pk)).exists()


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("../../x.csv", "x.csv"),
        ("<script>.csv", "script_.csv"),
        ("a\x00b.csv", "a_b.csv"),
        (".hidden", "hidden"),
        ("..\\..\\boot.ini", "boot.ini"),
        ("", "upload"),
        ("…", "upload"),
    ],
)
def test_names_are_safe_on_our_disk(name, safe):
    assert operations.safe_name(name) == safe


def test_long_names_are_cut_before_their_ending():
    assert (
        len(operations.safe_name("n" * 300 + ".csv")) == 120 and operations.safe_name("n" * 300 + ".csv")[-4:] == ".csv"
    )


@pytest.mark.django_db(transaction=True)
def test_two_operators_press_activate_at_once(tmp_path):
    people = [get_user_model().objects.create_user(f"{n}@example.org", "x", name=n) for n in ("Ann", "Bo")]
    old = live(tmp_path)
    report = staged(tmp_path)
    start, said, done = threading.Barrier(2), [], []

    def press(person):
        try:
            start.wait(5)
            done.append(activate(report.release_id, (old,), person))
        except operations.OperationDeclined as declined:
            said.append(str(declined))
        finally:
            connection.close()

    threads = [threading.Thread(target=press, args=(person,)) for person in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(done) == 1 and kinds().count("activated") == 2  # the first release, and one of the two
    assert len(said) == 1 and "was put in use by" in said[0]


@pytest.mark.django_db(transaction=True)
def test_a_decision_does_not_wait_for_a_long_import(tmp_path, ann, monkeypatch):
    monkeypatch.setattr(operations, "LOCK_TIMEOUT", "50ms")
    report = staged(tmp_path)
    holding, let_go = threading.Event(), threading.Event()

    def importing():
        with operations.locks.session_lock(operations.locks.DATASET, DATASET):
            holding.set()
            let_go.wait(5)
        connection.close()

    thread = threading.Thread(target=importing)
    thread.start()
    holding.wait(5)
    with pytest.raises(operations.OperationDeclined, match="under way"):
        activate(report.release_id, (), ann)
    let_go.set()
    thread.join()
    activate(report.release_id, (), ann)
