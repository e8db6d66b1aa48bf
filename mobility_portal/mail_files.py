"""Mail on a machine without a mail server: one file for each, to look at."""

import re
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from email.utils import getaddresses, parsedate_to_datetime
from pathlib import Path

from django.conf import settings
from django.core.mail.backends.base import BaseEmailBackend
from django.utils import timezone

_NAME = re.compile(r"\d{8}T\d{12}-[0-9a-f]{32}\Z")
NEWEST = 500  # files looked at
KEPT_DAYS = 180


@dataclass(frozen=True)
class Mail:
    """`to` are bare addresses in small letters; `html` is "" without such a part."""

    key: str
    subject: str
    sender: str
    to: tuple[str, ...]
    sent_at: datetime
    text: str
    html: str


class Backend(BaseEmailBackend):
    """Writes to EMAIL_FILE_PATH, readable by the portal's own user only. Names sort by time."""

    def send_messages(self, email_messages) -> int:
        folder = Path(settings.EMAIL_FILE_PATH)
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for message in email_messages:
            name = f"{timezone.now():%Y%m%dT%H%M%S%f}-{uuid.uuid4().hex}"
            draft = folder / f".{name}"
            draft.touch(mode=0o600)
            draft.write_bytes(message.message().as_bytes())
            draft.rename(folder / f"{name}.eml")
        return len(email_messages)


def mails(only_to: str | None = None) -> tuple[Mail, ...]:
    """Newest first, of one recipient or of all."""
    folder = Path(settings.EMAIL_FILE_PATH)
    names = sorted((path.stem for path in folder.glob("*.eml")), reverse=True)[:NEWEST] if folder.is_dir() else []
    found = (read(name) for name in names)
    return tuple(mail for mail in found if mail and (only_to is None or only_to.lower() in mail.to))


def delete_mails_to(email: str, **_signal: object) -> int:
    """Receives `person_erased`: mail to this address alone; a mail to others too stays theirs. How many went."""
    folder, count = Path(settings.EMAIL_FILE_PATH), 0
    for path in folder.glob("*.eml") if folder.is_dir() else ():
        mail = read(path.stem)
        if mail is not None and set(mail.to) == {email.lower()}:
            path.unlink(missing_ok=True)
            count += 1
    return count


def delete_old_mails(now: datetime) -> int:
    """Those kept longer than KEPT_DAYS; how many went. By the time in their names, without opening them."""
    folder, count = Path(settings.EMAIL_FILE_PATH), 0
    oldest = f"{now.astimezone(UTC) - timedelta(days=KEPT_DAYS):%Y%m%dT%H%M%S%f}"
    for path in folder.glob("*.eml") if folder.is_dir() else ():
        if _NAME.match(path.stem) and path.stem < oldest:
            path.unlink(missing_ok=True)
            count += 1
    return count


def read(key: str) -> Mail | None:
    """None for a name that is none of ours: nothing else on the disk can be named."""
    if not _NAME.match(key):
        return None
    path = Path(settings.EMAIL_FILE_PATH) / f"{key}.eml"
    if not path.is_file():
        return None
    message = message_from_bytes(path.read_bytes(), policy=default)
    recipients = getaddresses([str(value) for name in ("To", "Cc") for value in message.get_all(name, [])])
    return Mail(
        key=key,
        subject=str(message["Subject"] or ""),
        sender=str(message["From"] or ""),
        to=tuple(address.lower() for _, address in recipients),
        sent_at=_time(message["Date"]),
        text=_part(message, "plain"),
        html=_part(message, "html"),
    )


def _time(header: str) -> datetime:
    """A date that names no zone ("-0000") is UTC (RFC 5322)."""
    found = parsedate_to_datetime(header)
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _part(message: EmailMessage, kind: str) -> str:
    body = message.get_body(preferencelist=(kind,))
    return body.get_content() if body is not None else ""
