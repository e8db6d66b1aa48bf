"""Programs at the real server all at once: no write is lost, and a key sent many times is one write."""

import json
import time
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from decimal import Decimal
from urllib.parse import urlencode
from uuid import uuid4

import pytest
from django.db.models import Sum
from django.test import Client
from django.utils import timezone

from engagements.models import Activity, HoursEntry, IdempotencyKey, ProgressEntry, Record
from engagements.people.actions.tokens import make_access_token
from engagements.permissions import Role
from tests.factories.engagements import EngagementFactory, MilestoneFactory, member

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def plenty(monkeypatch):
    from engagements.base.api.throttling import PersonThrottle, TokenThrottle

    for throttle in (PersonThrottle, TokenThrottle):
        monkeypatch.setattr(throttle, "THROTTLE_RATES", {"token": "999/min", "person": "999/min"})


def secret_of(user) -> str:
    now = timezone.now()
    common = {"name": "a test", "scopes": ["write:milestones"], "by": user, "now": now}
    return make_access_token(expires_at=now + timedelta(days=1), **common)[1]


def post(address: str, secret: str, body: dict, key: str) -> tuple[int, dict]:
    """As a program does it: when the line breaks (the test's server queues ten), the same key again."""
    given = {"Authorization": f"Bearer {secret}", "Content-Type": "application/json", "Idempotency-Key": key}
    for patience in range(30):
        try:
            with urllib.request.urlopen(
                urllib.request.Request(address, json.dumps(body).encode(), given), timeout=60
            ) as response:
                return response.status, json.load(response)
        except urllib.error.HTTPError as refused:
            with refused:
                return refused.code, json.load(refused)
        except (ConnectionError, urllib.error.URLError):
            time.sleep(0.05 * patience)
    raise AssertionError("The server never answered.")


def all_at_once(deeds) -> list:
    deeds = list(deeds)
    with ThreadPoolExecutor(len(deeds)) as pool:
        return [waiting.result() for waiting in [pool.submit(deed) for deed in deeds]]


def test_fifty_advisers_who_log_at_once_lose_no_write(live_server):
    engagement = EngagementFactory()
    milestone = MilestoneFactory(engagement=engagement)
    secrets = [secret_of(member(Role.ADVISER, engagement)) for _ in range(50)]
    address = f"{live_server.url}/api/v1/milestones/{milestone.pk}/progress/"
    found = all_at_once(
        lambda n=n, secret=secret: post(
            address, secret, {"status": ("in_progress", "at_risk")[n % 2], "line": f"line {n}"}, f"key {n}"
        )
        for n, secret in enumerate(secrets)
    )
    assert {status for status, _ in found} == {201}
    entries = list(ProgressEntry.objects.order_by("pk"))
    assert sorted(entry.line for entry in entries) == sorted(f"line {n}" for n in range(50))
    assert [a.status for a in entries[:-1]] == [b.old_status for b in entries[1:]]  # each saw the one before
    assert Activity.objects.count() == 50


class _Unfollowed(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *args, **kwargs):
        return None


def send_form(address: str, session: str, typed: dict) -> int:
    """As a browser sends it, twice when the line breaks: the submission's key makes it one entry."""
    token = "t" * 32
    headers = {"Cookie": f"sessionid={session}; csrftoken={token}", "Origin": address.split("/log/")[0]}
    body = urlencode(typed | {"csrfmiddlewaretoken": token}).encode()
    for patience in range(30):
        try:
            opener = urllib.request.build_opener(_Unfollowed)
            with opener.open(urllib.request.Request(address, body, headers), timeout=60) as response:
                return response.status
        except urllib.error.HTTPError as answered:
            with answered:
                return answered.code
        except (ConnectionError, urllib.error.URLError):
            time.sleep(0.05 * patience)
    raise AssertionError("The server never answered.")


def test_fifty_people_who_log_in_their_browsers_at_once_lose_nothing_and_double_nothing(live_server):
    """Statuses of one milestone, calls and hours of one engagement, each form sent twice at once."""
    engagement = EngagementFactory()
    milestone = MilestoneFactory(engagement=engagement)
    sends = []
    for n in range(50):
        client, day = Client(), {"on": "2026-11-30", "engagement": engagement.pk}
        client.force_login(member(Role.ADVISER, engagement))
        typed = (
            ("status", {"milestone": milestone.pk, "status": ("in_progress", "at_risk")[n % 2], "line": f"entry {n}"}),
            ("call", day | {"present": f"person {n}", "decided": f"entry {n}", "hours": "0.5"}),
            ("hours", day | {"hours": "1.25", "what": f"entry {n}"}),
        )[n % 3]
        sends += [(client.cookies["sessionid"].value, typed[0], typed[1] | {"submission": uuid4()})] * 2
    found = all_at_once(
        lambda session=session, kind=kind, typed=typed: send_form(f"{live_server.url}/log/?kind={kind}", session, typed)
        for session, kind, typed in sends
    )
    assert set(found) == {302}
    lines = lambda kind: sorted(f"entry {n}" for n in range(50) if n % 3 == kind)  # noqa: E731
    assert sorted(ProgressEntry.objects.values_list("line", flat=True)) == lines(0)
    assert sorted(Record.objects.filter(kind="decision").values_list("title", flat=True)) == lines(1)
    assert Record.objects.filter(kind="meeting").count() == len(lines(1))
    assert sorted(HoursEntry.objects.filter(record=None).values_list("what", flat=True)) == lines(2)
    hours = HoursEntry.objects.aggregate(n=Sum("hours"))["n"]
    assert hours == Decimal("0.5") * len(lines(1)) + Decimal("1.25") * len(lines(2))


def test_one_key_sent_twenty_times_at_once_is_one_write_with_one_answer(live_server):
    engagement = EngagementFactory()
    milestone = MilestoneFactory(engagement=engagement)
    secret = secret_of(member(Role.ADVISER, engagement))
    address = f"{live_server.url}/api/v1/milestones/{milestone.pk}/progress/"
    body = {"status": "in_progress", "line": "Met."}
    found = all_at_once([lambda: post(address, secret, body, "one")] * 20)
    assert {status for status, _ in found} == {201} and all(answer == found[0][1] for _, answer in found)
    assert ProgressEntry.objects.count() == IdempotencyKey.objects.count() == 1


def test_of_two_bodies_with_one_key_at_once_one_is_written_and_one_refused(live_server):
    engagement = EngagementFactory()
    milestone = MilestoneFactory(engagement=engagement)
    secret = secret_of(member(Role.ADVISER, engagement))
    address = f"{live_server.url}/api/v1/milestones/{milestone.pk}/progress/"
    found = all_at_once(
        lambda line=line: post(address, secret, {"status": "in_progress", "line": line}, "one")
        for line in ("One.", "Two.")
    )
    assert sorted(status for status, _ in found) == [201, 422] and ProgressEntry.objects.count() == 1
