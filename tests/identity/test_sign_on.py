"""Signing in with a server on this machine that behaves like Entra, like Okta, and like somebody hostile."""

import json
import re
import time
from urllib.parse import parse_qs, urlsplit

import pytest
from allauth.socialaccount.models import SocialAccount
from allauth.socialaccount.views import login_cancelled
from django.test import Client
from django.urls import include, path
from django.utils import timezone

from engagements.models import SecurityEvent, User
from engagements.people.actions.invitations import invite
from engagements.permissions import Role
from mobility_portal.identity.providers import read_providers
from tests.factories.engagements import PASSWORD, EngagementFactory, member
from tests.identity.sign_on_server import CLIENT, OTHER_TENANT, SECRET, TENANT, Server, running

pytestmark = pytest.mark.django_db
LOGIN = "/accounts/login/"
# What the portal's addresses are once a sign-on server is named.
urlpatterns = [
    path("accounts/", include("mobility_portal.identity.oidc.urls")),
    path("accounts/oidc/cancelled/", login_cancelled, name="socialaccount_login_cancelled"),
    path("", include("mobility_portal.urls")),
]


@pytest.fixture(scope="module")
def one_server():
    with running() as server:
        yield server


@pytest.fixture
def server(one_server):
    fresh = Server(one_server.base)
    one_server.__dict__.update(fresh.__dict__)
    one_server.sign = one_server.signed
    return one_server


@pytest.fixture
def ann():
    return User.objects.create_user("ann@city.gov", PASSWORD, name="Ann")


@pytest.fixture
def use(settings, server):
    """Names the server in the settings, as OIDC_PROVIDERS would."""

    def named(*entries):
        settings.ROOT_URLCONF = __name__
        usual = {"id": "city", "name": "City ID", "server_url": server.at, "client_id": CLIENT, "secret": SECRET}
        apps = read_providers({"OIDC_PROVIDERS": json.dumps([usual | each for each in entries])})
        settings.SOCIALACCOUNT_PROVIDERS = settings.SOCIALACCOUNT_PROVIDERS | {
            "openid_connect": settings.SOCIALACCOUNT_PROVIDERS["openid_connect"] | {"APPS": apps}
        }
        settings.SIGN_ON_SERVERS = [{"id": app["provider_id"], "name": app["name"]} for app in apps]

    return named


def come_back(server, *, to="city", client=None, state=None, **claims):
    """Goes to the server and comes back from it; the client and the last answer."""
    client = client or Client()
    away = client.post(f"/accounts/oidc/{to}/login/")
    assert away.status_code == 302, away.content
    asked = parse_qs(urlsplit(away.url).query)
    server.nonce, server.challenge = asked["nonce"][0], asked["code_challenge"][0]
    assert asked["code_challenge_method"] == ["S256"] and asked["response_type"] == ["code"]
    server.claims = {"sub": "s-1", "tid": TENANT} | claims
    back = {"code": "c", "state": state or asked["state"][0]}
    return client, client.get(f"/accounts/oidc/{to}/login/callback/", back)


def is_in(client, user=None) -> bool:
    return client.session.get("_auth_user_id") == (str(user.pk) if user else None) and user is not None


ENTRA = {"tenant": TENANT, "verified_domains": ["city.gov"]}


def test_entra_pairs_once_and_by_its_own_id_from_then_on(use, server, ann):
    use(ENTRA)
    client, answer = come_back(server, email="Ann@city.gov", preferred_username="ann@city.gov", name="Ann")
    assert answer.status_code == 302 and is_in(client, ann)
    kept = SocialAccount.objects.get()
    assert (kept.provider, kept.uid) == ("city", "s-1") and "email" not in kept.extra_data
    client, _ = come_back(server, email="new-name@city.gov")
    assert is_in(client, ann), "a new address changes nothing for whom we know"
    kinds = set(SecurityEvent.objects.filter(actor=ann).values_list("kind", flat=True))
    assert {"signed_in", "sign_on_connected"} <= kinds


def test_an_entra_address_of_a_verified_owner_counts_where_the_setting_says_so(use, server, ann):
    use(ENTRA | {"xms_edov": True})
    assert come_back(server, email="ann@city.gov")[1].status_code == 403
    assert come_back(server, email="ann@city.gov", xms_edov="0")[1].status_code == 403
    assert not SocialAccount.objects.exists()
    client, _ = come_back(server, email="ann@city.gov", xms_edov="1")
    assert is_in(client, ann)


@pytest.mark.parametrize(
    "claims",
    [
        {"email": ..., "preferred_username": "ann@city.gov", "upn": "ann@city.gov"},
        {"preferred_username": "ann_city.gov#EXT#@other.onmicrosoft.com"},
        {"idp": f"https://sts.windows.net/{OTHER_TENANT}/"},
        {"email_verified": "false"},
        {"email_verified": False},
        {"xms_edov": False},
        {"email": "ann@elsewhere.gov"},
    ],
)
def test_a_name_that_somebody_may_choose_opens_nothing(use, server, ann, claims):
    User.objects.create_user("ann@elsewhere.gov", PASSWORD)
    use(ENTRA)
    client, answer = come_back(server, **({"email": "ann@city.gov"} | claims))
    assert answer.status_code == 403 and "_auth_user_id" not in client.session
    assert not SocialAccount.objects.exists()
    refused = SecurityEvent.objects.get(kind="sign_in_refused")
    assert refused.detail["server"] == "city" and "@" not in str(refused.detail)


def test_a_second_person_of_a_directory_does_not_get_the_account_of_the_first(use, server, ann):
    use(ENTRA)
    come_back(server, email="ann@city.gov")
    client, answer = come_back(server, sub="s-2", email="ann@city.gov")
    assert answer.status_code == 403 and "_auth_user_id" not in client.session
    assert SocialAccount.objects.get().uid == "s-1"


HOSTILE = {
    "another directory": {"tid": OTHER_TENANT},
    "no directory": {"tid": ...},
    "another issuer": {"iss": "https://evil.example/v2.0"},
    "another program": {"aud": "other-client"},
    "two programs": {"aud": [CLIENT, "other-client"]},
    "another question": {"nonce": "another"},
    "no question": {"nonce": ...},
    "expired": {"exp": int(time.time()) - 3600},
    "never ends": {"exp": ...},
    "not yet": {"nbf": int(time.time()) + 3600},
    "nobody": {"sub": ...},
}


@pytest.mark.parametrize("claims", HOSTILE.values(), ids=HOSTILE.keys())
def test_a_token_that_is_not_for_us_is_refused(use, server, ann, claims):
    use(ENTRA)
    client, answer = come_back(server, **({"email": "ann@city.gov"} | claims))
    assert answer.status_code == 401 and "_auth_user_id" not in client.session
    assert not SocialAccount.objects.exists()


@pytest.mark.parametrize("how", ["unsigned", "signed_by_a_stranger", "signed_with_the_secret"])
def test_a_token_with_another_signature_is_refused(use, server, ann, how):
    use(ENTRA)
    server.sign = getattr(server, how)
    client, answer = come_back(server, email="ann@city.gov", email_verified=True)
    assert answer.status_code == 401 and "_auth_user_id" not in client.session


def test_no_token_and_another_persons_userinfo_are_refused(use, server, ann):
    use(ENTRA)
    server.told = {"sub": "s-9", "email": "ann@city.gov", "email_verified": True}
    assert come_back(server, email="ann@city.gov")[1].status_code == 401
    server.told, server.sign = None, lambda claims: None
    assert come_back(server, email="ann@city.gov")[1].status_code == 401


def test_coming_back_without_having_gone_is_refused(use, server, ann):
    use(ENTRA)
    client, answer = come_back(server, state="invented", email="ann@city.gov")
    assert answer.status_code == 401 and "_auth_user_id" not in client.session
    stranger = Client()
    assert stranger.get("/accounts/oidc/city/login/callback/", {"code": "c", "state": "x"}).status_code == 401


def test_a_server_of_many_directories_takes_the_named_ones(use, server, ann):
    server.announced = f"{server.base}/{{tenantid}}/v2.0"
    use({"tenants": [TENANT, OTHER_TENANT], "verified_domains": ["city.gov"]})
    third = "33333333-2222-3333-4444-555555555555"
    strange = {"tid": third, "iss": f"{server.base}/{third}/v2.0"}
    assert come_back(server, email="ann@city.gov", **strange)[1].status_code == 401
    forged = {"tid": TENANT, "iss": f"{server.base}/{third}/v2.0"}
    assert come_back(server, email="ann@city.gov", **forged)[1].status_code == 401
    client, _ = come_back(server, email="ann@city.gov")
    assert is_in(client, ann) and SocialAccount.objects.get().uid == f"{TENANT}|s-1"
    same_sub = {"tid": OTHER_TENANT, "iss": f"{server.base}/{OTHER_TENANT}/v2.0"}
    assert come_back(server, email="ann@city.gov", **same_sub)[1].status_code == 403, "another directory's s-1"


def test_a_server_of_many_directories_takes_none_when_none_is_named(use, server, ann):
    server.announced = f"{server.base}/{{tenantid}}/v2.0"
    use({"verified_domains": ["city.gov"]})
    assert come_back(server, email="ann@city.gov")[1].status_code == 401


def test_okta_and_google_vouch_by_email_verified_in_token_or_userinfo(use, server, ann):
    use({})
    assert come_back(server, tid=..., email="ann@city.gov")[1].status_code == 403
    server.told = {"sub": "s-1", "email": "ann@city.gov", "email_verified": True}
    client, _ = come_back(server, tid=...)
    assert is_in(client, ann)
    server.told = None
    other = User.objects.create_user("bea@city.gov", PASSWORD)
    client, _ = come_back(server, tid=..., sub="s-2", email="bea@city.gov", email_verified=True)
    assert is_in(client, other)


def test_each_server_has_its_button_and_speaks_for_its_own_domain(use, server, ann):
    bea = User.objects.create_user("bea@other.gov", PASSWORD)
    use({"verified_domains": ["city.gov"]}, {"id": "other", "name": "Other ID", "verified_domains": ["other.gov"]})
    page = Client().get(LOGIN).content.decode()
    assert re.findall(r"Sign in with ((?:City|Other) ID)", page) == ["City ID", "Other ID"]
    client, answer = come_back(server, to="other", email="ann@city.gov", email_verified=True)
    assert answer.status_code == 403 and not SocialAccount.objects.exists()
    client, _ = come_back(server, to="other", email="bea@other.gov", email_verified=True)
    assert is_in(client, bea)
    assert Client().post("/accounts/oidc/third/login/").status_code == 404


def test_strangers_and_demo_accounts_are_told_how_to_get_in(use, server):
    use({"verified_domains": ["*"]})
    User.objects.create_user("lead@demo.example", PASSWORD, is_fictional=True)
    for email in ("eve@example.org", "lead@demo.example"):
        client, answer = come_back(server, sub=email, email=email, email_verified=True)
        assert answer.status_code == 403 and "_auth_user_id" not in client.session
    assert User.objects.count() == 1 and not SocialAccount.objects.exists()


def test_an_open_invitation_lets_somebody_in(use, server):
    use({})
    engagement = EngagementFactory()
    lead = member(Role.LEAD, engagement)
    invite(email="eve@city.gov", role="expert", engagement=engagement.pk, by=lead, now=timezone.now())
    client, _ = come_back(server, email="eve@city.gov", email_verified=True, name="Eve")
    eve = User.objects.get(email="eve@city.gov")
    assert is_in(client, eve)
    assert (eve.name, eve.has_usable_password(), eve.roles.get().role) == ("Eve", False, "expert")


def test_a_switched_off_account_stays_out(use, server, ann):
    use({})
    User.objects.filter(pk=ann.pk).update(is_active=False)
    client, answer = come_back(server, email="ann@city.gov", email_verified=True)
    assert answer.url == "/accounts/inactive/" and "_auth_user_id" not in client.session


def test_a_role_that_asks_for_a_second_step_asks_here_too(use, server, settings):
    use({})
    settings.REQUIRE_MFA = frozenset({"lead"})
    lead = member(Role.LEAD, EngagementFactory())
    client, _ = come_back(server, email=lead.email, email_verified=True)
    assert is_in(client, lead) and client.get("/me/").url == "/accounts/2fa/"


def test_a_visitor_chooses_no_part_of_the_question(use, server):
    use(ENTRA)
    asked = Client().post(
        "/accounts/oidc/city/login/?auth_params=redirect_uri%3Dhttps://evil.example&scope=offline_access"
    )
    found = parse_qs(urlsplit(asked.url).query)
    assert "evil" not in asked.url and "offline_access" not in asked.url
    assert set(found["scope"][0].split()) == {"openid", "profile", "email"}
