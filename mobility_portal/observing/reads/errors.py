"""Errors of the last days, most recent first: where, which class, how often, and the reference of the last."""

from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from mobility_portal.observing import notes
from mobility_portal.observing.figures import Figure, State
from mobility_portal.observing.words import count

_DAY = 86_400.0


def read(now: datetime) -> tuple[Figure, ...]:
    """One round trip to the broker. The rows are a table of the page; this is how many of today and yesterday."""
    latest = [note for note in notes.error_notes(now.timestamp()) if note.last_at > now.timestamp() - _DAY]
    number = sum(note.number for note in latest)
    places = len({note.place for note in latest})
    shown = ngettext("%(number)s, at %(places)s place", "%(number)s, at %(places)s places", places)
    return (
        Figure(
            "errors_last_day",
            _("Errors in the last 24 hours"),
            shown % {"number": count(number), "places": count(places)} if number else _("none"),
            number,
            state=State.WATCH if number else State.FINE,
            advice=_("Search the log for the reference in the table: its lines say what happened."),
        ),
    )
