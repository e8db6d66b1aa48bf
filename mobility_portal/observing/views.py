"""`/operations/`: how the portal fares, for administrators."""

from dataclasses import dataclass
from datetime import UTC, datetime

import redis
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from atlas.web.permissions import OPERATE, require_permission
from mobility_portal.observing import notes
from mobility_portal.observing.figures import Figure, State, worst
from mobility_portal.observing.reading import read_sections

_MOST_ERRORS = 30  # rows


@dataclass(frozen=True)
class _ErrorRow:
    place: str
    kind: str
    number: int
    last_at: datetime
    reference: str


@require_safe
@require_permission(OPERATE)
@never_cache
def operations(request: HttpRequest) -> HttpResponse:
    """What needs somebody first, then each section. About twenty statements, three round trips to the broker."""
    now = timezone.now()
    sections = read_sections(now)
    pressing = [(read.section, figure) for read in sections for figure in read.shown if figure.state is not State.FINE]
    pressing.sort(key=lambda pair: pair[1].state is not State.ACT)
    context = {
        "sections": sections,
        "pressing": pressing,
        "state": worst([read.state for read in sections]),
        "unreadable_names": ", ".join(str(read.section.title) for read in sections if not read.is_readable),
        "counts": _counts([figure for read in sections for figure in read.shown]),
        "errors": _errors(now),
        "days_of_errors": notes.DAYS_OF_ERRORS,
        "now": now,
    }
    return render(request, "operations/index.html", context)


def _counts(figures: list[Figure]) -> dict[str, int]:
    return {state.value: sum(figure.state is state for figure in figures) for state in State}


def _errors(now: datetime) -> list[_ErrorRow] | None:
    """One row for each class at each place, the days together; None while the broker is away."""
    try:
        found = notes.error_notes(now.timestamp())
    except redis.RedisError:
        return None  # the section of errors says so
    rows: dict[tuple[str, str], _ErrorRow] = {}
    for note in found:  # the latest first
        key = (note.place, note.kind)
        old = rows.get(key)
        last_at = old.last_at if old else datetime.fromtimestamp(note.last_at, UTC)
        number = note.number + (old.number if old else 0)
        rows[key] = _ErrorRow(note.place, note.kind, number, last_at, old.reference if old else note.reference)
    return list(rows.values())[:_MOST_ERRORS]
