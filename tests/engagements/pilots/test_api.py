"""Pilots by API: published ones for everybody with the published numbers, the rest for their team alone."""

import hashlib
import io
import re
import zipfile
from dataclasses import replace

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from engagements.permissions import Role
from engagements.pilots.rules.registration import Subgroup
from engagements.pilots.rules.stored_finding import finding_of
from engagements.results.actions.results import move_result
from tests.engagements.pilots.made_registration import MADE
from tests.engagements.pilots.worked_pilot import NOW, analyze, make_worked, publish

pytestmark = pytest.mark.django_db
BASE = "/api/v1/pilots/"


@pytest.fixture
def worked():
    return make_worked()


def as_(person=None) -> Client:
    client = Client()
    if person:
        client.force_login(person)
    return client


def test_strangers_see_a_pilot_when_it_is_published(worked):
    analyze(worked)
    assert as_().get(BASE).json()["results"] == []
    assert as_().get(f"{BASE}{worked.pilot.pk}/").status_code == 404
    row = publish(worked)
    (shown,) = as_().get(BASE).json()["results"]
    assert (shown["verdict"], shown["sentence"], shown["effect"]) == ("worked", row.sentence, row.effect)
    assert (shown["low"], shown["high"], shown["level"], shown["unit"]) == (row.low, row.high, 95, "percentage points")
    assert (shown["result"], shown["registered_before_data"], shown["state"]) == (row.pk, True, "published")
    assert shown["design_kind"] == "people" and shown["smallest_worthwhile"] == 4


def test_the_team_sees_it_before_without_a_verdict(worked):
    analyze(worked)
    (shown,) = as_(worked.desk.staff).get(BASE).json()["results"]
    assert (shown["state"], shown["verdict"], shown["effect"], shown["sentence"]) == ("analyzed", None, None, "")


@pytest.mark.parametrize("role", [Role.LOCAL_PARTNER, Role.FUNDER])
def test_others_of_the_engagement_do_not(worked, role):
    analyze(worked)
    assert as_(worked.person(role)).get(BASE).json()["results"] == []


def test_one_has_its_plan_its_versions_and_the_whole_finding(worked):
    found = finding_of(analyze(worked).result)
    publish(worked)
    shown = as_().get(f"{BASE}{worked.pilot.pk}/").json()
    assert shown["registration"]["outcome"]["name"] == shown["outcome"]
    (version,) = shown["versions"]
    kept = worked.pilot.versions.get()
    assert version["sha256"] == kept.sha256 == hashlib.sha256(kept.content.encode()).hexdigest()
    told = finding_of(shown["finding"])
    assert replace(told, specifications=()) == replace(found, specifications=())
    assert told.specifications[0].answer.value == found.specifications[0].answer.value


def test_page_api_and_file_count_nobody_few():
    """Four people of an age group were offered coaching, and nobody reads that it were four."""
    plan = replace(MADE, subgroups=(Subgroup("age", ("under 25", "older"), "The young look for work."),))
    columns = {
        "arm": ["usual", "usual", "coaching", "coaching"],
        "age": ["under 25", "older", "under 25", "older"],
        "n": [400, 1580, 4, 2016],
        "total": [150, 642, 2, 927],
    }
    worked = make_worked(plan, columns)
    analyze(worked)
    publish(worked)
    page = f"/pilots/{worked.pilot.pk}/"
    texts = [as_().get(one).content.decode() for one in (page, f"{page}estimates.csv", f"{BASE}{worked.pilot.pk}/")]
    for text in texts:
        assert "fewer than 10 people" in text and not re.search(r"\b[1-9] (people|person)\b", text)


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("verdict=worked", 1),
        ("verdict=did_not_work", 0),
        ("state=published", 1),
        ("state=draft", 0),
        ("city=nowhere", 0),
        ("engagement=999999", 0),
    ],
)
def test_filters(worked, query, count):
    analyze(worked)
    publish(worked)
    assert len(as_().get(f"{BASE}?{query}").json()["results"]) == count


@pytest.mark.parametrize("query", ["verdict=great", "state=done", "typo=1"])
def test_what_is_no_filter_is_refused(worked, query):
    assert as_().get(f"{BASE}?{query}").status_code == 400


def test_the_same_statements_for_one_and_for_several(worked):
    person = as_(worked.desk.staff)
    analyze(worked)
    publish(worked)
    with CaptureQueriesContext(connection) as one:
        assert len(person.get(BASE).json()["results"]) == 1
    other = make_worked()
    analyze(other)
    publish(other)
    with CaptureQueriesContext(connection) as two:
        assert len(person.get(BASE).json()["results"]) == 2
    assert len(two) <= len(one)


def test_a_retracted_verdict_is_marked_wherever_it_goes(worked):
    """It stays readable, with its reason; no filter finds it and no picture shows it."""
    analyze(worked)
    row = publish(worked)
    page = f"/pilots/{worked.pilot.pk}/"
    first = as_().get(f"{page}bundle.zip").content
    (standing,) = as_().get(f"{BASE}?verdict=worked").json()["results"]
    assert (standing["is_retracted"], standing["why"]) == (False, "")
    assert as_().get(f"{page}effect.svg").status_code == 200
    why = "=One file was counted twice."
    move_result(pk=row.pk, status="retracted", expected_version=row.version, by=worked.desk.expert, now=NOW, why=why)
    assert as_().get(f"{BASE}?verdict=worked").json()["results"] == []
    (shown,) = as_().get(BASE).json()["results"]
    assert (shown["is_retracted"], shown["why"], shown["verdict"]) == (True, why, "worked")
    assert as_().get(f"{page}effect.svg").status_code == as_().get(f"{page}effect.png").status_code == 404
    assert "effect.svg" not in as_().get(page).content.decode()
    assert as_().get(f"{page}estimates.csv").content.decode().splitlines()[1].startswith(f"retracted,'{why},")
    again = as_().get(f"{page}bundle.zip").content
    read = zipfile.ZipFile(io.BytesIO(again)).read("README.txt").decode()
    assert again != first and f"RETRACTED: {why}" in read
