"""The chain of the security log as arithmetic, and what is kept of where a request came from."""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import ip_address, ip_network

FIRST = "0" * 64  # what stands before the first link


@dataclass(frozen=True)
class EventFacts:
    """What the chain covers of an event. `at` in UTC with microseconds, as isoformat writes it."""

    pk: int
    at: str
    kind: str
    actor: int | None
    subject: int | None
    engagement: int | None
    initiative: int | None
    noun: str
    object_id: int | None
    detail: Mapping[str, object]
    request_id: str


def link_hash(before: str, position: int, event: EventFacts) -> str:
    """SHA-256 in hex over the hash before, the position and the event, written as JSON in one way."""
    kept = [
        before,
        position,
        event.pk,
        event.at,
        event.kind,
        event.actor,
        event.subject,
        event.engagement,
        event.initiative,
        event.noun,
        event.object_id,
        event.detail,
        event.request_id,
    ]
    written = json.dumps(kept, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(written.encode()).hexdigest()


def network_of(address: str) -> str:
    """The network an address is in: IPv4 without its last number, IPv6 its first 48 bits; "" for no address."""
    try:
        found = ip_address(address)
    except ValueError:
        return ""
    if found.version == 6 and found.ipv4_mapped is not None:
        found = found.ipv4_mapped
    return str(ip_network((found, 24 if found.version == 4 else 48), strict=False))


_BROWSERS = (
    ("Edge", r"\bEdgA?/"),
    ("Opera", r"\bOPR/"),
    ("Samsung Internet", r"\bSamsungBrowser/"),
    ("Firefox", r"\b(?:Firefox|FxiOS)/"),
    ("Chrome", r"\b(?:Chrome|CriOS|Chromium)/"),
    ("Safari", r"\bVersion/\S+ .*\bSafari/"),
)
_SYSTEMS = (
    ("iPhone", r"\biPhone\b"),
    ("iPad", r"\biPad\b"),
    ("Android", r"\bAndroid\b"),
    ("Windows", r"\bWindows\b"),
    ("Mac", r"\bMacintosh\b"),
    ("ChromeOS", r"\bCrOS\b"),
    ("Linux", r"\bLinux\b"),
)


def browser_family(user_agent: str) -> str:
    """Family and system without versions, as "Firefox on Linux"; "A program" for what is no browser, "" for none."""
    if not user_agent.strip():
        return ""
    family = next((name for name, mark in _BROWSERS if re.search(mark, user_agent[:500])), "")
    system = next((name for name, mark in _SYSTEMS if re.search(mark, user_agent[:500])), "")
    if not family:
        return "A browser" + (f" on {system}" if system else "") if "Mozilla/" in user_agent[:20] else "A program"
    return f"{family} on {system}" if system else family


# What a reader filters by: group -> kinds, as SecurityEvent.Kind names them.
GROUPS: dict[str, tuple[str, ...]] = {
    "sign_in": ("signed_in", "sign_in_failed", "sign_in_refused", "signed_out", "sessions_ended", "sign_on_connected"),
    "account": ("second_factor_added", "second_factor_removed", "recovery_codes_made", "password_changed"),
    "people": (
        "invited",
        "invitation_withdrawn",
        "invitation_accepted",
        "role_given",
        "role_ended",
        "review_opened",
        "review_decided",
        "review_closed",
        "person_erased",
    ),
    "files": (
        "downloaded",
        "exported",
        "report_downloaded",
        "public_record_made",
        "public_record_downloaded",
        "archive_made",
    ),
    "keys": (
        "token_made",
        "token_revoked",
        "calendar_link_made",
        "calendar_link_ended",
        "webhook_made",
        "webhook_changed",
        "webhook_ended",
        "feed_key_made",
        "feed_key_ended",
    ),
    "denied": ("denied", "quota_reached"),
    "portal": ("backup_made", "backup_restored", "names_erased", "operated"),
}
# Of a person rather than of a place: a lead sees them of the people of the engagement.
ACCOUNT_KINDS = (*GROUPS["sign_in"], *GROUPS["account"], "token_made", "token_revoked")
