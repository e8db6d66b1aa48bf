"""The way in: dry run, flip, unchanged, losses, universe, boundaries by part, overlays."""

import threading

import pytest
from django.db import connection

from atlas.ingest import activation, overlays
from atlas.ingest.pipeline import run
from atlas.models import CityTract, LivePart, Release, Tract
from atlas.queries import cities as city_queries
from atlas.queries.cities import geometry
from tests.factories import files, portal

pytestmark = pytest.mark.django_db
VALUES = {"26163500100": "20055", "06037101110": "", "01001020100": "30000"}
SLUG = "kfr_pooled_pooled_p25_usd_2015"


def test_a_dry_run_writes_nothing(tmp_path):
    report = run(files.shown_tract(tmp_path / "a.csv", VALUES))
    assert report.outcome == "valid" and report.rows_kept == 3
    assert report.measures[0].rows_without_value == 1
    assert not Release.objects.exists() and not Tract.objects.exists()


def test_commit_makes_one_live_release_and_names_its_tracts(tmp_path):
    report = run(files.shown_tract(tmp_path / "a.csv", VALUES), commit=True)
    release = Release.objects.get()
    assert (report.outcome, release.status, release.rows_kept) == ("activated", "live", 3)
    assert LivePart.objects.get().release == release
    assert Tract.objects.get(geoid="06037101110").name == "Place 1110, MI"


def test_the_same_bytes_again_are_quiet_success(tmp_path):
    path = files.shown_tract(tmp_path / "a.csv", VALUES)
    run(path, commit=True)
    assert run(path, commit=True).outcome == "unchanged"
    assert Release.objects.count() == 1


def test_a_new_release_is_compared_and_the_old_one_kept_for_rollback(tmp_path):
    run(files.shown_tract(tmp_path / "a.csv", VALUES), commit=True)
    report = run(
        files.shown_tract(tmp_path / "b.csv", VALUES | {"26163500100": "20155", "06037101110": "5"}), commit=True
    )
    change = report.measures[0]
    assert (change.added, change.removed, change.changed, change.largest_change) == (1, 0, 1, 100.0)
    assert sorted(Release.objects.values_list("status", flat=True)) == ["live", "retired"]
    run(files.shown_tract(tmp_path / "c.csv", VALUES | {"26163500100": "1"}), commit=True)
    assert Release.objects.count() == 2, "one live, one for rollback"


def test_dropping_live_rows_is_refused_unless_accepted(tmp_path):
    run(files.shown_tract(tmp_path / "a.csv", VALUES), commit=True)
    fewer = files.shown_tract(tmp_path / "b.csv", {"26163500100": "1"})
    report = run(fewer, commit=True)
    assert report.refused and "drop 2 rows" in report.problems[0].reason
    assert run(fewer, commit=True, accept_losses=True).outcome == "activated"


def test_a_refused_file_touches_nothing(tmp_path):
    run(files.shown_tract(tmp_path / "a.csv", VALUES), commit=True)
    report = run(files.shown_tract(tmp_path / "b.csv", VALUES | {"26163500100": "n/k"}), commit=True)
    assert report.refused and report.problems[0].line == 2
    assert Release.objects.count() == 1


def test_a_run_killed_between_staging_and_flip_is_taken_up(tmp_path, monkeypatch):
    path = files.shown_tract(tmp_path / "a.csv", VALUES)

    class Killed(BaseException):
        pass

    def die(*args, **named):
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr("atlas.ingest.pipeline.activate", die)
        with pytest.raises(Killed):
            run(path, commit=True)
    assert Release.objects.get().status == "staged" and not LivePart.objects.exists()
    assert run(path, commit=True).outcome == "activated"
    assert Release.objects.get().status == "live"


def test_the_universe_is_the_union_of_what_was_ingested(tmp_path):
    run(files.shown_tract(tmp_path / "a.csv", VALUES), commit=True)
    run(files.shown_tract(tmp_path / "b.csv", {"72001956300": ".1"}, files.SHOWN["jail"]), commit=True)
    assert Tract.objects.count() == 4


def test_the_overlay_gives_shares_and_the_rule_that_made_them(tmp_path):
    city = portal.build(tmp_path)
    rows = {t.geoid: t for t in CityTract.objects.filter(city=city)}
    assert {g for g, t in rows.items() if t.belongs} == set(portal.CITY_TRACTS)
    assert rows["26163500300"].share == pytest.approx(0.6, abs=1e-3)
    assert rows[portal.OUTSIDE].share == pytest.approx(0.1, abs=1e-3)
    assert "half" in rows[portal.OUTSIDE].rule


def test_a_later_map_replaces_the_counties_it_holds_and_no_others(tmp_path):
    city = portal.build(tmp_path)
    other = files.tract_map(tmp_path / "b.geojson", {"26125000100": (-83.2, 42.3, 0.01, 0.01)})
    run(other, commit=True)
    assert LivePart.objects.filter(dataset="tract_boundaries_2010").count() == 2
    assert CityTract.objects.filter(city=city, belongs=True).count() == 3
    moved = files.tract_map(tmp_path / "c.geojson", {"26163500100": (-83.10, 42.30, 0.01, 0.01)})
    refused = run(moved, commit=True)
    assert refused.refused and "would drop 3 rows" in refused.problems[0].reason
    report = run(moved, commit=True, accept_losses=True)
    assert report.cities_remapped == (city.slug,)
    assert CityTract.objects.filter(city=city).count() == 1
    assert overlays.live_boundaries("tract_boundaries_2010").filter(part="26125").count() == 1


def test_the_city_map_is_stored_compressed_with_an_etag(tmp_path):
    import gzip
    import json

    city = portal.build(tmp_path)
    etag, packed, brotli = geometry(city_queries.city(city.slug))
    found = json.loads(gzip.decompress(packed))
    assert {f["id"] for f in found["features"]} == {*portal.CITY_TRACTS, portal.OUTSIDE, "outline"}
    assert len(etag) == 32 and len(brotli) < len(gzip.decompress(packed))


@pytest.mark.django_db(transaction=True)
def test_command_line_and_worker_never_activate_one_data_set_at_once(tmp_path, monkeypatch):
    """Two threads, two sessions: the second compares only when the first has flipped."""
    inside, most = 0, 0
    gate = threading.Lock()
    real = activation.activate

    def watched(*args, **named):
        nonlocal inside, most
        with gate:
            inside += 1
            most = max(most, inside)
        threading.Event().wait(0.15)
        try:
            return real(*args, **named)
        finally:
            with gate:
                inside -= 1

    monkeypatch.setattr("atlas.ingest.pipeline.activate", watched)
    reports = []

    def work(name, value):
        try:
            reports.append(run(files.shown_tract(tmp_path / name, VALUES | {"26163500100": value}), commit=True))
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=(f"{i}.csv", str(i))) for i in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == 1
    assert [r.outcome for r in reports] == ["activated"] * 3
    assert LivePart.objects.count() == 1
    assert sorted(r.measures[0].changed for r in reports)[1:] == [1, 1], "each saw what the one before had made live"
