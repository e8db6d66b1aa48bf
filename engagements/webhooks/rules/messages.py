"""One message and its shapes: Slack, Microsoft Teams, JSON for programs. Pure.

Sources, read November 2026. Slack: incoming webhooks take `text` and Block Kit `blocks`; the three characters & < >
are written as entities, a section holds 3,000 characters. Microsoft Teams: a Workflow ("When a Teams webhook request is
received") takes a message with one Adaptive Card as attachment, at most 28 KB; the connectors with their MessageCards
are gone. A text run of an Adaptive Card knows no Markdown, so nobody's words can become a link or a mention.
"""

import json
from dataclasses import dataclass
from datetime import datetime

LONGEST = 1_500  # characters of what somebody said: both services cut or refuse much more
_CARD = "application/vnd.microsoft.card.adaptive"


@dataclass(frozen=True)
class Message:
    """`kind`: for programs, such as "activity.logged". `head` says who did what, `title` to what, `body` in words."""

    kind: str
    at: datetime
    head: str
    title: str
    body: str
    city: str
    link: str
    is_demo: bool


def write_body(shape: str, message: Message, words: dict[str, str]) -> bytes:
    """`words`: "open" and "demo" in the language of the portal. Raises KeyError for a shape nobody made."""
    made = {"slack": _slack, "teams": _teams, "json": _json}[shape](message, words)
    return json.dumps(made, ensure_ascii=False, separators=(",", ":")).encode()


def _slack(message: Message, words: dict[str, str]) -> dict[str, object]:
    first = f"*{_escape(message.city)}*: {_escape(message.head)}" if message.city else _escape(message.head)
    text = f"{first}: <{_escape_link(message.link)}|{_escape(message.title or words['open'])}>"
    blocks: list[dict[str, object]] = [_section(text)]
    if message.body:
        blocks.append(_section("\n".join(f">{line}" for line in _escape(_cut(message.body)).splitlines())))
    if message.is_demo:
        blocks.append({"type": "context", "elements": [{"type": "mrkdwn", "text": _escape(words["demo"])}]})
    plain = _escape(f"{message.city}: " if message.city else "") + _escape(f"{message.head}: {message.title}")
    return {"text": plain, "blocks": blocks, "unfurl_links": False, "unfurl_media": False}


def _section(text: str) -> dict[str, object]:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}}


def _teams(message: Message, words: dict[str, str]) -> dict[str, object]:
    body = [_run(f"{message.city}: {message.head}" if message.city else message.head, strong=True)]
    body += [_run(part) for part in (message.title, _cut(message.body)) if part]
    if message.is_demo:
        body.append(_run(words["demo"]))
    card = {
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": "1.4",
        "body": body,
        "actions": [{"type": "Action.OpenUrl", "title": words["open"], "url": message.link}],
    }
    return {"type": "message", "attachments": [{"contentType": _CARD, "contentUrl": None, "content": card}]}


def _run(text: str, *, strong: bool = False) -> dict[str, object]:
    run: dict[str, object] = {"type": "TextRun", "text": text}
    if strong:
        run["weight"] = "Bolder"
    return {"type": "RichTextBlock", "inlines": [run]}


def _json(message: Message, words: dict[str, str]) -> dict[str, object]:
    return {
        "type": message.kind,
        "timestamp": message.at.isoformat(),
        "data": {
            "head": message.head,
            "title": message.title,
            "body": _cut(message.body),
            "city": message.city,
            "link": message.link,
            "is_demo": message.is_demo,
        },
    }


def _escape(text: str) -> str:
    """Slack: nobody's words become a link, a channel or a call to everybody ("<!channel>")."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _escape_link(link: str) -> str:
    return _escape(link).replace("|", "%7C")


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST else text[: LONGEST - 1].rstrip() + "…"
