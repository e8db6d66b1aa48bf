"""Who carries how much of an initiative: cities, unfinished milestones, questions that wait."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q

from engagements.access.roles import initiatives_with
from engagements.models import EngagementRole, ExpertRequest, Milestone, User
from engagements.permissions import ROLE_LABELS, VIEW_TEAM, Role, roles_with


@dataclass(frozen=True)
class Caseload:
    """`roles` with the number of engagements each is held in; none for who owns something without one.

    `name` None: what nobody owns. `requests`: questions and problems that wait for their answer.
    """

    name: str | None
    is_fictional: bool
    roles: tuple[tuple[str, int], ...]
    milestones: int
    overdue: int
    requests: int


def caseloads(user: User, slug: str, *, today: date) -> tuple[Caseload, ...]:
    """By name, what nobody owns last; for those who see the team's work of the whole initiative, else nothing.

    Four statements, whoever there is.
    """
    within = initiatives_with(user, VIEW_TEAM).filter(slug=slug).values("pk")
    roles: dict[int, Counter] = defaultdict(Counter)
    team = EngagementRole.objects.open().listed().filter(initiative__in=within, role__in=roles_with(VIEW_TEAM))
    for person, role, at in team.values_list("user_id", "role", "engagement_id"):
        roles[person][role] += at is not None
    owned = Milestone.objects.unfinished().filter(engagement__initiative__in=within).order_by().values("owner_id")
    late = Count("pk", filter=Q(due_on__lt=today))
    work = {row["owner_id"]: row for row in owned.annotate(open=Count("pk"), late=late)}
    asked = (
        ExpertRequest.objects.filter(status="open", archived_at=None, engagement__initiative__in=within)
        .order_by()
        .values_list("owner_id")
    )
    waiting = dict(asked.annotate(Count("pk")))
    ids = {*roles, *work, *waiting}
    people = User.objects.filter(pk__in=ids - {None}).order_by("name", "email")
    rows = [_row(person, roles[person.pk], work.get(person.pk), waiting.get(person.pk, 0)) for person in people]
    if None in ids:
        rows.append(_row(None, Counter(), work.get(None), waiting.get(None, 0)))
    return tuple(rows)


def _row(person: User | None, roles: Counter, work: dict | None, requests: int) -> Caseload:
    return Caseload(
        name=str(person) if person else None,
        is_fictional=bool(person and person.is_fictional),
        roles=tuple((ROLE_LABELS[role], roles[role.value]) for role in Role if role.value in roles),
        milestones=work["open"] if work else 0,
        overdue=work["late"] if work else 0,
        requests=requests,
    )
