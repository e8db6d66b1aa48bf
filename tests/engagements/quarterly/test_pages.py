"""Writing an update: the draft that exists is opened, a new one begins with the log and is kept while one types."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from bs4 import BeautifulSoup
from django.test import Client

from engagements.discussion.actions.records import add_record
from engagements.milestones.actions.milestones import change_milestone
from engagements.models import Activity, Participation, QuarterlyUpdate
from engagements.permissions import Role, Visibility
from engagements.quarterly.presenters import first_words
from engagements.quarterly.queries.log import quarter_log
from tests.factories.engagements import EngagementFactory, MilestoneFactory, everybody
from tests.factories.indicators import approved, make_indicator
from tests.factories.ledger import commitment

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 9, 20, 15, 0, tzinfo=UTC)
TODAY = NOW.date()
JSON = {"headers": {"Accept": "application/json"}}
PARTS = ("what_we_did", "what_we_learned", "what_we_changed", "what_we_need")


@pytest.fixture
def here():
    made = EngagementFactory(starts_on=date(2026, 1, 1))
    Participation.objects.create(engagement=made, status="active", began_on=date(2026, 1, 1), source="a test")
    return made


@pytest.fixture
def people(here):
    return everybody(here)


@pytest.fixture
def adviser(people):
    client = Client()
    client.force_login(people[Role.ADVISER])
    return client


def page_of(answer):
    return BeautifulSoup(answer.content, "html.parser")


def fields_of(page):
    form = page.select_one("form[data-autosave]")
    typed = {area["name"]: area.get_text().lstrip("\n") for area in form.select("textarea")}
    typed |= {field["name"]: field.get("value", "") for field in form.select("input[type=hidden]")}
    typed |= {each["name"]: each.select_one("[selected]")["value"] for each in form.select("select")}
    typed.pop("csrfmiddlewaretoken")
    return typed


def fill_the_log(here, people):
    lead, adviser = people[Role.LEAD], people[Role.ADVISER]
    MilestoneFactory(engagement=here, title="Scope signed", status="done", done_on=date(2026, 8, 3), due_on=TODAY)
    MilestoneFactory(engagement=here, title="Done before", status="done", done_on=date(2026, 6, 3), due_on=TODAY)
    late = MilestoneFactory(engagement=here, title="Data agreement", due_on=date(2026, 9, 1))
    moved = MilestoneFactory(engagement=here, title="Letters printed", due_on=date(2026, 10, 1))
    change_milestone(
        milestone=moved.pk,
        changes={"due_on": date(2026, 11, 2)},
        expected_version=moved.version,
        slip_reason="other",
        slip_words="The printer's secret trouble.",
        by=adviser,
        now=NOW,
    )
    for level, title in ((Visibility.ALL, "One appointment"), (Visibility.TEAM, "A team secret")):
        add_record(
            engagement=here.pk,
            kind="decision",
            title=title,
            on=date(2026, 7, 9),
            body="",
            visibility=level.value,
            by=adviser,
            now=NOW,
        )
    approved(make_indicator(here, lead), people)
    commitment(here, lead)
    return late


def test_the_log_of_a_quarter_becomes_its_first_words_and_keeps_the_teams_secrets(here, people):
    fill_the_log(here, people)
    log = quarter_log(here, 2026, 3, today=TODAY)
    assert [line.text for line in log.done] == ["Scope signed"]
    assert [line.text for line in log.late] == ["Data agreement"]
    assert [line.text for line in log.decisions] == ["One appointment"]
    assert [(line.name, line.words) for line in log.values] == [("Residents seen", "60 people")]
    assert all(line.amount > Decimal(0) for line in log.money)
    words = first_words(log)
    assert tuple(words) == PARTS and words["what_we_learned"] == ""
    assert "Scope signed (Aug 3, 2026)" in words["what_we_did"] and "60 people" in words["what_we_did"]
    assert "Data agreement, due Sep 1, 2026" in words["what_we_need"]
    text = "".join(words.values())
    assert "secret" not in text and "Done before" not in text


def test_a_new_update_begins_with_the_log(here, people, adviser):
    fill_the_log(here, people)
    page = page_of(adviser.get(f"/engagements/{here.slug}/updates/new/?quarter=20263"))
    typed = fields_of(page)
    assert typed["quarter"] == "2026-3" and "Scope signed" in typed["what_we_did"]


def test_the_draft_that_exists_is_opened_and_what_is_sent_in_is_read(here, people, adviser):
    made = QuarterlyUpdate.objects.create(engagement=here, year=2026, quarter=3, written_by=people[Role.ADVISER])
    address = f"/engagements/{here.slug}/updates/new/?quarter=20263"
    assert adviser.get(address)["Location"] == f"/updates/{made.pk}/edit/"
    QuarterlyUpdate.objects.filter(pk=made.pk).update(
        status="published", published_at=NOW, approved_by=people[Role.LEAD], approved_at=NOW
    )
    assert adviser.get(address)["Location"] == f"/updates/{made.pk}/"
    assert adviser.get(f"/engagements/{here.slug}/updates/new/?quarter=20999").status_code == 200


def test_what_is_typed_is_kept_by_the_script_without_a_flood_in_the_feed(here, people, adviser):
    address = f"/engagements/{here.slug}/updates/new/?quarter=20263"
    typed = fields_of(page_of(adviser.get(address))) | {"what_we_did": "First words."}
    kept = adviser.post(address, typed, **JSON).json()
    made = QuarterlyUpdate.objects.get(engagement=here)
    assert kept == {"version": made.version, "action": f"/updates/{made.pk}/edit/"}
    for number in range(3):
        typed |= {"version": kept["version"], "what_we_did": f"More words {number}."}
        kept = adviser.post(kept["action"], typed, **JSON).json()
    made.refresh_from_db()
    assert (made.what_we_did, made.version, made.status) == ("More words 2.", kept["version"], "draft")
    assert Activity.objects.filter(noun="quarterlyupdate").count() == 1
    # Two at one draft: the second is told, and the draft stays.
    stale = adviser.post(kept["action"], typed | {"version": 1, "what_we_did": "Other words."}, **JSON)
    made.refresh_from_db()
    assert stale.status_code == 409 and made.what_we_did == "More words 2."
    long = adviser.post(kept["action"], typed | {"what_we_did": "x" * 20_001, "version": made.version}, **JSON)
    assert long.status_code == 422 and "what_we_did" in long.json()["problems"]


def test_the_button_saves_without_a_script(here, adviser):
    address = f"/engagements/{here.slug}/updates/new/?quarter=20263"
    typed = fields_of(page_of(adviser.get(address))) | {"what_we_learned": "That it helps to ask."}
    made = adviser.post(address, typed)
    assert made.status_code == 302
    update = QuarterlyUpdate.objects.get(engagement=here)
    page = page_of(adviser.get(f"/updates/{update.pk}/edit/"))
    assert page.select_one("form[data-autosave] button[type=submit]")
    assert fields_of(page)["what_we_learned"] == "That it helps to ask."
    again = adviser.post(address, typed | {"submission": "6f1c2d7e-5a43-4c8e-9a55-5bb6d6bd9b0a"})
    assert again.status_code == 422 and QuarterlyUpdate.objects.count() == 1


@pytest.mark.parametrize("role", [Role.EXPERT, Role.LOCAL_PARTNER, Role.FUNDER])
def test_others_write_none(here, people, role):
    client = Client()
    client.force_login(people[role])
    address = f"/engagements/{here.slug}/updates/new/"
    assert client.get(address).status_code == 403
    assert client.post(address, {"quarter": "2026-3"}, **JSON).status_code == 403
    assert not QuarterlyUpdate.objects.exists()
    assert timedelta(0) < NOW - datetime(2026, 1, 1, tzinfo=UTC)
