"""Signing in: password, second step, passkey page, and what is refused."""

import re
import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.test import Client
from django.urls import get_resolver

from engagements.models import User
from engagements.permissions import Role
from tests.factories.counts import forget_counts
from tests.factories.engagements import PASSWORD, EngagementFactory, member

pytestmark = pytest.mark.django_db
LOGIN = "/accounts/login/"


@pytest.fixture
def ann():
    return User.objects.create_user("ann@example.org", PASSWORD, name="Ann")


def sign_in(client, email="ann@example.org", password=PASSWORD, to=LOGIN):
    return client.post(to, {"login": email, "password": password})


def code_of(secret: str) -> str:
    """The six digits an authenticator app shows now."""
    if time.time() % 30 > 26:  # the code would be another's by the time it is sent
        time.sleep(4)
    return format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))


def set_up_app(client) -> str:
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    secret = client.get("/accounts/2fa/totp/activate/").context["form"].secret
    assert client.post("/accounts/2fa/totp/activate/", {"code": code_of(secret)}).status_code == 302
    return secret


def test_password_then_code_then_in(client, ann):
    sign_in(client)
    secret = set_up_app(client)
    assert client.get("/accounts/2fa/recovery-codes/").status_code == 200
    stranger = Client()
    answer = sign_in(stranger)
    assert answer.url == "/accounts/2fa/authenticate/" and "_auth_user_id" not in stranger.session
    assert stranger.get("/me/").status_code == 302
    wrong = stranger.post(answer.url, {"code": "000000"})
    assert wrong.status_code == 200 and "not right" in wrong.content.decode()
    forget_counts()  # the code that set the app up counts as used
    assert stranger.post(answer.url, {"code": code_of(secret)}).url == "/"
    assert stranger.session["_auth_user_id"] == str(ann.pk)


def test_a_recovery_code_works_once(client, ann):
    sign_in(client)
    set_up_app(client)
    code = client.get("/accounts/2fa/recovery-codes/").context["unused_codes"][0]
    for expected in (302, 200):
        stranger = Client()
        sign_in(stranger)
        assert stranger.post("/accounts/2fa/authenticate/", {"code": code}).status_code == expected


def test_codes_are_guessed_five_times(client, ann):
    sign_in(client)
    set_up_app(client)
    forget_counts()
    stranger = Client()
    sign_in(stranger)
    pages = [stranger.post("/accounts/2fa/authenticate/", {"code": "000000"}).content.decode() for _ in range(6)]
    assert ["not right" in page for page in pages] == [True] * 5 + [False]


def test_the_key_of_an_app_is_not_readable_in_the_database(client, ann):
    sign_in(client)
    secret = set_up_app(client)
    assert secret not in str(Authenticator.objects.values_list("data"))


def test_passwords_are_guessed_five_times(client, ann):
    pages = [sign_in(client, password=f"wrong-{n}") for n in range(6)]
    assert "_auth_user_id" not in client.session
    assert sign_in(client).status_code == 200, "the right one comes too late"
    assert len({page.content.decode().count("Too many") for page in pages}) == 2


def test_reset_links_are_asked_for_five_times_a_minute(client, ann, mailoutbox):
    answers = [client.post("/accounts/password/reset/", {"email": "ann@example.org"}).status_code for _ in range(6)]
    assert answers == [302] * 5 + [429] and len(mailoutbox) == 5


def test_a_form_from_another_site_is_refused(ann):
    client = Client(enforce_csrf_checks=True)
    client.force_login(ann)
    for url in (
        "/me/",
        "/me/tokens/",
        "/accounts/2fa/totp/activate/",
        "/accounts/logout/",
        "/accounts/2fa/webauthn/add/",
        "/roles/1/end/",
        "/invitations/1/withdraw/",
        "/invitations/secret/",
    ):
        assert client.post(url, {}).status_code == 403, url
    assert Client(enforce_csrf_checks=True).post(LOGIN, {"login": "ann@example.org"}).status_code == 403


def test_a_session_begun_by_somebody_else_is_not_taken_over(client, ann):
    client.get(LOGIN)
    session = client.session
    session["planted"] = "1"
    session.save()
    client.cookies["sessionid"] = before = session.session_key
    sign_in(client)
    assert client.cookies["sessionid"].value != before
    other = Client()
    other.cookies["sessionid"] = before
    assert other.get("/me/").status_code == 302


@pytest.mark.parametrize("evil", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)"])
def test_signing_in_leads_to_no_other_site(client, ann, evil):
    answer = client.post(LOGIN, {"login": "ann@example.org", "password": PASSWORD, "next": evil})
    assert answer.url == "/"


def test_signing_in_leads_back_to_where_one_was(client, ann):
    assert client.get("/me/").url == "/accounts/login/?next=/me/"
    assert client.post(LOGIN, {"login": "ann@example.org", "password": PASSWORD, "next": "/me/"}).url == "/me/"


def test_who_has_no_password_is_led_to_a_first_one(client, ann):
    """People of a sign-on server have none, and the address to change it is on their page."""
    ann.set_unusable_password()
    ann.save()
    client.force_login(ann)
    answer = client.get("/accounts/password/change/", follow=True)
    assert answer.status_code == 200 and answer.redirect_chain[-1][0] == "/accounts/password/reset/"


def test_nobody_signs_up_and_no_address_of_allauth_is_there_unused(client):
    for url in ("signup/", "email/", "social/signup/", "2fa/webauthn/signup/", "oidc/sso/login/", "3rdparty/"):
        assert client.get(f"/accounts/{url}").status_code == 404, url


def test_no_page_of_signing_in_carries_a_script_or_style_of_its_own(client, ann):
    sign_in(client)
    set_up_app(client)
    stepping = Client()
    sign_in(stepping)
    urls = [
        "",
        "totp/activate/",
        "totp/deactivate/",
        "recovery-codes/",
        "recovery-codes/generate/",
        "webauthn/",
        "webauthn/add/",
        "reauthenticate/",
        "webauthn/reauthenticate/",
    ]
    pages = [client.get(f"/accounts/2fa/{url}", follow=True) for url in urls]
    pages += [Client().get(LOGIN), stepping.get("/accounts/2fa/authenticate/")]
    for page in pages:
        text = page.content.decode()
        assert page.status_code == 200 and "Mobility Portal</title>" in text
        for script in re.findall(r"<script([^>]*)>", text):
            assert "src=" in script or 'type="application/json"' in script, script
        assert not re.search(r"<style|\sstyle=|\son\w+=", text)
        assert "unsafe" not in page["Content-Security-Policy"]


# --- Who must have a second step ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("wanted", "asked"),
    [
        ({}, set()),
        ({"all"}, {"lead", "adviser", "operator"}),
        ({"lead"}, {"lead"}),
        ({"operator", "adviser"}, {"adviser", "operator"}),
    ],
)
def test_roles_that_must_have_a_second_step_reach_nothing_without(settings, wanted, asked):
    settings.REQUIRE_MFA = frozenset(wanted)
    engagement = EngagementFactory()
    people = {role.value: member(role, engagement) for role in (Role.LEAD, Role.ADVISER)}
    people["operator"] = User.objects.create_superuser("root@example.org", PASSWORD)
    demo = member(Role.LEAD, engagement, is_fictional=True)
    found = set()
    for name, person in people.items():
        client = Client()
        client.force_login(person)
        answer = client.get("/me/")
        if answer.status_code == 302:
            found.add(name)
            assert answer.url == "/accounts/2fa/"
            assert client.get("/accounts/2fa/").status_code == 200
            assert client.get("/api/v1/cities/").status_code == 403
    assert found == asked
    client = Client()
    client.force_login(demo)
    assert client.get("/me/").status_code == 200


def test_with_a_second_step_everything_is_open(settings, client, ann):
    settings.REQUIRE_MFA = frozenset({"all"})
    sign_in(client)
    assert client.get("/me/").status_code == 302
    set_up_app(client)
    assert client.get("/me/").status_code == 200
    assert Client().get("/").status_code == 200, "strangers read"


# --- Single sign-on: tests/identity/test_sign_on.py ---------------------------------------------


def test_nothing_is_shown_of_single_sign_on_without_a_server(client):
    assert "Sign in with a passkey" in client.get(LOGIN).content.decode()
    assert "oidc" not in client.get(LOGIN).content.decode()
    assert "oidc/" not in str([str(p.pattern) for p in get_resolver("mobility_portal.account_urls").url_patterns])
