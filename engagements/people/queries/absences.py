"""Who is away, who stands in for whom, and who could."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from engagements.access.roles import engagements_with
from engagements.models import Absence, EngagementRole, User
from engagements.permissions import LOG_PROGRESS, roles_with


@dataclass(frozen=True)
class AbsenceRow:
    """`is_now`: today is one of its days."""

    pk: int
    cover: str
    starts_on: date
    ends_on: date
    is_now: bool
    is_over: bool


def covered_by(user: User, today: date) -> dict[int, str]:
    """Names by id of the people this person stands in for today. One statement.

    Whose cover is away too has nobody: it does not pass on, so that nobody gets tasks of people they never agreed to.
    """
    found = _current(today).filter(cover_id=user.pk, user__is_active=True).select_related("user")
    return {row.user_id: str(row.user) for row in found}


def covers_of(people: Collection[int], today: date) -> dict[int, int]:
    """Id of the one who stands in, by id of who is away today. One statement."""
    return dict(_current(today).filter(user_id__in=list(people)).values_list("user_id", "cover_id"))


def own_absences(user: User, today: date) -> tuple[AbsenceRow, ...]:
    """What was not taken back, the latest first; at most twenty. One statement."""
    found = Absence.objects.filter(user_id=user.pk, ended_at=None).select_related("cover")[:20]
    return tuple(
        AbsenceRow(
            row.pk,
            str(row.cover),
            row.starts_on,
            row.ends_on,
            row.starts_on <= today <= row.ends_on,
            row.ends_on < today,
        )
        for row in found
    )


def possible_covers(user: User) -> list[tuple[str, str]]:
    """(id, name and cities) of who may log progress somewhere this person may, by name. Two statements."""
    mine = engagements_with(user, LOG_PROGRESS)
    names = {pk: (name, initiative) for pk, name, initiative in mine.values_list("pk", "city__name", "initiative_id")}
    roles = EngagementRole.objects.open().filter(
        Q(engagement__in=list(names)) | Q(engagement=None, initiative__in={within for _, within in names.values()}),
        role__in=roles_with(LOG_PROGRESS),
        user__is_active=True,
        user__is_fictional=user.is_fictional,  # made-up people cover for one another
    )
    places: dict[int, set[str]] = {}
    people: dict[int, str] = {}
    for role in roles.exclude(user_id=user.pk).select_related("user"):
        people[role.user_id] = str(role.user)
        here = {name for pk, (name, within) in names.items()
                if role.engagement_id in (pk, None) and role.initiative_id == within}  # fmt: skip
        places.setdefault(role.user_id, set()).update(here)
    found = [(str(pk), f"{name} ({_places(sorted(places[pk]))})") for pk, name in people.items()]
    return sorted(found, key=lambda pair: pair[1])


def _places(cities: list[str]) -> str:
    return ", ".join(cities) if len(cities) <= 3 else f"{len(cities)} cities"


def _current(today: date):
    return Absence.objects.filter(ended_at=None, starts_on__lte=today, ends_on__gte=today)
