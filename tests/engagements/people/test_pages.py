"""People pages and one's own page: each role sees what the table gives it, others find nothing there."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from engagements.access.tokens import find_user_of_token
from engagements.models import AccessToken, EngagementRole, Organisation, User
from engagements.people.actions.invitations import invite
from engagements.permissions import ELSEWHERE, MANAGE_ROLES, PERMISSIONS, VIEW_CITY, VIEW_PUBLISHED, Role
from tests.factories.engagements import EngagementFactory, UserFactory, everybody, member, pair

pytestmark = pytest.mark.django_db
SUBMISSION = "12345678-1234-5678-1234-567812345678"


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_each_role_sees_and_does_what_the_table_says():
    here, there = pair()
    foreign = EngagementFactory()
    people = everybody(here)
    member(Role.ADVISER, there, name="Adrian", email="adrian@example.org")
    for role, person in people.items():
        client = signed_in(person)
        everywhere = role in (Role.LEAD, Role.FUNDER)
        for place, held in (
            (here, PERMISSIONS[role]),
            (there, PERMISSIONS[role] if everywhere else ELSEWHERE.get(role, frozenset())),
            (foreign, frozenset()),
        ):  # noqa: E501
            page = client.get(f"/engagements/{place.slug}/people/")
            assert page.status_code == (200 if VIEW_PUBLISHED in held else 404), (role, place)
            manages = MANAGE_ROLES in held
            invites = client.get(f"/engagements/{place.slug}/people/invite/").status_code
            assert invites == (200 if manages else 404), (role, place)
            if page.status_code == 200:
                assert ("Remove from role" in page.content.decode()) == manages
                assert ("mailto:" in page.content.decode().split("<footer")[0]) == (VIEW_CITY in held), (role, place)
        ends = client.get(f"/roles/{people[Role.EXPERT].roles.get().pk}/end/").status_code
        assert ends == (200 if role is Role.LEAD else 404)
        status = client.get(f"/initiatives/{here.initiative.slug}/people/").status_code
        assert status == (200 if role is Role.LEAD else 404)


def test_a_lead_ends_a_role_with_a_reason_and_it_is_over_at_once():
    engagement = EngagementFactory()
    people = everybody(engagement)
    lead, adviser = signed_in(people[Role.LEAD]), signed_in(people[Role.ADVISER])
    url, page = f"/roles/{people[Role.ADVISER].roles.get().pk}/end/", f"/engagements/{engagement.slug}/people/"
    assert lead.post(url, {"why": ""}).status_code == 422
    assert adviser.get(page).status_code == 200
    assert lead.post(url, {"why": "moved to another city"}).url == page
    assert "/login/" in adviser.get(page).url, "without any role one is signed out"
    adviser.force_login(User.objects.get(pk=people[Role.ADVISER].pk))
    assert adviser.get(page).status_code == 404
    assert EngagementRole.objects.get(user=people[Role.ADVISER]).ended_on == timezone.localdate()


def test_the_lead_of_another_initiative_withdraws_nothing():
    here, foreign = EngagementFactory(), EngagementFactory()
    lead, other = member(Role.LEAD, here), member(Role.LEAD, foreign)
    made, _ = invite(email="ann@example.org", role="expert", engagement=here.pk, by=lead, now=timezone.now())
    url = f"/invitations/{made.pk}/withdraw/"
    assert signed_in(other).post(url).status_code == 404
    assert signed_in(lead).post(url).url == f"/engagements/{here.slug}/people/"


@pytest.mark.parametrize("address", ["/me/", "/me/tokens/", "people"])
def test_the_same_queries_for_two_and_for_many(address):
    engagement = EngagementFactory()
    lead = member(Role.LEAD, engagement)
    client = signed_in(lead)
    url = f"/engagements/{engagement.slug}/people/" if address == "people" else address
    counts = []
    for many in (2, 20):
        for n in range(many):
            member(Role.ADVISER, engagement)
            EngagementFactory(initiative=engagement.initiative)
            invite(
                email=f"{many}-{n}@example.org", role="expert", engagement=engagement.pk, by=lead, now=timezone.now()
            )
        with CaptureQueriesContext(connection) as counted:
            assert client.get(url).status_code == 200
        counts.append(len(counted))
    assert counts[0] == counts[1]


def test_a_profile_is_saved_and_mistakes_stay_on_the_page():
    user = UserFactory(name="Ann")
    client = signed_in(user)
    sent = {"name": "Ann Lee", "title": "Adviser", "phone": "555", "time_zone": "America/Chicago", "digest": "daily"}
    assert client.post("/me/", sent).url == "/me/"
    user.refresh_from_db()
    assert (user.name, user.time_zone, user.digest, user.email) == ("Ann Lee", "America/Chicago", "daily", user.email)
    wrong = client.post("/me/", sent | {"title": "kept", "time_zone": "Mars/Olympus", "email": "x@example.org"})
    assert wrong.status_code == 422 and 'value="kept"' in wrong.content.decode()
    user.refresh_from_db()
    assert user.title == "Adviser" and user.email != "x@example.org"


def test_demo_people_join_no_real_organisation():
    real = Organisation.objects.create(slug="real", name="Real", kind="adviser", source="a test")
    client = signed_in(UserFactory(is_fictional=True))
    sent = {"name": "Ann", "time_zone": "America/Chicago", "digest": "daily", "organisation": real.pk}
    assert client.post("/me/", sent).status_code == 422


def test_a_token_is_shown_once_and_ended_by_its_owner_only():
    user, other = UserFactory(), UserFactory()
    client = signed_in(user)
    sent = {"name": "My script", "scopes": ["read"], "days": "30", "submission": SUBMISSION}
    page = client.post("/me/tokens/", sent)
    secret = page.context["secret"]
    assert secret in page.content.decode() and page["Cache-Control"].count("no-store")
    assert find_user_of_token(secret=secret, now=timezone.now()).user == user
    again = client.post("/me/tokens/", sent)
    assert again.context["secret"] is None and AccessToken.objects.count() == 1
    assert secret not in client.get("/me/tokens/").content.decode()
    row = AccessToken.objects.get()
    assert signed_in(other).post(f"/me/tokens/{row.pk}/end/").status_code == 404
    assert client.post(f"/me/tokens/{row.pk}/end/").url == "/me/tokens/"
    assert AccessToken.objects.get().revoked_at


@pytest.mark.parametrize("sent", [{"name": "", "scopes": ["read"]}, {"name": "x", "scopes": ["all"]}, {"name": "x"}])
def test_a_token_that_makes_no_sense_is_refused(sent):
    answer = signed_in(UserFactory()).post("/me/tokens/", {"days": "30", "submission": SUBMISSION} | sent)
    assert answer.status_code == 422 and not AccessToken.objects.exists()
