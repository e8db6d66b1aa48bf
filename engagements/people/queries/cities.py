"""The cities of the portal: their names and ids, their status in an initiative, who may write a note about them."""

from dataclasses import dataclass
from datetime import date

from django.contrib.auth.models import AnonymousUser
from django.utils.translation import gettext as _

from atlas.models import City
from engagements.access.roles import engagements_with
from engagements.models import Engagement, Participation, User
from engagements.permissions import WRITE_LOCAL_NOTE
from engagements.workflow import PARTICIPATION


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
    """A city's part in an initiative. Each precision is day, month, or by (on or before the day), "" without a day.

    `status_since` is when the latest status began, `started_on` when the city first became active (None while it was
    only announced), `ended_on` when it was completed or withdrawn (None while it takes part).
    """

    initiative: str
    engagement: str  # its slug
    theme: str
    status: str
    status_since: date
    status_precision: str
    started_on: date | None
    started_precision: str
    ended_on: date | None
    ended_precision: str
    source: str
    history: tuple[tuple[str, date, str, str], ...]  # (status, began on, precision, source), oldest first
    project: str = ""  # what was done, where a public source says it; "" otherwise
    project_source: str = ""

    @property
    def years(self) -> str:
        """ "2019–2021", or "since 2019"; "" while the city was only announced."""
        if self.started_on is None:
            return ""
        if self.ended_on is None:
            return _("since %(year)s") % {"year": self.started_on.year}
        first, last = self.started_on.year, self.ended_on.year
        return str(first) if first == last else f"{first}–{last}"

    @property
    def label(self) -> str:
        """The latest status in words."""
        return PARTICIPATION.state(self.status).funder_label

    @property
    def icon(self) -> str:
        """The symbol beside the latest status."""
        return {"completed": "check", "withdrawn": "cross"}.get(self.status, "half")


def participations() -> dict[str, ParticipationRecord]:
    """By city slug; cities without an engagement, fictional work and archived initiatives are left out.

    Of several the newest that has begun; one that was only announced hides no record of what was done. Two statements.
    """
    found: dict[str, ParticipationRecord] = {}
    known = Engagement.objects.filter(is_fictional=False, initiative__archived_at=None)
    known = known.select_related("initiative", "city")
    for engagement in known.order_by("pk").prefetch_related("participations"):
        statuses = tuple(engagement.participations.all())
        if statuses and (engagement.city.slug not in found or any(each.status == "active" for each in statuses)):
            found[engagement.city.slug] = _record(engagement, statuses)
    return found


def _record(engagement: Engagement, statuses: tuple[Participation, ...]) -> ParticipationRecord:
    last = statuses[-1]
    first = next((each for each in statuses if each.status == "active"), None)
    end = None if PARTICIPATION.state(last.status).is_open else last
    return ParticipationRecord(
        initiative=engagement.initiative.name,
        engagement=engagement.slug,
        theme=engagement.theme,
        status=last.status,
        status_since=last.began_on,
        status_precision=last.precision,
        started_on=first.began_on if first else None,
        started_precision=first.precision if first else "",
        ended_on=end.began_on if end else None,
        ended_precision=end.precision if end else "",
        source=last.source,
        history=tuple((each.get_status_display(), each.began_on, each.precision, each.source) for each in statuses),
        # Words without a public source may be a team's own: they stay on the engagement's page.
        project=engagement.project if engagement.project_source else "",
        project_source=engagement.project_source if engagement.project else "",
    )
