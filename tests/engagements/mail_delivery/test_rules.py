"""What a refusal means, and what reports and events say: worked cases of RFC 3463, RFC 3464 and Mailgun's form."""

from datetime import timedelta

import pytest

from engagements.mail_delivery.rules import Refusal, one_line, read_event, read_report, refusal_of, stops, wait_after

REPORT = """Reporting-MTA: dns; mx.example.org

Final-Recipient: rfc822; Ann@Example.org
Action: {action}
Status: {status}
Diagnostic-Code: smtp; 550 5.1.1 <Ann@Example.org>: no such user

Message-ID: <abc.def@portal.example.org>
Subject: [Mobility Portal] Hello
"""


@pytest.mark.parametrize(
    ("code", "said", "refusal"),
    [
        (550, "5.1.1 no such user", Refusal.NO_SUCH_ADDRESS),
        (553, "sorry", Refusal.NO_SUCH_ADDRESS),
        (550, "5.7.26 DMARC", Refusal.REFUSED),
        (554, "Transaction failed", Refusal.REFUSED),
        (552, "5.2.2 mailbox full", Refusal.LATER),
        (450, "4.2.0 greylisted", Refusal.LATER),
        (421, "", Refusal.LATER),
    ],
)
def test_what_a_code_means(code, said, refusal):
    assert refusal_of(code, said) is refusal


def test_when_an_address_is_stopped_and_when_it_is_tried_again():
    assert stops(Refusal.NO_SUCH_ADDRESS, 1)
    assert [stops(Refusal.REFUSED, n) for n in (1, 2, 3)] == [False, False, True]
    assert not stops(Refusal.LATER, 99)
    waits = [wait_after(n) for n in range(1, 9)]
    assert waits == sorted(waits) and waits[0] == timedelta(minutes=5) and waits[-1] == timedelta(days=1)


def test_a_report_names_its_address_its_mail_and_why():
    found = read_report(["Could not be delivered.", REPORT.format(action="failed", status="5.1.1")])
    assert (found.recipient, found.message_id) == ("ann@example.org", "abc.def@portal.example.org")
    assert found.refusal is Refusal.NO_SUCH_ADDRESS and "no such user" in found.reason
    assert read_report([REPORT.format(action="failed", status="4.4.7")]).refusal is Refusal.REFUSED  # given up
    assert read_report([REPORT.format(action="delayed", status="4.4.7")]) is None
    assert read_report(["Yes, on Friday."]) is None and read_report([]) is None


@pytest.mark.parametrize(
    ("event", "refusal"),
    [
        ({"event": "failed", "severity": "permanent", "recipient": "A@b.org"}, Refusal.REFUSED),
        (
            {
                "event": "failed",
                "severity": "permanent",
                "recipient": "a@b.org",
                "delivery-status": {"code": 550, "message": "5.1.1 unknown"},
            },
            Refusal.NO_SUCH_ADDRESS,
        ),
        ({"event": "complained", "recipient": "a@b.org"}, Refusal.NO_SUCH_ADDRESS),
        ({"event": "failed", "severity": "temporary", "recipient": "a@b.org"}, None),
        ({"event": "delivered", "recipient": "a@b.org"}, None),
        ({"event": "failed", "severity": "permanent", "delivery-status": [], "recipient": "a@b.org"}, Refusal.REFUSED),
        ({"event": "failed", "severity": "permanent"}, None),
        (None, None),
        ([], None),
    ],
)
def test_events(event, refusal):
    found = read_event(event)
    assert (found.refusal if found else None) is refusal
    assert found is None or found.recipient == found.recipient.lower()


def test_what_a_server_says_is_one_short_line():
    assert one_line("a\r\nb\x00\u202ec  " + "x" * 999) == ("a b c " + "x" * 999)[:300]
