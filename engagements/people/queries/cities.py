"""The cities of the portal: their names and ids, their status in an initiative, who may write a note about them."""

from dataclasses import dataclass
from datetime import date

from django.contrib.auth.models import AnonymousUser

from atlas.models import City
from engagements.access.roles import engagements_with
from engagements.models import Engagement, User
from engagements.permissions import WRITE_LOCAL_NOTE


def city_id(slug: str | None) -> int | None:
    """None for no city, or one the portal doesn't know."""
    return City.objects.filter(slug=slug).values_list("pk", flat=True).first() if slug else None


def city_name(slug: str) -> str | None:
    return City.objects.filter(slug=slug).values_list("name", flat=True).first()


def city_choices() -> list[tuple[str, str]]:
    """(slug, name) of every city, by name."""
    return list(City.objects.order_by("name").values_list("slug", "name"))


def may_write_note(user: User | AnonymousUser, slug: str) -> bool:
    """Whether this person works in an engagement of this city. No statement for strangers."""
    if not user.is_authenticated:
        return False
    return engagements_with(user, WRITE_LOCAL_NOTE).filter(city__slug=slug).exists()


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
    """Latest status by city slug; cities without an engagement and fictional work are left out. Two statements."""
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
