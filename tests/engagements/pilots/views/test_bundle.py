"""The bundle: a stranger finds the same number from it alone."""

import io
import json
import subprocess
import sys
import time
import zipfile
from dataclasses import replace
from datetime import UTC, date, datetime
from threading import Barrier, Thread

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.cache import cache
from django.db import connection

from engagements.models import PilotDataset
from engagements.permissions import Role
from engagements.pilots.actions.deletion import delete_dataset
from engagements.pilots.queries import bundle, bundle_offer
from engagements.pilots.queries.dataset_tables import table_of
from engagements.pilots.rules.reading import DataRefused
from engagements.pilots.rules.released import plain_tables, release
from tests.engagements.pilots.actions.test_datasets import agreed, bring
from tests.engagements.pilots.drawn_pilot import make_drawn, rows
from tests.engagements.pilots.made_registration import MADE
from tests.engagements.pilots.views.test_verdict import get
from tests.engagements.pilots.worked_pilot import COLUMNS, NOW, Worked, analyze, give, lock_plan, make_worked, publish
from tests.factories.pilots import make_pilot

pytestmark = pytest.mark.django_db


def test_a_stranger_reproduces_the_number_with_the_command_and_the_bundle_alone(client, tmp_path):
    worked = make_worked()
    analysis = analyze(worked)
    address = f"/pilots/{worked.pilot.pk}/bundle.zip"
    assert get(client, worked.person(Role.LEAD), address).status_code == 404, "not before it is published"
    publish(worked)
    answer = get(client, None, address)
    assert answer["Content-Type"] == "application/zip"
    assert get(client, None, address).content == answer.content
    zipfile.ZipFile(io.BytesIO(answer.content)).extractall(tmp_path)
    command = [sys.executable, "manage.py", "analyze_pilot", tmp_path / "spec.toml", tmp_path / "data.csv", "--json"]
    out = subprocess.run(command, capture_output=True, text=True, check=True, timeout=120).stdout
    found, told = json.loads(out), analysis.result
    assert found["value"] == told["primary"]["value"]
    assert found["interval"] == [told["shown_low"], told["shown_high"]]
    assert (found["verdict"], found["sentence"]) == (told["verdict"], told["sentence"])
    assert (tmp_path / "registration.json").read_text() == worked.version.content


def test_small_groups_leave_only_as_sums(client):
    blocks = {
        "arm": ["usual", "usual", "coaching", "coaching"],
        "block": ["east", "west", "east", "west"],
        "n": [4, 1976, 1010, 1010],
        "total": [1, 791, 464, 465],
    }
    worked = make_worked(columns=blocks)
    analyze(worked)
    publish(worked)
    content = get(client, None, f"/pilots/{worked.pilot.pk}/bundle.zip").content
    data = zipfile.ZipFile(io.BytesIO(content)).read("data.csv").decode()
    assert "east" not in data and "1980" in data


def test_a_limit_that_was_amended_holds_for_the_counts_of_the_bundle_too(client):
    """20 people in a block: the page of the data hides them since the limit is 30, and the bundle gives sums by arm."""
    blocks = {
        "arm": ["usual", "usual", "coaching", "coaching"],
        "block": ["east", "west", "east", "west"],
        "n": [20, 1960, 1010, 1010],
        "total": [10, 782, 464, 465],
    }
    worked = make_worked(columns=blocks)
    analyze(worked)
    publish(worked)

    def data() -> str:
        content = get(client, None, f"/pilots/{worked.pilot.pk}/bundle.zip").content
        return zipfile.ZipFile(io.BytesIO(content)).read("data.csv").decode()

    assert "east" in data() and "1980" not in data()
    strict = replace(MADE, limits=replace(MADE.limits, smallest_cell=30))
    lock_plan(worked.desk, strict, at=NOW, reason="The city asks for more.")
    assert "east" not in data() and "1980" in data()


@pytest.mark.parametrize("is_kept", (False, True), ids=("counted anew", "as released when the data came"))
def test_a_bundle_that_an_amendment_closed_is_not_offered_and_the_page_says_why(client, is_kept):
    """1,980 people in an arm, and no group under 2,000 is shown any more: not even sums by arm may leave."""
    primary = table_of(PilotDataset(kind="aggregates", content=COLUMNS), MADE).outcomes["had_job"]
    kept = {"released": plain_tables(release(primary, MADE).tables)} if is_kept else {}
    desk = make_pilot(title=MADE.title)
    worked = Worked(desk, lock_plan(desk), give(desk, checks=kept))
    analyze(worked)
    publish(worked)
    page = f"/pilots/{worked.pilot.pk}/"
    assert "bundle.zip" in get(client, None, page).content.decode()
    strict = replace(MADE, limits=replace(MADE.limits, smallest_cell=2000))
    lock_plan(worked.desk, strict, at=NOW, reason="The city asks for more.")
    assert get(client, None, f"{page}bundle.zip").status_code == 404
    text = get(client, None, page).content.decode()
    assert "bundle.zip" not in text
    assert "they would tell of fewer than 2,000 people. An amendment of the plan set this limit." in text


@pytest.mark.parametrize("problem", (FileNotFoundError("gone"), DataRefused("not as it was")), ids=("gone", "refused"))
def test_a_page_whose_data_can_not_be_read_offers_no_bundle_and_says_nothing_of_counts(client, monkeypatch, problem):
    """A database that came back without its files, for example."""
    worked = make_worked()
    analyze(worked)
    publish(worked)
    lock_plan(worked.desk, replace(MADE, smallest_worthwhile=1.0), at=NOW, reason="We would take less.")

    def unreadable(*asked):
        raise problem

    with monkeypatch.context() as broken:
        broken.setattr(bundle_offer, "table_of", unreadable)
        answer = get(client, None, f"/pilots/{worked.pilot.pk}/")
    text = answer.content.decode()
    assert answer.status_code == 200 and "bundle.zip" not in text and "fewer than" not in text
    # Not kept: once the file is back, so is the link.
    assert "bundle.zip" in get(client, None, f"/pilots/{worked.pilot.pk}/").content.decode()


def test_an_amendment_that_changes_no_limit_closes_no_bundle(client):
    worked = make_worked()
    analyze(worked)
    publish(worked)
    lock_plan(worked.desk, replace(MADE, smallest_worthwhile=1.0), at=NOW, reason="We would take less.")
    page = f"/pilots/{worked.pilot.pk}/"
    assert "bundle.zip" in get(client, None, page).content.decode()
    assert get(client, None, f"{page}bundle.zip").status_code == 200


def test_without_its_data_there_is_no_bundle(client):
    worked = make_worked(columns=COLUMNS)
    analyze(worked)
    publish(worked)
    worked.pilot.datasets.update(content=None, deleted_at="2028-02-01T00:00Z", deleted_why="Its day came.")
    page = f"/pilots/{worked.pilot.pk}/"
    assert get(client, None, f"{page}bundle.zip").status_code == 404
    assert "bundle.zip" not in get(client, None, page).content.decode()


def test_it_is_made_once_and_made_anew_when_something_changes(client, monkeypatch):
    made = []
    build = bundle.build_bundle
    monkeypatch.setattr(bundle, "build_bundle", lambda content: made.append(1) or build(content))
    worked = make_worked()
    analyze(worked)
    publish(worked)
    address = f"/pilots/{worked.pilot.pk}/bundle.zip"
    first = [get(client, None, address).content for _ in range(2)]
    assert first[0] == first[1] and len(made) == 1
    lock_plan(worked.desk, replace(MADE, smallest_worthwhile=1.0), at=NOW, reason="We would take less.")
    assert get(client, None, address).content != first[0]
    assert len(made) == 2


def test_with_its_data_the_kept_bundle_goes(client, django_capture_on_commit_callbacks):
    worked = make_worked()
    analyze(worked)
    publish(worked)
    assert get(client, None, f"/pilots/{worked.pilot.pk}/bundle.zip").status_code == 200
    kept = bundle.bundle_key(worked.data.pk)
    assert cache.get(kept)
    with django_capture_on_commit_callbacks(execute=True):
        delete_dataset(pk=worked.data.pk, why="The city asked.", by=worked.desk.staff, now=NOW)
    assert cache.get(kept) is None
    assert get(client, None, f"/pilots/{worked.pilot.pk}/bundle.zip").status_code == 404


def test_counts_that_the_page_hides_are_in_no_bundle_and_the_verdict_says_why(client):
    """Few had the outcome: the page of the data hides the events, so nobody downloads them."""
    few = COLUMNS | {"total": [4, 929]}
    primary = table_of(PilotDataset(kind="aggregates", content=few), MADE).outcomes["had_job"]
    desk = make_pilot(title=MADE.title)
    kept = {"released": plain_tables(release(primary, MADE).tables)}
    worked = Worked(desk, lock_plan(desk), give(desk, few, checks=kept))
    analyze(worked)
    publish(worked)
    address = f"/pilots/{worked.pilot.pk}/"
    assert get(client, None, f"{address}bundle.zip").status_code == 404
    text = get(client, None, address).content.decode()
    assert "bundle.zip" not in text and "they would tell of fewer than 10 people" in text


@pytest.mark.django_db(transaction=True)
def test_a_crowd_has_one_bundle_made(monkeypatch):
    """Making it repeats the whole analysis: strangers who ask at once wait for one maker."""
    worked = make_worked()
    analyze(worked)
    publish(worked)
    made, barrier, found = [], Barrier(4), []

    def build(content):
        made.append(1)
        time.sleep(0.05)
        return b"one bundle"

    def ask():
        try:
            barrier.wait()
            found.append(bundle.bundle_of(AnonymousUser(), worked.pilot.pk, "/"))
        finally:
            connection.close()

    monkeypatch.setattr(bundle, "build_bundle", build)
    threads = [Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [b"one bundle"] * 4 and len(made) == 1


def test_data_that_are_deleted_while_their_bundle_is_made_leave_none(client, monkeypatch):
    """The deletion finds no bundle to delete yet; what is made after it is neither kept nor given."""
    worked = make_worked()
    analyze(worked)
    publish(worked)
    build = bundle.build_bundle

    def deleted_meanwhile(content):
        made = build(content)
        delete_dataset(pk=worked.data.pk, why="The city asked.", by=worked.desk.staff, now=NOW)
        return made

    monkeypatch.setattr(bundle, "build_bundle", deleted_meanwhile)
    assert get(client, None, f"/pilots/{worked.pilot.pk}/bundle.zip").status_code == 404
    assert cache.get(bundle.bundle_key(worked.data.pk)) is None


def test_rows_are_given_until_the_day_of_their_deletion_also_while_beat_stands_still(client, monkeypatch):
    desk = make_drawn()
    delete_on = date(2028, 6, 30)
    data = bring(desk, rows(), agreement=agreed(desk, delete_on=delete_on, rows_in_bundle=True))
    worked = Worked(desk, desk.pilot.versions.get(), data)
    analyze(worked)
    publish(worked)
    page = f"/pilots/{worked.pilot.pk}/"
    for day, status in ((29, 200), (30, 404)):
        monkeypatch.setattr(bundle.timezone, "now", lambda day=day: datetime(2028, 6, day, 0, 30, tzinfo=UTC))
        answer = get(client, None, f"{page}bundle.zip")
        assert answer.status_code == status
        shown = get(client, None, page).content.decode()
        assert ("bundle.zip" in shown) == (status == 200)
        assert "are not given out" not in shown
        if status == 200:
            lines = zipfile.ZipFile(io.BytesIO(answer.content)).read("data.csv").decode().splitlines()
            assert len(lines) == 81


def test_nothing_beside_the_counts_gives_back_what_they_hide(client):
    """4 of 400 had the outcome and 3 were lost: neither the API nor the archive says it."""
    few = {"arm": ["usual", "coaching"], "n": [400, 2020], "total": [4, 929], "assigned": [403, 2060]}
    worked = make_worked(columns=few)
    analyze(worked)
    publish(worked)
    told = get(client, None, f"/api/v1/pilots/{worked.pilot.pk}/").json()["finding"]
    assert [one["mean"] for one in told["arms"]] == [one["assigned"] for one in told["arms"]] == [None, None]
    assert told["primary"]["details"].keys() == {"quantile"} and told["attrition"]["lost"] == {}
    assert told["sample_ratio"]["came"] == {} and told["primary"]["value"] == pytest.approx(100 * (929 / 2020 - 0.01))


def test_an_archive_without_the_lost_has_no_sizes_drawn(client, monkeypatch):
    worked = make_worked(columns=COLUMNS | {"assigned": [1983, 2060]})
    facts = bundle.facts_of
    drawn = {"usual": 1983.0, "coaching": 2060.0}
    monkeypatch.setattr(bundle, "facts_of", lambda *given: replace(facts(*given), drawn=drawn))
    analyze(worked)
    publish(worked)
    archive = zipfile.ZipFile(io.BytesIO(get(client, None, f"/pilots/{worked.pilot.pk}/bundle.zip").content))
    spec, expected = archive.read("spec.toml").decode(), json.loads(archive.read("expected.json"))
    assert "drawn" not in spec and "assigned" not in archive.read("data.csv").decode().splitlines()[0]
    assert expected["attrition"]["lost"] == {} and expected["attrition"]["gap"] is None
