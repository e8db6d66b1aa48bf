"""The kinds of entries of the quick log, who may write each, and in which engagements. Pure but for its labels."""

from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from engagements.permissions import EDIT_RECORD, LOG_PROGRESS, UPLOAD_DOCUMENT


@dataclass(frozen=True)
class LogKind:
    """`button`: what saves it; `is_first`: one of the three that are always shown."""

    value: str
    label: str | Promise
    button: str | Promise
    permission: str
    is_first: bool = False


STATUS = LogKind("status", _("Status"), _("Save status"), LOG_PROGRESS, is_first=True)
CALL = LogKind("call", _("Call or meeting"), _("Save call or meeting"), EDIT_RECORD, is_first=True)
NOTE = LogKind("note", _("Note"), _("Save note"), EDIT_RECORD, is_first=True)
DECISION = LogKind("decision", _("Decision"), _("Save decision"), EDIT_RECORD)
HOURS = LogKind("hours", _("Hours"), _("Save hours"), LOG_PROGRESS)
FILE = LogKind("file", _("File or photo"), _("Save file"), UPLOAD_DOCUMENT)
SEGMENTS = 3  # so many fit beside one another on a phone
KINDS = (STATUS, CALL, NOTE, DECISION, HOURS, FILE)


def offered_kinds(held: dict[int, frozenset[str]]) -> tuple[LogKind, ...]:
    """What somebody who holds these permissions, by engagement, may log: nothing without LOG_PROGRESS somewhere."""
    everywhere: frozenset[str] = frozenset().union(*held.values())
    return tuple(kind for kind in KINDS if kind.permission in everywhere) if LOG_PROGRESS in everywhere else ()


def read_kind(words: Any, offered: tuple[LogKind, ...]) -> LogKind:
    """The kind of this name if it is offered, else a status."""
    return next((kind for kind in offered if kind.value == words), STATUS)
