"""A webhook arrives at a local server that misbehaves: nothing lost, doubled, followed or told to the wrong person."""

import time
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError

from engagements.discussion.actions.comments import add_comment
from engagements.models import EngagementRole, Notification, Webhook, WebhookAttempt, WebhookDelivery, WebhookEnd
from engagements.permissions import Role
from engagements.webhooks.actions import delivery as sending
from engagements.webhooks.actions.delivery import plan_deliveries, send_due
from engagements.webhooks.actions.webhooks import (
    end_webhook,
    make_webhook,
    pause_webhook,
    resume_webhook,
    test_webhook,
)
from engagements.webhooks.rules.signing import signature_headers
from tests.engagements.discussion.discussion import as_, house
from tests.factories.engagements import NOW
from tests.factories.receiver import receiver

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(minutes=1)
test_webhook.__test__ = False


@pytest.fixture
def end():
    with receiver() as found:
        yield found


@pytest.fixture
def people(settings):
    settings.WEBHOOK_PRIVATE_HOSTS = frozenset({"127.0.0.1"})
    settings.PORTAL_URL = "https://portal.example.org"
    here, _, mine, _ = house()
    return here, mine


def make(end, by, **more):
    wanted = {"name": "#detroit", "shape": "slack", "kinds": ["mention"], "by": by, "now": NOW} | more
    return make_webhook(address=end.address, **wanted)


def mention(here, mine, now=NOW):
    body = f"@{mine[Role.EXPERT].email} Which <tract>?"
    return add_comment(engagement=here.pk, body=body, visibility="team", by=mine[Role.ADVISER], now=now)


def run(now=LATER) -> int:
    plan_deliveries(now=now)
    return send_due(now=now)


def test_a_slack_shaped_message_arrives_once_signed_and_is_in_the_log(people, end):
    here, mine = people
    row, key = make(end, mine[Role.EXPERT])
    comment = mention(here, mine)
    assert [run(), run()] == [1, 0]
    ((headers, body),) = end.taken
    assert end.last["blocks"][0]["text"]["text"].startswith(f"*{here.city.name}*: ")
    assert f"https://portal.example.org/comments/{comment.pk}/" in body.decode() and "&lt;tract&gt;" in body.decode()
    at, event = int(headers["webhook-timestamp"]), headers["webhook-id"]
    assert headers["webhook-signature"] == signature_headers(key, event=event, at=at, body=body)["webhook-signature"]
    (attempt,) = WebhookAttempt.objects.all()
    assert attempt.status == 200 and attempt.delivery.status == "delivered"
    page = as_(mine[Role.EXPERT]).get(f"/webhooks/{row.pk}/").content.decode()
    assert "Delivered" in page and "secretpart" not in page and key not in page


def test_address_and_key_are_kept_encrypted_and_in_no_history(people, end):
    _, mine = people
    _, key = make(end, mine[Role.EXPERT])
    kept = WebhookEnd.objects.get()
    assert "secretpart" not in kept.address and key not in kept.key
    row = Webhook.pgh_event_model.objects.get()
    assert row.host == "127.0.0.1" and "secretpart" not in str(vars(row))


@pytest.mark.parametrize(
    ("behaves", "status", "seconds", "said"),
    [
        ("hangs", None, 30, "did not answer within"),
        ("drips", None, 30, "did not answer within"),
        ("fails", 500, 30, "<h1>Oh</h1>no"),
        ("asks to wait", 429, 90, "slow"),
    ],
)
def test_what_may_pass_is_tried_again_with_the_same_id(people, end, behaves, status, seconds, said, monkeypatch):
    here, mine = people
    short = sending.post_small
    monkeypatch.setattr(sending, "post_small", lambda *args, **more: short(*args, **more, seconds=1.0))
    make(end, mine[Role.EXPERT])
    mention(here, mine)
    end.behaves = behaves
    began = time.monotonic()
    assert run() == 0 and time.monotonic() - began < 4
    waiting = WebhookDelivery.objects.get()
    assert waiting.status == "waiting" and waiting.next_at == LATER + timedelta(seconds=seconds)
    attempt = waiting.log.get()
    assert attempt.status == status and said in attempt.said
    end.behaves = "well"
    assert run(LATER + timedelta(seconds=seconds - 1)) == 0 and run(LATER + timedelta(seconds=seconds)) == 1
    assert len({headers["webhook-id"] for headers, _ in end.taken}) == 1 and len(end.taken) == 2
    assert WebhookEnd.objects.get().failures == 0


@pytest.mark.parametrize("leads_to", ["http://169.254.169.254/latest/", "http://10.0.0.1/", "https://example.org/"])
def test_a_redirect_is_followed_nowhere(people, end, leads_to):
    here, mine = people
    make(end, mine[Role.EXPERT])
    mention(here, mine)
    end.behaves, end.leads_to = "redirects", leads_to
    assert run() == 0 and WebhookDelivery.objects.get().status == "given_up"
    assert "redirect" in WebhookAttempt.objects.get().said and len(end.taken) == 1


def test_a_gigabyte_as_an_answer_costs_nothing(people, end):
    here, mine = people
    make(end, mine[Role.EXPERT])
    mention(here, mine)
    end.behaves = "floods"
    began = time.monotonic()
    assert run() == 1 and time.monotonic() - began < 3
    assert end.sent < 50_000_000


def test_a_message_that_is_refused_holds_up_no_other(people, end):
    here, mine = people
    make(end, mine[Role.EXPERT])
    mention(here, mine)
    end.behaves = "refuses"
    run()
    end.behaves = "well"
    mention(here, mine, now=LATER)
    assert run(LATER) == 1
    assert sorted(WebhookDelivery.objects.values_list("status", flat=True)) == ["delivered", "given_up"]


def test_a_server_that_is_down_is_asked_once_a_round_then_paused_and_its_owner_told(people, end):
    here, mine = people
    row, _ = make(end, mine[Role.EXPERT])
    for _ in range(3):
        mention(here, mine)
    end.behaves, now = "fails", LATER
    for _ in range(12):
        run(now)
        now += timedelta(days=1)
    row.refresh_from_db()
    assert len(end.taken) == 7 and row.paused_at is not None and "Oh" in row.paused_why
    assert not WebhookDelivery.objects.filter(status="waiting").exists()
    told = Notification.objects.get(noun="webhook")
    assert told.user == mine[Role.EXPERT] and "paused" in told.line
    assert as_(mine[Role.EXPERT]).get(f"/notifications/{told.pk}/")["Location"] == f"/webhooks/{row.pk}/"
    end.behaves = "well"
    resume_webhook(webhook=row.pk, by=mine[Role.EXPERT], now=now)
    assert run(now) == 0  # what happened while it was paused stays untold
    mention(here, mine, now=now)
    assert run(now) == 1


def test_gone_is_paused_at_once(people, end):
    here, mine = people
    row, _ = make(end, mine[Role.EXPERT])
    mention(here, mine)
    end.behaves = "is gone"
    run()
    row.refresh_from_db()
    assert row.paused_at == LATER


def test_it_tells_what_its_owner_may_see_when_it_is_sent(people, end):
    here, mine = people
    make(end, mine[Role.EXPERT])
    mention(here, mine)
    plan_deliveries(now=LATER)
    EngagementRole.objects.filter(user=mine[Role.EXPERT]).update(ended_on=NOW.date() - timedelta(days=1))
    assert send_due(now=LATER) == 0 and end.taken == []
    assert WebhookDelivery.objects.get().status == "withheld"


@pytest.mark.parametrize(
    ("level", "expected"), [("all", {"all"}), ("city", {"all", "city"}), ("team", {"all", "city", "team"})]
)
def test_a_city_is_told_up_to_the_level_that_was_chosen(people, end, level, expected):
    here, mine = people
    lead = mine[Role.LEAD]
    make(end, lead, engagement=here.pk, kinds=(), visibility=level, shape="json")
    for said in ("all", "city", "team"):
        add_comment(engagement=here.pk, body=f"words {said}", visibility=said, by=lead, now=LATER)
    run(LATER)
    bodies = b"".join(body for _, body in end.taken).decode()
    assert {said for said in ("all", "city", "team") if f"words {said}" in bodies} == expected


def test_nobody_tells_of_what_they_may_not_read(people, end):
    here, mine = people
    with pytest.raises(ValidationError, match="read yourself"):
        make(end, mine[Role.FUNDER], engagement=here.pk, kinds=(), visibility="team")


@pytest.mark.parametrize(
    "address",
    [
        "http://example.org/",
        "ftp://example.org/",
        "https://127.0.0.1/",
        "https://[::1]/",
        "https://2130706433/",
        "https://169.254.169.254/latest/",
        "https://10.1.2.3/x",
        "https://localhost/",
        "https://[::ffff:10.0.0.1]/",
        "https://user:pass@example.org/",
        "https://",
        "x" * 3_000,
    ],
)
def test_addresses_that_are_private_or_none_are_refused_when_it_is_made(people, settings, address):
    _, mine = people
    settings.WEBHOOK_PRIVATE_HOSTS = frozenset()
    with pytest.raises(ValidationError) as refused:
        make_webhook(name="x", shape="slack", address=address, kinds=["mention"], by=mine[Role.EXPERT], now=NOW)
    assert "address" in refused.value.error_dict and not Webhook.objects.exists()


def test_a_name_that_resolves_elsewhere_later_reaches_nothing(people, end, settings):
    """Made while the host was let in; at sending it is private."""
    here, mine = people
    make(end, mine[Role.EXPERT])
    mention(here, mine)
    settings.WEBHOOK_PRIVATE_HOSTS = frozenset()
    assert run() == 0 and end.taken == []
    assert "private network" in WebhookAttempt.objects.get().said


def test_the_page_makes_tries_pauses_and_ends_it(people, end):
    here, mine = people
    client = as_(mine[Role.EXPERT])
    sent = {
        "name": "mine",
        "shape": "json",
        "address": end.address,
        "about": "mine",
        "kinds": ["mention"],
        "visibility": "all",
        "submission": "12345678-1234-5678-1234-567812345678",
    }
    made = client.post("/me/webhooks/", sent)
    assert "whsec_" in made.content.decode() and "whsec_" not in client.get("/me/webhooks/").content.decode()
    client.post("/me/webhooks/", sent)  # a double tap
    row = Webhook.objects.get()
    client.post(f"/webhooks/{row.pk}/test/")
    client.post(f"/webhooks/{row.pk}/test/")
    tested = WebhookDelivery.objects.get()
    assert send_due(now=tested.created_at) == 1 and end.last["type"] == "test"
    pause_webhook(webhook=row.pk, by=mine[Role.EXPERT], now=LATER)
    mention(here, mine)
    assert run() == 0
    assert (
        client.post("/me/webhooks/", sent | {"kinds": [], "submission": sent["submission"][:-1] + "9"}).status_code
        == 422
    )
    end_webhook(webhook=row.pk, by=mine[Role.EXPERT], now=LATER)
    assert not WebhookEnd.objects.exists() and client.get(f"/webhooks/{row.pk}/").status_code == 404


def test_who_gives_roles_sees_and_ends_what_others_send_from_their_city(people, end):
    here, mine = people
    row, _ = make(end, mine[Role.ADVISER], engagement=here.pk, kinds=(), visibility="team")
    own, _ = make(end, mine[Role.ADVISER])
    lead = as_(mine[Role.LEAD])
    assert lead.get(f"/webhooks/{row.pk}/").status_code == 200 and lead.get(f"/webhooks/{own.pk}/").status_code == 404
    assert lead.post(f"/webhooks/{row.pk}/pause/").status_code == 403
    assert as_(mine[Role.EXPERT]).post(f"/webhooks/{row.pk}/end/").status_code == 404
    assert lead.post(f"/webhooks/{row.pk}/end/").status_code == 302
    row.refresh_from_db()
    assert row.archived_by == mine[Role.LEAD]
