"""Where one is signed in, what ends it, and what a shared computer keeps."""

import time
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from engagements.models import AccessToken, SecurityEvent, User, UserSession
from engagements.people.actions.roles import end_role
from engagements.people.actions.tokens import make_access_token
from engagements.permissions import Role
from engagements.sessions.actions import SEEN, end_sessions, forget_ended_sessions
from engagements.sessions.rules import is_to_note, is_too_old
from tests.factories.engagements import PASSWORD, EngagementFactory, member

pytestmark = pytest.mark.django_db
LOGIN = "/accounts/login/"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


@pytest.fixture
def ann():
    return User.objects.create_user("ann@city.gov", PASSWORD, name="Ann")


def sign_in(**also) -> Client:
    client = Client(HTTP_USER_AGENT=FIREFOX)
    assert client.post(LOGIN, {"login": "ann@city.gov", "password": PASSWORD} | also).status_code == 302
    return client


def is_in(client) -> bool:
    return client.get("/me/").status_code == 200


def test_the_list_shows_each_browser_and_one_of_them_ends(ann):
    here, there = sign_in(), sign_in()
    rows = here.get("/me/sessions/").context["sessions"]
    assert [(row.is_this, row.browser) for row in rows] == [(True, "Firefox on Linux"), (False, "Firefox on Linux")]
    assert here.post(f"/me/sessions/{rows[1].pk}/end/").status_code == 302
    assert is_in(here) and not is_in(there)
    other = User.objects.create_user("bea@city.gov", PASSWORD)
    stranger = Client()
    stranger.force_login(other)
    assert stranger.post(f"/me/sessions/{rows[0].pk}/end/").status_code == 404 and is_in(here)


def test_sign_out_everywhere_ends_sessions_nobody_wrote_down_too(ann):
    here, there, unknown = sign_in(), sign_in(), sign_in()
    UserSession.objects.filter(session_key=unknown.session.session_key).delete()
    assert here.post("/me/sessions/end/").status_code == 302
    assert [is_in(each) for each in (here, there, unknown)] == [True, False, False]
    assert UserSession.objects.get().session_key == here.session.session_key
    assert SecurityEvent.objects.filter(kind="sessions_ended", actor=ann, subject=ann).count() == 1


def test_a_new_password_ends_every_other_session(ann):
    here, there = sign_in(), sign_in()
    sent = {"oldpassword": PASSWORD, "password1": "another-long-pass-9", "password2": "another-long-pass-9"}
    assert here.post("/accounts/password/change/", sent).status_code == 302
    assert is_in(here) and not is_in(there)
    assert UserSession.objects.filter(user=ann).count() == 1


def test_signing_out_takes_the_row_away(ann):
    client = sign_in()
    client.post("/accounts/logout/")
    assert not UserSession.objects.exists()


def test_who_loses_the_last_role_is_signed_out_and_their_keys_end():
    place = EngagementFactory()
    lead, expert = member(Role.LEAD, place), member(Role.EXPERT, place)
    kept = member(Role.EXPERT, place)
    now = timezone.now()
    make_access_token(name="x", scopes=["read"], expires_at=now + timedelta(days=9), by=expert, now=now)
    clients = {}
    for person in (lead, expert, kept):
        clients[person.pk] = Client()
        clients[person.pk].force_login(person)
    end_role(role=expert.roles.get().pk, by=lead, now=now)
    assert [is_in(clients[person.pk]) for person in (lead, expert, kept)] == [True, False, True]
    assert not AccessToken.objects.valid(now).exists()


def test_a_shared_computer_signs_out_after_half_an_hour_and_keeps_nothing(ann, settings):
    client = sign_in(shared_computer="1")
    assert client.cookies["sessionid"]["max-age"] == "" and UserSession.objects.get().is_shared
    page = client.get("/me/").content.decode()
    assert "manifest" not in page and "device.js" not in page and "drafts.js" not in page
    session = client.session
    session[SEEN] = time.time() - 31 * 60
    session.save()
    assert not is_in(client)
    own = sign_in()
    assert own.cookies["sessionid"]["max-age"] == settings.SESSION_COOKIE_AGE
    session = own.session
    session[SEEN] = time.time() - 31 * 60
    session.save()
    assert is_in(own), "on one's own computer nothing happens"
    assert "device.js" in own.get("/me/").content.decode()


def test_a_page_of_a_shared_computer_is_kept_by_no_device(ann):
    place = EngagementFactory()
    member(Role.EXPERT, place)
    shared, own = sign_in(shared_computer="1"), sign_in()
    for client in (shared, own):
        client.get("/todo/")  # the greeting is said once, and such a page nobody keeps
    assert shared.get("/todo/")["Portal-Kept-For"] == "-" != own.get("/todo/")["Portal-Kept-For"]


def test_demo_accounts_end_nobodys_session(settings):
    demo = User.objects.create_user("lead@demo.example", PASSWORD, is_fictional=True)
    client = Client()
    client.force_login(demo)
    assert client.get("/me/sessions/").status_code == client.post("/me/sessions/end/").status_code == 403


def test_rows_of_sessions_that_are_gone_go_too(ann):
    client = sign_in()
    end_sessions(person=User.objects.create_user("x@city.gov"), by=None, why="asked")
    client.session.flush()
    later = timezone.now() + timedelta(hours=2)
    assert forget_ended_sessions(now=later) == 1 and not UserSession.objects.exists()


@pytest.mark.parametrize(
    ("idle_seconds", "is_shared", "idle_minutes", "over"),
    [(1_801, True, 0, True), (1_799, True, 0, False), (10**7, False, 0, False), (3_601, False, 60, True)],
)
def test_how_long_a_session_may_rest(idle_seconds, is_shared, idle_minutes, over):
    found = is_too_old(seen=0, now=idle_seconds, is_shared=is_shared, shared_minutes=30, idle_minutes=idle_minutes)
    assert found is over


def test_its_use_is_noted_rarely():
    assert [is_to_note(seen=0, now=n, is_shared=False) for n in (59, 299, 300)] == [False, False, True]
    assert is_to_note(seen=0, now=61, is_shared=True)
