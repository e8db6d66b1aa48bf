"""What the security log learns, from whom, and what it does not keep."""

import pytest
from django.db import Error, connection, transaction
from django.test import Client

from engagements.models import SecurityEvent, SecurityEventSource, User
from engagements.people.actions.invitations import accept_as_new, invite
from engagements.people.actions.roles import end_role
from engagements.people.actions.tokens import make_access_token, revoke_token
from engagements.permissions import Role
from engagements.security_log.actions.recording import Kind, record_security_event
from engagements.security_log.actions.retention import erase_old_sources, erase_sources_of
from engagements.security_log.rules import browser_family, network_of
from tests.factories.engagements import NOW, PASSWORD, EngagementFactory, member
from tests.factories.import_export import things_of

pytestmark = pytest.mark.django_db
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


def kinds(**of) -> list[str]:
    return list(SecurityEvent.objects.filter(**of).order_by("pk").values_list("kind", flat=True))


def test_signing_in_out_and_failing_are_recorded_without_the_address(client):
    ann = User.objects.create_user("ann@city.gov", PASSWORD)
    client.post("/accounts/login/", {"login": "Ann@city.gov", "password": "wrong"}, HTTP_USER_AGENT=FIREFOX)
    client.post("/accounts/login/", {"login": "ann@city.gov", "password": PASSWORD}, HTTP_USER_AGENT=FIREFOX)
    client.post("/accounts/logout/")
    assert kinds() == ["sign_in_failed", "signed_in", "signed_out"]
    failed, in_, out = SecurityEvent.objects.order_by("pk")
    assert (failed.actor, failed.subject, in_.actor, out.actor) == (None, ann, ann, ann)
    assert in_.detail == {"by": "password"}
    assert (in_.source.browser, in_.source.network) == ("Firefox on Linux", "127.0.0.0/24")
    assert failed.source.address_key and "ann" not in str(SecurityEvent.objects.values_list()).lower()
    assert "ann" not in str(SecurityEventSource.objects.values_list()).lower()


def test_a_password_and_a_second_step_that_change_are_recorded(client):
    ann = User.objects.create_user("ann@city.gov", PASSWORD)
    client.force_login(ann)
    sent = {"oldpassword": PASSWORD, "password1": "another-long-pass-9", "password2": "another-long-pass-9"}
    assert client.post("/accounts/password/change/", sent).status_code == 302
    assert "password_changed" in kinds(actor=ann)


def test_roles_invitations_and_tokens_are_recorded_where_they_belong():
    place = EngagementFactory()
    lead = member(Role.LEAD, place)
    made, secret = invite(email="eve@city.gov", role="expert", engagement=place.pk, by=lead, now=NOW)
    eve = accept_as_new(secret=secret, name="Eve", password=PASSWORD, now=NOW)
    token, _ = make_access_token(name="x", scopes=["read"], expires_at=NOW.replace(year=NOW.year + 1), by=eve, now=NOW)
    revoke_token(token=token, by=eve, now=NOW)
    end_role(role=eve.roles.get().pk, by=lead, now=NOW)
    assert kinds(engagement=place) == ["invited", "role_given", "invitation_accepted", "role_ended"]
    given = SecurityEvent.objects.get(kind="role_given")
    assert (given.actor, given.subject, given.detail) == (lead, eve, {"role": "expert"})
    assert [kind for kind in kinds(actor=eve) if "token" in kind] == ["token_made", "token_revoked"]


def test_what_a_transaction_undoes_was_not_recorded():
    with pytest.raises(RuntimeError), transaction.atomic():
        record_security_event(Kind.OPERATED)
        raise RuntimeError
    assert kinds() == []


def test_files_that_leave_are_recorded_and_pages_are_not(client):
    place = EngagementFactory()
    lead = member(Role.LEAD, place)
    client.force_login(lead)
    client.get(f"/engagements/{place.slug}/")
    before = SecurityEvent.objects.count()
    answer = client.get(f"/engagements/{place.slug}/milestones/export.csv")
    assert answer.status_code == 200
    event = SecurityEvent.objects.order_by("pk").last()
    assert SecurityEvent.objects.count() == before + 1
    assert (event.kind, event.actor, event.engagement) == ("exported", lead, place)
    Client().get("/cities/detroit/where.csv")
    assert SecurityEvent.objects.count() == before + 1, "what everybody may have leaves no entry"


def test_a_document_that_is_downloaded_is_named(client):
    place = EngagementFactory()
    lead = member(Role.LEAD, place)
    document = things_of(place)["d"]
    client.force_login(lead)
    b"".join(client.get(f"/documents/{document}/").streaming_content)
    event = SecurityEvent.objects.get(kind="downloaded")
    assert (event.noun, event.object_id, event.engagement) == ("document", document, place)


def test_a_refusal_is_recorded_and_a_page_that_is_not_there_is_not(client):
    place = EngagementFactory()
    partner = member(Role.LOCAL_PARTNER, place)
    client.force_login(partner)
    client.get("/engagements/nowhere/")
    assert "denied" not in kinds()
    client.post(f"/engagements/{place.slug}/people/invite/")
    event = SecurityEvent.objects.get(kind="denied")
    assert (event.actor, event.engagement) == (partner, place)
    assert event.detail["method"] == "POST" and place.slug not in str(event.detail)


def test_the_log_is_added_to_and_never_changed():
    event = record_security_event(Kind.OPERATED, typed_address="a@b.gov")
    tables = ("engagements_securityevent", "engagements_securityeventsource")
    for statement in (
        f"UPDATE {tables[0]} SET kind = 'x' WHERE id = {event.pk}",
        f"DELETE FROM {tables[0]} WHERE id = {event.pk}",
        f"UPDATE {tables[1]} SET browser = 'x' WHERE event_id = {event.pk}",
    ):
        with pytest.raises(Error), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


def test_where_events_came_from_is_erased_by_age_and_by_person():
    ann = User.objects.create_user("ann@city.gov", PASSWORD)
    record_security_event(Kind.SIGN_IN_FAILED, about=ann, typed_address=ann.email)
    other = record_security_event(Kind.SIGN_IN_FAILED, typed_address="bea@city.gov")
    assert erase_sources_of(person=ann, by=None) == 1
    assert list(SecurityEventSource.objects.values_list("event", flat=True)) == [other.pk]
    later = other.at.replace(year=other.at.year + 2)
    assert erase_old_sources(days=400, now=later) == 1
    assert kinds() == ["sign_in_failed", "sign_in_failed", "names_erased", "names_erased"]


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("203.0.113.77", "203.0.113.0/24"),
        ("2001:db8:1:2::3", "2001:db8:1::/48"),
        ("::ffff:203.0.113.77", "203.0.113.0/24"),
        ("", ""),
        ("nonsense", ""),
    ],
)
def test_of_an_address_its_network_is_kept(address, network):
    assert network_of(address) == network


@pytest.mark.parametrize(
    ("agent", "family"),
    [
        (FIREFOX, "Firefox on Linux"),
        ("Mozilla/5.0 (Windows NT 10.0; Win64) Chrome/140.0 Safari/537.36 Edg/140.0", "Edge on Windows"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604", "Safari on iPhone"),
        ("Mozilla/5.0 (Linux; Android 15) AppleWebKit/537 Chrome/140.0 Mobile Safari/537", "Chrome on Android"),
        ("python-requests/2.34", "A program"),
        ("", ""),
    ],
)  # fmt: skip
def test_of_a_browser_its_family_is_kept(agent, family):
    assert browser_family(agent) == family
