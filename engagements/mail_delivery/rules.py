"""What a refusal means for the next mail. Pure.

Codes are those of SMTP (RFC 5321, 4.2.1) and the enhanced ones in what is said with them (RFC 3463): 4 passes, 5 does
not, 5.1 is about the address itself.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

REFUSALS_UNTIL_STOPPED = 3  # refusals for another reason than the address, such as its content
FORGOTTEN_AFTER = timedelta(days=30)  # refusals longer ago do not count
_WAITS = tuple(timedelta(minutes=n) for n in (5, 15, 60, 240, 720, 1440))
LONGEST_REASON = 300
_MOST_READ = 200_000  # characters of a report that are looked at
_ENHANCED = re.compile(r"\b([245])\.(\d{1,3})\.(\d{1,3})\b")
_FIELDS = {
    name: re.compile(pattern, re.I | re.M)
    for name, pattern in {
        "recipient": r"^(?:Original|Final)-Recipient:[ \t]*rfc822;[ \t]*<?([^\s<>]{3,254})>?",
        "action": r"^Action:[ \t]*(\w{1,20})",
        "status": r"^Status:[ \t]*([245]\.\d{1,3}\.\d{1,3})",
        "reason": r"^Diagnostic-Code:[ \t]*(?:smtp;[ \t]*)?([^\r\n]{1,500})",
        "message_id": r"^Message-ID:[ \t]*<([^\s<>]{3,250})>",
    }.items()
}


class Refusal(StrEnum):
    NO_SUCH_ADDRESS = "no_such_address"
    REFUSED = "refused"
    LATER = "later"


def refusal_of(code: int, said: str) -> Refusal:
    """Of a server's answer. A full mailbox passes, whatever its first digit says.

    >>> refusal_of(550, "5.1.1 no such user").value, refusal_of(550, "5.7.1 spam").value
    ('no_such_address', 'refused')
    >>> refusal_of(452, "4.2.2 mailbox full").value, refusal_of(552, "5.2.2 mailbox full").value
    ('later', 'later')
    >>> refusal_of(550, "unknown").value
    ('no_such_address')
    """
    found = _ENHANCED.search(said)
    kind, subject = (found[1], found[2]) if found else (str(code)[:1], "1" if code in (550, 551, 553) else "0")
    detail = found[3] if found else ""
    if kind == "4" or (subject, detail) == ("2", "2"):
        return Refusal.LATER
    return Refusal.NO_SUCH_ADDRESS if subject == "1" else Refusal.REFUSED


def wait_after(times: int) -> timedelta:
    """Until the next try, after this many in a row that were put off."""
    return _WAITS[min(max(times, 1), len(_WAITS)) - 1]


def stops(refusal: Refusal, refusals: int) -> bool:
    """Whether no mail goes there any more; `refusals` counts this one."""
    return refusal is Refusal.NO_SUCH_ADDRESS or (refusal is Refusal.REFUSED and refusals >= REFUSALS_UNTIL_STOPPED)


def one_line(said: str) -> str:
    """What a server said, fit for a page: one line, no control characters, not long."""
    return " ".join("".join(each if each.isprintable() else " " for each in said).split())[:LONGEST_REASON]


@dataclass(frozen=True)
class Bounce:
    """One mail that came back. `message_id`: of the mail it is about, as the report quotes it, "" for none."""

    recipient: str
    message_id: str
    refusal: Refusal
    reason: str


def read_report(texts: Iterable[str]) -> Bounce | None:
    """Of the parts of a delivery status notification (RFC 3464); None for what tells of no failed delivery.

    >>> read_report(["Final-Recipient: rfc822; a@b.org\\nAction: failed\\nStatus: 5.1.1\\nMessage-ID: <x@y>"]).recipient
    'a@b.org'
    """
    text = "\n".join(texts)[:_MOST_READ]
    found = {name: match[1] for name, pattern in _FIELDS.items() if (match := pattern.search(text))}
    if found.get("action", "").lower() != "failed" or not {"recipient", "status"} <= set(found):
        return None
    status = found["status"]
    refusal = refusal_of(int(status[0]) * 100, status)
    if refusal is Refusal.LATER:
        refusal = Refusal.REFUSED  # the server has given up: it says so with “failed”
    reason = one_line(found.get("reason") or status)
    return Bounce(found["recipient"].lower(), found.get("message_id", ""), refusal, reason)


def read_event(said: object) -> Bounce | None:
    """Of a mail service's event, in the form of Mailgun's webhooks; None for one that is no lasting failure.

    A person who marks a mail as spam wants no more of them: that stops the address as well.
    """
    event = said if isinstance(said, dict) else {}
    recipient = str(event.get("recipient") or "").strip().lower()
    name, severity = event.get("event"), event.get("severity")
    if not recipient or len(recipient) > 254:
        return None
    if name == "complained":
        return Bounce(recipient, "", Refusal.NO_SUCH_ADDRESS, "The mail was marked as spam.")
    if name != "failed" or severity != "permanent":
        return None
    status = event.get("delivery-status")
    status = status if isinstance(status, dict) else {}
    words = one_line(str(status.get("message") or status.get("description") or "The mail came back."))
    code = status.get("code")
    refusal = refusal_of(code if isinstance(code, int) else 500, words)
    return Bounce(recipient, "", Refusal.REFUSED if refusal is Refusal.LATER else refusal, words)
