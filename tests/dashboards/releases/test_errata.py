"""The page of corrections and its JSON: what a flip, a rollback and an entry leave for readers, for good."""

from uuid import uuid4

import pytest
from django.contrib.auth import get_user_model

from atlas.errata import formula_changes
from atlas.ingest import operations
from atlas.ingest.pipeline import Mode, run
from atlas.models import Release
from atlas.queries.errata import NO_REASON
from tests.factories import context, files

pytestmark = pytest.mark.django_db
OLD = {"26163500100": "20000", "26163500200": "30000", "06037101110": "", "01001020100": "30000"}
NEW = OLD | {"26163500100": "21000", "26163500200": "30100"}
DATASET = "shown_tract_kfr_rP_gP_p25"


def live(tmp_path, values, **named):
    return run(files.shown_tract(tmp_path / f"{uuid4().hex}.csv", values), mode=Mode.ACTIVATE, **named).release_id


def releases(client):
    return [one for one in client.get("/api/v1/errata/").json()["results"] if one["kind"] == "release"]


def test_a_first_release_corrects_nothing(tmp_path, client):
    live(tmp_path, OLD)
    assert releases(client) == []


def test_changed_values_say_old_new_date_and_reason(tmp_path, client):
    old, new = live(tmp_path, OLD), live(tmp_path, NEW, reason="The source corrected Detroit.")
    (found,) = releases(client)
    (value,) = found["values"]
    assert (value["old"], value["new"], value["unit"]) == ("20000.0", "21000.0", "usd_2015")
    assert "26163500100" in value["of"] and "largest of 2 changes" in value["of"]
    assert found["reason"] == "The source corrected Detroit." and found["changed"] == 2
    assert f"Release {new} answers in place of release {old}" in found["what"]
    page = client.get("/data/errata/").content.decode()
    assert "$20,000" in page and "$21,000" in page and "The source corrected Detroit." in page
    assert 'href="/data/errata/"' in client.get("/data/").content.decode()


def test_it_stays_when_both_releases_are_gone(tmp_path, client):
    live(tmp_path, OLD)
    live(tmp_path, NEW)
    for rent in ("22000", "23000"):
        live(tmp_path, NEW | {"26163500100": rent})
    assert Release.objects.filter(dataset=DATASET).count() == 2
    assert [one["values"][0]["old"] for one in releases(client)] == ["22000.0", "21000.0", "20000.0"]
    assert {one["reason"] for one in releases(client)} == {NO_REASON}


def test_a_rollback_is_the_change_the_other_way_round(tmp_path, client):
    old, new = live(tmp_path, OLD), live(tmp_path, NEW)
    operations.rollback(dataset=DATASET, reason="It was the wrong file")
    back, _ = releases(client)
    assert (back["values"][0]["old"], back["values"][0]["new"]) == ("21000.0", "20000.0")
    assert back["reason"] == "It was the wrong file"
    assert f"Release {old} answers in place of release {new}" in back["what"]


def test_a_release_made_live_in_the_browser_tells_its_reason(tmp_path, client):
    old = live(tmp_path, OLD)
    staged = run(files.shown_tract(tmp_path / "staged.csv", NEW), mode=Mode.STAGE).release_id
    ann = get_user_model().objects.create_user("ann@example.org", "quiet-Harbour-42", name="Ann", is_staff=True)
    operations.activate(
        release_id=staged, compared_with=(old,), accept_losses=False, by=ann.pk, reason="Seen by two people"
    )
    (found,) = releases(client)
    assert found["reason"] == "Seen by two people" and "Ann" not in str(found)


def test_a_series_says_place_and_period(tmp_path, client):
    rows = context.MOBILITY_ROWS
    run(context.mobility(tmp_path / "a.csv"), commit=True)
    run(context.mobility(tmp_path / "b.csv", (*rows[:2], rows[2].replace(",0.5,", ",0.4,"))), commit=True)
    (found,) = releases(client)
    (value,) = found["values"]
    assert value["of"] == "People in poverty who live in high-poverty tracts, at 2677777, 2022-01-01 (the one change)"
    assert (value["old"], value["new"]) == ("0.5", "0.4")
    assert "50.0%" in client.get("/data/errata/").content.decode()


def test_a_formula_stands_with_the_releases(tmp_path, client, monkeypatch):
    (tmp_path / "2026-11-29-gap.toml").write_text(
        'formula = "Gap"\nwhat = "Like with like."\nreason = "It was not."\nwhere = ["City page"]\n'
        '[[values]]\nof = "Detroit"\nunit = "percentiles"\nold = "0.4"\nnew = "11.5"\n',
        "utf-8",
    )
    entries = formula_changes.formula_changes(tmp_path)
    monkeypatch.setattr("atlas.queries.errata.formula_changes", lambda: entries)
    page = client.get("/data/errata/").content.decode()
    assert "Formula: Gap" in page and "11.5" in page and "November 29, 2026" in page
    (found,) = client.get("/api/v1/errata/").json()["results"]
    assert found["kind"] == "formula" and found["release_id"] is None and found["dataset"] == ""


def test_without_any_change_the_page_says_so(client, monkeypatch):
    monkeypatch.setattr("atlas.queries.errata.formula_changes", lambda: ())
    page = client.get("/data/errata/").content.decode()
    assert 'class="empty"' in page and "<table" not in page
