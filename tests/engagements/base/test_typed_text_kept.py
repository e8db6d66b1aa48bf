"""An ended session and a stale form give back what was typed, for every long form; nobody else’s form is sent on."""

import re
from html import unescape
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from engagements.base.sent_drafts_middleware import SENT
from engagements.models import Comment, ProgressEntry, QuarterlyUpdate, Record
from engagements.permissions import Role
from tests.factories.engagements import TODAY, MilestoneFactory, everybody, pair
from tests.factories.plans import make_plan
from tests.factories.results import make_desk

pytestmark = pytest.mark.django_db
WORDS = "Said <b>twice</b>,\nand “kept” — all of it"
LONG_FORMS = {
    "log": "/log/?kind=status",
    "call": "/log/?kind=call",
    "note": "/log/?kind=note",
    "decision": "/log/?kind=decision",
    "hours": "/log/?kind=hours",
    "comment": "/engagements/{slug}/comments/new/?milestone={milestone}",
    "record": "/engagements/{slug}/records/new/",
    "risk": "/engagements/{slug}/risks/new/",
    "update": "/engagements/{slug}/updates/new/",
    "update draft": "/updates/{update}/edit/",
    "milestone": "/engagements/{slug}/milestones/add/",
    "milestone edit": "/milestones/{milestone}/edit/",
    "question": "/requests/new/?engagement={slug}",
    "local note": "/cities/{city}/notes/new/",
    "project": "/engagements/{slug}/projects/new/",
    "result": "/results/{result}/edit/",
    "plan": "/plans/{plan}/edit/need/",
    "intervention": "/plans/{plan}/interventions/new/",
}


@pytest.fixture
def work():
    here, _ = pair()
    people = everybody(here)
    lead = people[Role.LEAD]
    made = {
        "slug": here.slug,
        "city": here.city.slug,
        "milestone": MilestoneFactory(engagement=here, status="in_progress", started_on=TODAY).pk,
        "update": QuarterlyUpdate.objects.create(engagement=here, year=2026, quarter=3, written_by=lead).pk,
        "plan": make_plan(here, lead).pk,
        "result": make_desk(here).draft().pk,
    }
    return lead, made


def sent_again(page: str) -> dict[str, list[str]]:
    """The hidden fields of the page’s form that sends it again, with its fresh token."""
    form = re.search(r'<form method="post" action="[^"]*"[^>]*>(?:(?!</form>).)*Send it again', page, re.S)
    assert form, "there is no form that sends it again"
    found: dict[str, list[str]] = {}
    for name, value in re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)"', form[0], re.S):
        found.setdefault(name, []).append(unescape(value))
    return found


@pytest.mark.parametrize("form", LONG_FORMS)
def test_without_a_session_it_comes_back_with_one_button_to_sign_in(work, form):
    _, made = work
    at = LONG_FORMS[form].format(**made)
    sent = {"body": WORDS, "pick": ["1", "2"], "submission": str(uuid4()), "csrfmiddlewaretoken": "secret-token"}
    page = Client().post(at, sent, headers={"referer": f"http://testserver{at}"})
    words = page.content.decode()
    assert page.status_code == 401 and "no-store" in page["Cache-Control"]
    assert "Said &lt;b&gt;twice&lt;/b&gt;,\nand “kept” — all of it" in words.replace("\r\n", "\n")
    assert words.count("data-resume=") == 1 and "secret-token" not in words
    again = sent_again(words)
    assert again["pick"] == ["1", "2"] and again["submission"] == [sent["submission"]]


@pytest.mark.parametrize("form", LONG_FORMS)
def test_a_stale_form_comes_back_and_is_sent_again_with_one_button(work, form):
    lead, made = work
    at = LONG_FORMS[form].format(**made)
    client = Client(enforce_csrf_checks=True)
    client.force_login(lead)
    page = client.post(at, {"body": WORDS, "csrfmiddlewaretoken": "x" * 64}, headers={"origin": "http://testserver"})
    words = page.content.decode()
    assert page.status_code == 403 and "no-store" in page["Cache-Control"] and "Said &lt;b&gt;twice" in words
    again = sent_again(words)
    assert again["body"] == [WORDS.replace("\n", "\r\n")] or again["body"] == [WORDS]
    taken = client.post(at, again, headers={"origin": "http://testserver"})
    assert taken.status_code in (302, 422)  # the token is good: the form itself speaks now


def test_a_stale_comment_is_saved_once_by_the_button(work):
    lead, made = work
    at = LONG_FORMS["comment"].format(**made)
    client = Client(enforce_csrf_checks=True)
    client.force_login(lead)
    typed = {"body": WORDS, "visibility": "team", "submission": str(uuid4()), "csrfmiddlewaretoken": "x" * 64}
    again = sent_again(client.post(at, typed, headers={"origin": "http://testserver"}).content.decode())
    for _ in range(2):
        assert client.post(at, again, headers={"origin": "http://testserver"}).status_code == 302
    assert Comment.objects.get().body == WORDS


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"origin": "http://testserver.evil.example"},
        {"sec-fetch-site": "cross-site", "origin": "http://testserver"},
        {"sec-fetch-site": "same-site"},
        {"referer": "https://evil.example/"},
        {},
    ],
)
def test_what_another_site_sent_cannot_be_sent_on(work, headers):
    lead, made = work
    client = Client(enforce_csrf_checks=True)
    client.force_login(lead)
    page = client.post("/log/", {"line": "Pay me", "milestone": made["milestone"]}, headers=headers)
    words = page.content.decode()
    assert page.status_code == 403 and "Pay me" in words and 'value="Pay me"' not in words
    assert "evil.example" not in words and not ProgressEntry.objects.exists()


def test_a_form_with_a_secret_is_never_written_into_a_page():
    sent = {"login": "ann@example.org", "password": "quiet-Harbour-42"}
    page = Client(enforce_csrf_checks=True).post("/accounts/login/", sent, headers={"origin": "http://testserver"})
    assert page.status_code == 403 and "quiet-Harbour-42" not in page.content.decode()


def test_a_file_is_said_to_be_missing(work):
    lead, made = work
    file = SimpleUploadedFile("a.txt", b"words")
    signed_out = Client().post("/log/?kind=file", {"file": file, "title": "The plan"}).content.decode()
    client = Client(enforce_csrf_checks=True)
    client.force_login(lead)
    file.seek(0)
    stale = client.post("/log/?kind=file", {"file": file, "title": "x"}, headers={"origin": "http://testserver"})
    assert all("a.txt" in page for page in (signed_out, stale.content.decode()))


def test_only_a_form_that_was_taken_lets_its_draft_go(work):
    lead, made = work
    client, key = Client(), str(uuid4())
    at = f"/engagements/{made['slug']}/records/new/"
    typed = {"kind": "note", "on": TODAY, "visibility": "team", "submission": uuid4(), "draft": key}
    assert SENT not in client.post(at, typed).cookies  # nobody is signed in
    client.force_login(lead)
    assert SENT not in client.post(at, typed).cookies  # the title is missing
    assert SENT not in client.post(at, typed | {"title": "A", "draft": "<script>"}).cookies
    taken = client.post(at, typed | {"title": "A", "submission": uuid4()})
    assert taken.cookies[SENT].value == key and Record.objects.filter(title="A").exists()
    assert client.post("/accounts/logout/").headers["Clear-Site-Data"] == '"storage"'


def test_a_page_names_its_person_only_to_that_person(work):
    lead, _ = work
    client = Client()
    assert "data-person" not in client.get("/").content.decode()
    client.force_login(lead)
    page = client.get("/log/").content.decode()
    assert f'data-person="{lead.pk}"' in page and "js/drafts.js" in page


def test_a_stale_form_of_an_ended_session_gets_the_page_of_an_ended_session(work):
    _, made = work
    at = LONG_FORMS["comment"].format(**made)
    typed = {"body": WORDS, "csrfmiddlewaretoken": "x" * 64}
    page = Client(enforce_csrf_checks=True).post(at, typed, headers={"origin": "http://testserver"})
    words = page.content.decode()
    assert page.status_code == 401 and "no-store" in page["Cache-Control"]
    assert words.count("data-resume=") == 1 and "Said &lt;b&gt;twice" in words and sent_again(words)["body"]
