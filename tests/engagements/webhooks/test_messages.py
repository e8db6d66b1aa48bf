"""Shapes, signatures and backoff, in worked cases."""

import base64
import hashlib
import hmac
import json
from datetime import UTC, datetime

import pytest

from engagements.webhooks.rules.backoff import DELAYS, MOST_FAILURES, judge
from engagements.webhooks.rules.messages import Message, write_body
from engagements.webhooks.rules.signing import signature_headers, write_key

AT = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
WORDS = {"open": "Open it", "demo": "Demo data: made up."}
HOSTILE = Message(
    "notification.mention",
    AT,
    "Ann <!channel> mentioned you",
    "Sign & <close>",
    "See [here](https://evil.example) <https://evil.example|our page>\n" + "x" * 5_000,
    "Detroit",
    "https://portal.example.org/comments/1/",
    True,
)


def test_slack_gets_blocks_in_which_nobodys_words_are_markup():
    made = json.loads(write_body("slack", HOSTILE, WORDS))
    text = made["blocks"][0]["text"]["text"]
    assert text == (
        "*Detroit*: Ann &lt;!channel&gt; mentioned you: "
        "<https://portal.example.org/comments/1/|Sign &amp; &lt;close&gt;>"
    )
    said = made["blocks"][1]["text"]["text"]
    assert said.startswith(">See [here]") and "<https" not in said and len(said) < 3_000
    assert made["text"].startswith("Detroit: Ann &lt;") and "made up" in json.dumps(made["blocks"][2])
    assert made["unfurl_links"] is False


def test_teams_gets_one_adaptive_card_without_markdown_below_28_kb():
    made = json.loads(write_body("teams", HOSTILE, WORDS))
    (attached,) = made["attachments"]
    card = attached["content"]
    assert made["type"] == "message" and attached["contentType"] == "application/vnd.microsoft.card.adaptive"
    assert card["type"] == "AdaptiveCard" and {part["type"] for part in card["body"]} == {"RichTextBlock"}
    assert card["actions"] == [{"type": "Action.OpenUrl", "title": "Open it", "url": HOSTILE.link}]
    assert len(write_body("teams", HOSTILE, WORDS)) < 28_000


def test_programs_get_the_message_with_its_kind_and_time():
    made = json.loads(write_body("json", HOSTILE, WORDS))
    assert made["type"] == "notification.mention" and made["timestamp"] == "2026-11-23T15:00:00+00:00"
    assert made["data"]["title"] == "Sign & <close>" and made["data"]["is_demo"] is True


def test_a_signature_is_of_id_time_and_body():
    key, body = write_key(b"k" * 32), b'{"a":1}'
    headers = signature_headers(key, event="e1", at=1_700_000_000, body=body)
    secret = base64.b64decode(key.removeprefix("whsec_"))
    expected = base64.b64encode(hmac.new(secret, b"e1.1700000000." + body, hashlib.sha256).digest()).decode()
    assert headers["webhook-signature"] == f"v1,{expected}" and headers["webhook-id"] == "e1"
    assert signature_headers(key, event="e1", at=1_700_000_001, body=body) != headers


def test_waiting_grows_to_a_day_then_the_webhook_is_left_alone():
    delays = [judge(500, failures=n).delay for n in range(MOST_FAILURES - 1)]
    assert delays == list(DELAYS) and judge(500, failures=MOST_FAILURES - 1).pauses
    assert sum(DELAYS) == pytest.approx(31.2 * 3_600, rel=0.01)


@pytest.mark.parametrize("status", [301, 302, 307, 400, 403, 404])
def test_what_is_refused_is_not_tried_again(status):
    verdict = judge(status, failures=0)
    assert not verdict.arrived and verdict.delay is None and not verdict.pauses


@pytest.mark.parametrize(("asked", "given"), [(5.0, 5.0), (0.0, 1.0), (10.0**9, 3_600.0), (None, 30)])
def test_a_server_may_ask_us_to_wait_for_an_hour_at_most(asked, given):
    assert judge(429, failures=0, retry_after=asked).delay == given
