"""Demo accounts: there on our own database, no way in on any other."""

import os
import re
import subprocess
import sys

import pytest
from allauth.account.adapter import get_adapter
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.core.exceptions import PermissionDenied
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from engagements.demo.people import ACCOUNTS, ENGAGEMENT, demo_people, seed_demo_people, switch_off_demo
from engagements.demo.work import seed_demo_work
from engagements.home.queries.tab_counts import tab_counts
from engagements.models import Engagement, EngagementRole, User
from engagements.seeds.initiative import seed
from mobility_portal.demo import describe_demo_accounts
from mobility_portal.embedded import environment

pytestmark = pytest.mark.django_db
PASSWORD = "paper-Lantern-73"


@pytest.fixture
def demo(settings):
    settings.DEMO_ACCOUNTS, settings.DEMO_PASSWORD = True, PASSWORD
    seed()
    seed_demo_people(PASSWORD)


def sign_in(email, password=PASSWORD) -> Client | None:
    client = Client()
    client.post("/accounts/login/", {"login": email, "password": password})
    return client if "_auth_user_id" in client.session else None


def test_each_signs_in_and_holds_its_role_in_detroit(demo):
    assert all(sign_in(email) for email in ACCOUNTS)
    held = {
        role.user.email: (role.role, role.engagement and role.engagement.slug) for role in EngagementRole.objects.all()
    }
    assert held == {
        "lead@demo.example": ("lead", None),
        "adviser@demo.example": ("adviser", ENGAGEMENT),
        "expert@demo.example": ("expert", ENGAGEMENT),
        "staff.detroit@demo.example": ("city_staff", ENGAGEMENT),
        "partner.detroit@demo.example": ("local_partner", ENGAGEMENT),
        "funder@demo.example": ("funder", None),
    }
    people = User.objects.filter(email__in=ACCOUNTS)
    assert all(p.is_fictional and p.organisation.is_fictional and not p.is_staff for p in people)
    assert EmailAddress.objects.filter(verified=True, primary=True).count() == 6


def test_no_real_engagement_lists_them_and_their_own_does(demo):
    seed_demo_work(demo_people(), timezone.now())
    people = {name for name, *_ in ACCOUNTS.values()}
    client = sign_in("lead@demo.example")
    real = f"/engagements/{ENGAGEMENT}/"
    client.get(real)  # says once as whom one has signed in
    for address in (real, f"{real}people/", "/initiatives/economic-mobility-2019/people/"):
        text = client.get(address).content.decode().split("<main", 1)[1]
        text = re.sub(r"<form.*?</form>", "", text, flags=re.DOTALL)  # whom one can choose there is in no list
        assert not {name for name in people if name in text}, address
    found = client.get(f"/api/v1/engagements/{Engagement.objects.get(slug=ENGAGEMENT).pk}/").json()
    assert (
        found["team"] == []
        and tab_counts(User.objects.get(email="lead@demo.example"), found["engagement"]["id"]).people == 0
    )
    own = Engagement.objects.get(slug="detroit-demo-follow-up")
    assert people <= set(re.findall("|".join(people), client.get(f"/engagements/{own.slug}/people/").content.decode()))


def test_a_second_start_changes_nothing_and_a_new_password_replaces_the_old(demo):
    before = list(User.objects.order_by("pk").values())
    session = sign_in("lead@demo.example")
    seed_demo_people(PASSWORD)
    assert list(User.objects.order_by("pk").exclude(email="lead@demo.example").values()) == before[1:]
    assert EngagementRole.objects.count() == 6 and session.get("/me/").status_code == 200
    seed_demo_people("other-Lantern-74")
    assert sign_in("lead@demo.example") is None and sign_in("lead@demo.example", "other-Lantern-74")
    assert session.get("/me/").status_code == 302


def test_what_a_visitor_did_to_an_account_is_undone(demo):
    lead = User.objects.get(email="lead@demo.example")
    lead.set_password("mine-alone-9944")
    lead.save()
    Authenticator.objects.create(user=lead, type=Authenticator.Type.TOTP, data={"secret": "x"})
    EngagementRole.objects.filter(user=lead).update(ended_on="2026-01-01", began_on="2026-01-01")
    seed_demo_people(PASSWORD)
    assert sign_in("lead@demo.example") and EngagementRole.objects.open().filter(user=lead).exists()


def test_on_a_database_that_somebody_named_no_way_in_is_left(demo, settings):
    inside = sign_in("lead@demo.example")
    settings.DEMO_ACCOUNTS = False
    assert inside.get("/me/").status_code == 302, "a session ends at once"
    assert sign_in("lead@demo.example") is None
    call_command("seed", verbosity=0)
    assert not User.objects.filter(is_fictional=True, is_active=True).exists()
    settings.DEMO_ACCOUNTS = True
    assert sign_in("lead@demo.example") is None
    assert switch_off_demo() == 0


def test_no_demo_account_is_made_there(settings):
    settings.DEMO_ACCOUNTS = False
    call_command("seed", verbosity=0)
    assert not User.objects.exists()


def test_the_sign_in_page_names_them_and_never_the_password(demo, settings, client):
    page = client.get("/accounts/login/").content.decode()
    assert "Demo accounts" in page and PASSWORD not in page
    assert all(email in page for email in ACCOUNTS)
    settings.DEMO_ACCOUNTS = False
    assert "demo" not in Client().get("/accounts/login/").content.decode().lower()


def test_the_terminal_tells_a_random_password_only(settings):
    settings.DEMO_PASSWORD = PASSWORD
    assert PASSWORD not in describe_demo_accounts() and "DEMO_PASSWORD" in describe_demo_accounts()
    settings.DEMO_PASSWORD = ""
    told = describe_demo_accounts()
    assert len(told.rpartition(" ")[2]) == 20 and told == describe_demo_accounts()


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({}, "False"),
        ({"PORTAL_EMBEDDED": "1"}, "False"),  # a database of their own, our Valkey
        ({"PORTAL_EMBEDDED": "1", "PORTAL_OWN_DATABASE": "1"}, "True"),
    ],
)
def test_only_our_own_database_holds_them(given, expected):
    kept = {k: v for k, v in os.environ.items() if k not in ("PORTAL_EMBEDDED", "PORTAL_OWN_DATABASE")}
    code = "from mobility_portal import settings; print(settings.DEMO_ACCOUNTS)"
    told = subprocess.run([sys.executable, "-c", code], env=kept | given, capture_output=True, text=True, check=True)
    assert told.stdout.strip() == expected


def test_who_names_a_database_gets_no_mark(monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgres://elsewhere/x")
    monkeypatch.setenv("REDIS_URL", "redis://elsewhere")
    monkeypatch.delenv("PORTAL_OWN_DATABASE", raising=False)
    environment.bootstrap()
    assert "PORTAL_OWN_DATABASE" not in os.environ


def test_no_page_of_theirs_offers_what_is_refused(demo):
    client = sign_in("adviser@demo.example")
    for page in ("/me/", "/accounts/2fa/"):
        words = client.get(page).content.decode().split("<main")[1]
        assert "demo account that many people share" in words
        for refused in ("/accounts/password/change/", "/accounts/2fa/totp/", "/accounts/2fa/webauthn/add/"):
            assert refused not in words, (page, refused)


@pytest.mark.parametrize(
    "at", ["password/change/", "2fa/totp/activate/", "2fa/webauthn/add/", "2fa/recovery-codes/generate/"]
)
def test_nobody_locks_the_others_out(demo, at):
    visitor = sign_in("lead@demo.example")
    for answer in (visitor.get(f"/accounts/{at}"), visitor.post(f"/accounts/{at}", {"password1": "mine-alone-9944"})):
        assert answer.status_code == 403 and "demo account that many people share" in answer.content.decode()
    with pytest.raises(PermissionDenied):
        get_adapter().set_password(User.objects.get(email="lead@demo.example"), "mine-alone-9944")
    assert sign_in("lead@demo.example") and not Authenticator.objects.exists()
