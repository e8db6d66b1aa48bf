"""The last change of work in this browser, kept in its session so that it can be undone for an hour."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from secrets import token_urlsafe

from django.http import HttpRequest
from django.utils import timezone
from django.utils.dateparse import parse_datetime

_KEY = "work_undo"
LASTS = timedelta(hours=1)


@dataclass(frozen=True)
class LastChange:
    """`versions`: (before, after) by id of a milestone; `key`: which change a button means; `said`: what was done."""

    key: str
    said: str
    versions: dict[int, tuple[int, int]]


def keep_change(request: HttpRequest, said: str, versions: dict[int, tuple[int, int]]) -> LastChange:
    """Takes the place of the change before."""
    kept = LastChange(token_urlsafe(9), said, versions)
    request.session[_KEY] = {
        "key": kept.key,
        "said": said,
        "at": timezone.now().isoformat(),
        "rows": [[pk, *pair] for pk, pair in versions.items()],
    }
    return kept


def last_change(request: HttpRequest) -> LastChange | None:
    """None where nothing was changed within the hour."""
    kept = request.session.get(_KEY)
    if not kept:
        return None
    at = parse_datetime(kept["at"])
    if not isinstance(at, datetime) or timezone.now() - at > LASTS:
        return None
    return LastChange(kept["key"], kept["said"], {pk: (before, after) for pk, before, after in kept["rows"]})


def forget_change(request: HttpRequest) -> None:
    request.session.pop(_KEY, None)
