"""What a device may keep of a person's pages, and when it must forget them."""

import json

import pytest
from django.contrib.messages import constants
from django.contrib.messages.storage.cookie import CookieStorage
from django.contrib.staticfiles import finders
from django.test import Client

from engagements.device.middleware import KEPT_BY_NOBODY, KEPT_FOR
from engagements.device.queries import stamp_of
from engagements.device.rules import may_keep
from engagements.models import EngagementRole
from engagements.permissions import Role
from tests.factories.engagements import TODAY, MilestoneFactory, UserFactory, everybody, give, pair

pytestmark = pytest.mark.django_db


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def is_there(address: str) -> bool:
    return bool(finders.find(address.removeprefix("/static/")))


def test_a_page_is_one_sessions_and_one_set_of_roles():
    here, there = pair()
    adviser = everybody(here)[Role.ADVISER]
    client = signed_in(adviser)
    stamp = client.get("/todo/")[KEPT_FOR]
    assert len(stamp) == 32 and client.get("/log/")[KEPT_FOR] == stamp == client.get("/device/").json()["stamp"]
    assert signed_in(adviser).get("/todo/")[KEPT_FOR] != stamp
    assert client.session.session_key not in stamp
    give(adviser, Role.ADVISER, there)
    both = client.get("/todo/")[KEPT_FOR]
    EngagementRole.objects.filter(user=adviser, engagement=there).update(ended_on=TODAY)
    assert both != stamp and client.get("/todo/")[KEPT_FOR] == client.get("/device/").json()["stamp"] == stamp


def test_strangers_pages_say_nobody_and_hold_no_script(client):
    for path in ("/", "/cities/", "/offline/", "/accounts/login/"):
        page = client.get(path)
        assert not page.has_header(KEPT_FOR) and b"device.js" not in page.content and b"manifest" not in page.content
    assert b"device.js" in signed_in(UserFactory()).get("/cities/").content


def test_pages_with_secrets_files_and_answers_are_kept_by_nobody():
    here, _ = pair()
    people = everybody(here)
    client = signed_in(people[Role.LEAD])
    milestone = MilestoneFactory(engagement=here)
    assert client.get("/me/")[KEPT_FOR] == client.get(f"/engagements/{here.slug}/people/")[KEPT_FOR] == KEPT_BY_NOBODY
    assert not client.get(f"/engagements/{here.slug}/milestones/export.csv").has_header(KEPT_FOR)
    assert not client.post("/log/", {"milestone": milestone.pk}).has_header(KEPT_FOR)
    assert not client.get("/milestones/999999/").has_header(KEPT_FOR)


def test_a_page_that_says_saved_is_not_kept():
    client = signed_in(UserFactory())
    request = client.get("/todo/").wsgi_request
    storage = CookieStorage(request)
    storage.add(constants.SUCCESS, "Saved.")
    answer = client.get("/cities/")
    assert answer[KEPT_FOR] != KEPT_BY_NOBODY
    storage.update(answer)
    client.cookies["messages"] = answer.cookies["messages"].value
    said = client.get("/cities/")
    assert "Saved." in said.content.decode() and said[KEPT_FOR] == KEPT_BY_NOBODY


def test_signing_out_clears_the_device():
    client = signed_in(UserFactory())
    assert client.post("/accounts/logout/").headers["Clear-Site-Data"] == '"storage"'


def test_the_device_learns_who_is_signed_in_and_gets_a_token():
    user = UserFactory()
    assert Client().get("/device/").json() == {"person": None}
    answer = signed_in(user).get("/device/")
    assert answer.json()["person"] == str(user.pk) and answer.json()["token"]
    assert answer["Cache-Control"] == "private, no-store"


def test_the_worker_is_the_releases_and_may_do_little(client, settings):
    answer = client.get("/worker.js")
    release = json.loads(answer.content.decode().partition("const RELEASE = ")[2].partition(";\n")[0])
    assert release["version"] == settings.CODE_VERSION and all(map(is_there, release["files"]))
    assert answer["Content-Type"] == "text/javascript; charset=utf-8" and answer["Cache-Control"] == "no-cache"
    assert "default-src 'none'" in answer["Content-Security-Policy"] and answer["X-Content-Type-Options"] == "nosniff"
    policy = client.get("/")["Content-Security-Policy"]
    assert "worker-src 'self'" in policy and "manifest-src 'self'" in policy


def test_the_manifest_names_icons_that_are_there_and_two_ways_in(client):
    answer = client.get("/manifest.webmanifest")
    data = answer.json()
    assert answer["Content-Type"] == "application/manifest+json" and (data["scope"], data["display"]) == (
        "/",
        "standalone",
    )
    assert {icon["sizes"] for icon in data["icons"] if icon.get("purpose") == "maskable"} == {"192x192", "512x512"}
    assert all(is_there(icon["src"]) for icon in data["icons"])
    assert [shortcut["url"] for shortcut in data["shortcuts"]] == ["/log/", "/todo/"]


@pytest.mark.parametrize(
    ("path", "kept"),
    [
        ("/", True),
        ("/milestones/7/", True),
        ("/cities/detroit/", True),
        ("/me/tokens/", False),
        ("/accounts/2fa/", False),
        ("/documents/3/", False),
        ("/engagements/detroit/milestones/import/", False),
        ("/engagements/detroit/people/invite/", False),
    ],
)
def test_which_pages_may_be_kept(path, kept):
    assert may_keep(path) is kept


def test_stamps_differ_by_session_role_and_place_not_by_order():
    roles = [("adviser", 1, 1), ("lead", None, 1)]
    stamp = stamp_of("a", frozenset(roles))
    assert stamp == stamp_of("a", frozenset(reversed(roles)))
    others = [
        stamp_of("b", frozenset(roles)),
        stamp_of("a", frozenset(roles[:1])),
        stamp_of("a", frozenset([("adviser", 2, 1), roles[1]])),
    ]
    assert len({stamp, *others}) == 4
