"""Mail that comes back: it stops, its owner and the leads see it, the others get theirs, nobody gets one twice."""

import hashlib
import hmac
import json
import uuid
from datetime import timedelta
from smtplib import SMTPDataError, SMTPRecipientsRefused

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from engagements.base.message_ids import is_ours, write_message_id
from engagements.mail_delivery.mail import TryLater, deliver
from engagements.models import MailAddress, Notification, ReceivedMail
from engagements.notifications.mail import send_outgoing
from engagements.permissions import Role
from tests.engagements.mail_delivery.test_rules import REPORT
from tests.factories.engagements import NOW, everybody, pair

pytestmark = pytest.mark.django_db
KEY = "a-key-of-the-service"


@pytest.fixture(autouse=True)
def service(settings):
    settings.REPLY_ADDRESS, settings.INBOUND_MAIL_KEY = "reply@in.example.org", KEY


@pytest.fixture
def server(monkeypatch):
    """A mail server that answers some addresses with an exception; what it took is in `mail.outbox`."""
    answers = {}
    own = mail.EmailMultiAlternatives.send

    def send(letter, *asked, **more):
        if letter.to[0] in answers:
            raise answers[letter.to[0]]
        return own(letter, *asked, **more)

    monkeypatch.setattr(mail.EmailMultiAlternatives, "send", send)
    return answers


@pytest.fixture
def told():
    """Three people, one notification that is mailed at once for each, oldest first."""
    here, _ = pair()
    people = everybody(here)
    chosen = [people[Role.LEAD], people[Role.ADVISER], people[Role.CITY_STAFF]]
    for n, person in enumerate(chosen):
        Notification.objects.create(
            user=person,
            kind="assignment",
            noun="engagement",
            object_id=here.pk,
            engagement=here,
            line=f"Line {n}",
            created_at=NOW - timedelta(minutes=9 - n),
        )
    return here, chosen


def refused(address: str, code: int, words: bytes) -> SMTPRecipientsRefused:
    return SMTPRecipientsRefused({address: (code, words)})


def to_whom() -> list[str]:
    return [letter.to[0] for letter in mail.outbox]


def test_an_address_that_does_not_exist_stops_and_holds_up_nobody(told, server):
    here, (lead, *others) = told
    server[lead.email] = refused(lead.email, 550, b"5.1.1 no such user\r\nbye")
    for _ in range(2):
        send_outgoing(now=NOW)
    assert to_whom() == [person.email for person in others]
    row = MailAddress.objects.get()
    assert row.address == lead.email and row.stopped_at == NOW and row.reason == "550 5.1.1 no such user bye"
    del server[lead.email]
    Notification.objects.filter(user=lead).update(sent_at=None)
    send_outgoing(now=NOW)
    assert lead.email not in to_whom()  # none goes there any more


def test_a_server_that_asks_for_patience_is_asked_again_later(told, server):
    here, (lead, *_) = told
    server[lead.email] = refused(lead.email, 450, b"4.2.0 greylisted")
    send_outgoing(now=NOW)
    send_outgoing(now=NOW + timedelta(minutes=1))
    assert lead.email not in to_whom() and len(mail.outbox) == 2
    row = MailAddress.objects.get()
    assert row.put_off == 1 and row.next_try_at == NOW + timedelta(minutes=5) and row.stopped_at is None
    del server[lead.email]
    for _ in range(2):
        send_outgoing(now=NOW + timedelta(minutes=6))
    assert to_whom().count(lead.email) == 1
    assert MailAddress.objects.get().put_off == 0


def test_the_third_refusal_for_another_reason_stops(server):
    letter = mail.EmailMultiAlternatives("Hello", "Words", to=["Ann@example.org"])
    server["Ann@example.org"] = SMTPDataError(554, b"5.7.1 looks like spam")
    assert [deliver(letter, now=NOW) for _ in range(2)] == [0, 0]
    assert MailAddress.objects.get().stopped_at is None
    deliver(letter, now=NOW)
    assert MailAddress.objects.get().stopped_at == NOW
    MailAddress.objects.update(stopped_at=None, failed_at=NOW - timedelta(days=31))
    deliver(letter, now=NOW)
    assert MailAddress.objects.get().refusals == 1  # those of last month do not count
    server["Ann@example.org"] = SMTPDataError(451, b"4.3.0 busy")
    with pytest.raises(TryLater):
        deliver(letter, now=NOW)


def test_its_owner_and_those_who_give_roles_see_it_and_the_owner_ends_it(told):
    here, (lead, adviser, staff) = told
    MailAddress.objects.create(
        address=staff.email, refusals=1, reason="550 <b>no</b> such user", failed_at=NOW, stopped_at=NOW
    )
    client = Client()
    client.force_login(staff)
    page = client.get("/notifications/").content.decode()
    assert "550 &lt;b&gt;no&lt;/b&gt; such user" in page and "/notifications/mail-again/" in page
    people = f"/engagements/{here.slug}/people/"
    assert "tag-late" not in client.get(people).content.decode()
    client.force_login(lead)
    assert client.get(people).content.decode().count("tag-late") == 1
    assert "mail-again" not in client.get("/notifications/").content.decode()
    client.post("/notifications/mail-again/")  # of one's own address only
    assert MailAddress.objects.exists()
    client.force_login(staff)
    assert client.post("/notifications/mail-again/").status_code == 302
    assert not MailAddress.objects.exists()


@pytest.mark.parametrize(
    "wrong",
    [
        {"address": "Ann@example.org"},
        {"reason": " "},
        {"refusals": 0},
        {"next_try_at": NOW},
    ],
)
def test_the_database_keeps_no_contradiction(wrong):
    row = {"address": "ann@example.org", "refusals": 1, "reason": "no", "failed_at": NOW, "stopped_at": NOW} | wrong
    with pytest.raises(IntegrityError), transaction.atomic():
        MailAddress.objects.create(**row)


def signature(token: str) -> dict[str, str]:
    at = str(int(timezone.now().timestamp()))
    return {
        "timestamp": at,
        "token": token,
        "signature": hmac.new(KEY.encode(), f"{at}{token}".encode(), hashlib.sha256).hexdigest(),
    }


def send_report(message_id: str, address: str, token: str = "", where: str = "file"):
    text = REPORT.format(action="failed", status="5.1.1").replace("Ann@Example.org", address)
    text = text.replace("<abc.def@portal.example.org>", message_id)
    sent = signature(token or uuid.uuid4().hex) | {"recipient": "portal@example.org", "from": "MAILER-DAEMON@mx.org"}
    part = {"attachment-1": SimpleUploadedFile("report", text.encode(), content_type="message/delivery-status")}
    return Client().post("/inbound-mail/", sent | (part if where == "file" else {where: text}))


@pytest.mark.parametrize("where", ["file", "body-plain", "body-mime"])
def test_a_report_of_a_mail_of_ours_stops_its_address(where):
    ours = write_message_id("ann@example.org")
    for _ in range(2):  # the service calls again
        assert send_report(ours, "Ann@example.org", "the-same", where).status_code == 200
    row = MailAddress.objects.get()
    assert row.address == "ann@example.org" and row.stopped_at and row.refusals == 1
    assert ReceivedMail.objects.get().outcome == "bounced"


def test_nobody_stops_the_mail_of_another_with_a_report_of_their_own():
    mine = write_message_id("eve@example.org")
    assert is_ours(mine, "EVE@example.org") and not is_ours(mine, "ann@example.org")
    for message_id in (mine, "<abc.def@portal.example.org>", "<>", "<a@b>"):
        assert send_report(message_id, "ann@example.org").status_code == 200
    assert not MailAddress.objects.exists()


def send_event(said: object, token: str = "", **more):
    body = json.dumps({"signature": signature(token or uuid.uuid4().hex) | more, "event-data": said})
    return Client(enforce_csrf_checks=True).post("/inbound-mail/events/", body, content_type="application/json")


def test_an_event_of_the_mail_service_counts_once():
    said = {
        "event": "failed",
        "severity": "permanent",
        "recipient": "Ann@example.org",
        "delivery-status": {"code": 554},
    }
    for _ in range(2):
        assert send_event(said, "the-same").status_code == 200
    assert MailAddress.objects.get().refusals == 1
    assert send_event({"event": "delivered", "recipient": "ann@example.org"}).status_code == 200
    assert send_event(said, signature="0" * 64).status_code == 403
    assert MailAddress.objects.get().refusals == 1


@pytest.mark.parametrize("body", [b"x", b"[]", b'{"signature": 1}', b"[" * 5000, b"\xff"])
def test_what_is_no_event_is_refused_for_good(body):
    client = Client()
    assert client.post("/inbound-mail/events/", body, content_type="application/json").status_code == 406


def test_events_are_taken_only_where_a_service_is_set_up(settings):
    settings.INBOUND_MAIL_KEY = ""
    assert send_event({}).status_code == 404


def test_every_letter_carries_an_id_of_ours(told):
    send_outgoing(now=NOW)
    assert mail.outbox and all(is_ours(letter.extra_headers["Message-ID"], letter.to[0]) for letter in mail.outbox)
