"""Invitations: one link, one address, one role, once, for two weeks."""

from datetime import timedelta

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone

from engagements.access.errors import NotAllowed, NotFound
from engagements.models import Activity, EngagementRole, FormIdempotencyKey, Invitation, User
from engagements.people.actions import invitations as act
from engagements.people.actions.roles import end_role
from engagements.permissions import Role
from tests.factories.engagements import EngagementFactory, UserFactory, everybody, give, member, pair

pytestmark = pytest.mark.django_db
NEW_PASSWORD = "seven-Lanterns-19"


@pytest.fixture
def engagement():
    return EngagementFactory()


@pytest.fixture
def lead(engagement):
    return member(Role.LEAD, engagement, name="Lena")


def invite(lead, engagement, **given):
    given = {"email": "ann@example.org", "name": "Ann", "role": "adviser"} | given
    return act.invite(engagement=engagement.pk, by=lead, **({"now": timezone.now()} | given))


def link(secret: str) -> str:
    return f"/invitations/{secret}/"


def test_a_link_makes_an_account_with_the_role_once(client, lead, engagement):
    _, secret = invite(lead, engagement)
    assert "ann@example.org" in client.get(link(secret)).content.decode()
    answer = client.post(link(secret), {"name": "Ann Lee", "password": NEW_PASSWORD})
    assert (answer.status_code, answer.url) == (302, "/me/")
    ann = User.objects.get(email="ann@example.org")
    assert (ann.name, ann.check_password(NEW_PASSWORD), ann.is_staff) == ("Ann Lee", True, False)
    role = EngagementRole.objects.get(user=ann)
    assert (role.role, role.engagement, role.given_by) == ("adviser", engagement, lead)
    assert client.session["_auth_user_id"] == str(ann.pk)
    again = Client().get(link(secret))
    assert again.status_code == 410 and "used already" in again.content.decode()


def test_an_invitation_from_before_does_not_give_an_ended_role_back(lead, engagement):
    ann = UserFactory(email="ann@example.org")
    _, secret = invite(lead, engagement)
    _, other = invite(lead, engagement, role="expert")
    end_role(role=give(ann, "adviser", engagement).pk, by=lead, now=timezone.now())
    with pytest.raises(act.InvitationClosed, match="withdrawn"):
        act.accept_invitation(secret=secret, by=ann, now=timezone.now())
    assert act.accept_invitation(secret=other, by=ann, now=timezone.now()).role == "expert"
    said = Activity.objects.filter(noun="invitation", verb="withdrew").values_list("title", flat=True)
    assert list(said) == ["Ann: Adviser"]


def test_somebody_with_an_account_signs_in_and_accepts(client, lead, engagement):
    ann = UserFactory(email="ann@example.org")
    _, secret = invite(lead, engagement)
    asked = client.get(link(secret))
    assert asked.status_code == 302 and asked.url == f"/accounts/login/?next=/invitations/{secret}/"
    assert client.post(link(secret), {"name": "Eve", "password": NEW_PASSWORD}).status_code == 302
    assert not EngagementRole.objects.filter(user=ann).exists()
    client.force_login(ann)
    assert client.get(link(secret)).status_code == 200
    assert client.post(link(secret)).url == "/me/"
    assert EngagementRole.objects.get(user=ann).role == "adviser"


def test_another_address_is_refused_and_changes_nothing(client, lead, engagement):
    _, secret = invite(lead, engagement)
    eve = UserFactory(email="eve@example.org")
    client.force_login(eve)
    assert client.get(link(secret)).status_code == client.post(link(secret)).status_code == 403
    with pytest.raises(NotAllowed):
        act.accept_invitation(secret=secret, by=eve, now=timezone.now())
    assert Invitation.objects.get().accepted_at is None and not eve.roles.exists()


@pytest.mark.parametrize(("days", "status"), [(13.9, 200), (14, 410), (400, 410)])
def test_it_works_for_two_weeks(client, lead, engagement, days, status):
    _, secret = invite(lead, engagement, now=timezone.now() - timedelta(days=days))
    assert client.get(link(secret)).status_code == status
    posted = client.post(link(secret), {"name": "Ann", "password": NEW_PASSWORD})
    assert posted.status_code == (302 if status == 200 else 410)
    assert User.objects.filter(email="ann@example.org").exists() == (status == 200)


def test_an_altered_link_is_not_there(client, lead, engagement):
    _, secret = invite(lead, engagement)
    altered = ("A" if secret[0] != "A" else "B") + secret[1:]
    row = Invitation.objects.get()
    for wrong in (altered, secret[:-1], row.sha256, str(row.pk), "x"):
        assert client.get(link(wrong)).status_code == 404, wrong
    assert secret not in str(Invitation.objects.values())


def test_a_withdrawn_or_replaced_link_opens_nothing(client, lead, engagement):
    made, first = invite(lead, engagement)
    _, second = invite(lead, engagement)
    assert [client.get(link(s)).status_code for s in (first, second)] == [410, 200]
    act.revoke_invitation(invitation=Invitation.objects.latest("pk").pk, by=lead, now=timezone.now())
    assert client.get(link(second)).status_code == 410


def test_nobody_gets_what_the_inviter_may_no_longer_give(client, lead, engagement):
    _, secret = invite(lead, engagement)
    end_role(role=lead.roles.get().pk, by=UserFactory(is_superuser=True), now=timezone.now())
    answer = client.post(link(secret), {"name": "Ann", "password": NEW_PASSWORD})
    assert answer.status_code == 410 and "no longer gives roles" in answer.content.decode()
    assert not User.objects.filter(email="ann@example.org").exists()


def test_links_are_tried_twenty_times_a_minute(client, settings):
    answers = [client.get(link(f"guess-{n}")).status_code for n in range(22)]
    assert answers == [404] * 20 + [429] * 2


def test_weak_passwords_are_refused_at_the_field_and_nothing_typed_is_lost(client, lead, engagement):
    _, secret = invite(lead, engagement)
    answer = client.post(link(secret), {"name": "Ann Lee", "password": "password1"})
    page = answer.content.decode()
    assert answer.status_code == 422 and 'value="Ann Lee"' in page and "too common" in page
    assert not User.objects.filter(email="ann@example.org").exists()


def test_only_those_who_give_roles_invite_and_others_learn_nothing(lead, engagement):
    here, there = pair()
    people = everybody(here)
    for role, person in people.items():
        for place in (here, there):
            if role is Role.LEAD:
                invite(person, place, email=f"{place.pk}@example.org")
            else:
                with pytest.raises(NotFound):
                    invite(person, place)
        with pytest.raises(NotFound):
            invite(person, engagement)


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"email": "nobody"}, "email"),
        ({"role": "king"}, "role"),
        ({"role": "lead"}, "role"),
        ({"organisation": 10**6}, "organisation"),
    ],
)
def test_what_makes_no_sense_is_refused_by_field(lead, engagement, given, field):
    with pytest.raises(ValidationError) as refused:
        invite(lead, engagement, **given)
    assert set(refused.value.message_dict) == {field}
    assert not Invitation.objects.exists() and not FormIdempotencyKey.objects.exists()


def test_who_holds_the_role_or_is_switched_off_is_not_invited(lead, engagement):
    member(Role.ADVISER, engagement, email="ann@example.org")
    UserFactory(email="off@example.org", is_active=False)
    for email in ("Ann@Example.org", "off@example.org"):
        with pytest.raises(ValidationError):
            invite(lead, engagement, email=email)


def test_the_lead_invites_on_the_page_and_a_double_click_sends_one_mail(client, lead, engagement):
    client.force_login(lead)
    url = f"/engagements/{engagement.slug}/people/invite/"
    submission = client.get(url).context["form"]["submission"].value()
    sent = {"email": "ann@example.org", "name": "Ann", "role": "adviser", "submission": submission}
    for _ in range(2):
        assert client.post(url, sent).url == f"/engagements/{engagement.slug}/people/"
    assert Invitation.objects.count() == len(mail.outbox) == 1
    letter = mail.outbox[0]
    assert letter.to == ["ann@example.org"] and "Lena invites you" in letter.subject
    path = next(word for word in letter.body.split() if "/invitations/" in word).removeprefix("http://testserver")
    assert path in letter.alternatives[0][0]
    assert Client().get(path).status_code == 200
    page = client.get(f"/engagements/{engagement.slug}/people/").content.decode()
    assert "Invited, not here yet" in page and "ann@example.org" in page


def test_a_name_that_would_write_headers_is_refused(client, lead, engagement):
    client.force_login(lead)
    url = f"/engagements/{engagement.slug}/people/invite/"
    submission = client.get(url).context["form"]["submission"].value()
    sent = {"email": "ann@example.org", "role": "adviser", "submission": submission}
    assert client.post(url, sent | {"name": "Ann\r\nBcc: x@example.org"}).status_code == 422
    assert not mail.outbox and not Invitation.objects.exists()


def test_a_mail_server_that_refuses_leaves_no_open_invitation(client, lead, engagement, settings):
    settings.EMAIL_BACKEND = "tests.engagements.people.test_invitations.Refusing"
    client.force_login(lead)
    url = f"/engagements/{engagement.slug}/people/invite/"
    sent = {"email": "ann@example.org", "role": "adviser", "submission": "12345678-1234-5678-1234-567812345678"}
    answer = client.post(url, sent)
    assert answer.status_code == 422 and "ann@example.org" in answer.content.decode()
    assert not Invitation.objects.open(timezone.now()).exists()


class Refusing:
    def __init__(self, **options):
        pass

    def send_messages(self, messages):
        raise ConnectionRefusedError("no server")


def test_a_superuser_makes_the_first_lead_through_pages(client, engagement):
    root = UserFactory(is_staff=True, is_superuser=True)
    client.force_login(root)
    slug = engagement.initiative.slug
    sent = {"email": "lena@example.org", "role": "lead", "submission": "12345678-1234-5678-1234-567812345678"}
    assert client.post(f"/initiatives/{slug}/people/invite/", sent).url == f"/initiatives/{slug}/people/"
    path = next(word for word in mail.outbox[0].body.split() if "/invitations/" in word)
    stranger = Client()
    stranger.post(path.removeprefix("http://testserver"), {"name": "Lena", "password": NEW_PASSWORD})
    lead = User.objects.get(email="lena@example.org")
    assert lead.roles.get().engagement is None
    assert stranger.get(f"/engagements/{engagement.slug}/people/invite/").status_code == 200
    assert client.post(f"/roles/{lead.roles.get().pk}/end/", {"why": "moved on"}).status_code == 302
    after = stranger.get(f"/engagements/{engagement.slug}/people/")
    assert after.status_code == 302 and "/login/" in after.url, "without any role one is signed out"
    assert client.get(f"/initiatives/{slug}/people/").status_code == 200


def test_the_accepted_answer_to_a_new_session_has_a_new_key(lead, engagement):
    _, secret = invite(lead, engagement)
    client = Client()
    client.session.save()
    client.cookies["sessionid"] = "fixed-by-somebody-else-0123456789"
    client.post(link(secret), {"name": "Ann", "password": NEW_PASSWORD})
    assert client.cookies["sessionid"].value != "fixed-by-somebody-else-0123456789"
