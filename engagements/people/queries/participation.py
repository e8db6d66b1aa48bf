"""Engagements as frozen records."""

from dataclasses import dataclass
from datetime import date

from engagements.models import Engagement


@dataclass(frozen=True)
class ParticipationRecord:
    """A city's status in an initiative. `precision`: day, month, or by (on or before the day)."""

    initiative: str
    theme: str
    status: str
    began_on: date
    precision: str
    source: str
    history: tuple[tuple[str, date, str, str], ...]  # (status, began_on, precision, source), oldest first


def participations() -> dict[str, ParticipationRecord]:
    """Latest status by city slug; cities without an engagement are absent, invented work is not told. Two queries."""
    found = {}
    known = Engagement.objects.filter(is_fictional=False).select_related("initiative", "city")
    for engagement in known.order_by("pk").prefetch_related("participations"):
        history = tuple(
            (p.get_status_display(), p.began_on, p.precision, p.source) for p in engagement.participations.all()
        )
        if not history:
            continue
        status, began_on, precision, source = history[-1]
        found[engagement.city.slug] = ParticipationRecord(
            engagement.initiative.name, engagement.theme, status.lower(), began_on, precision, source, history
        )
    return found
