"""The security log as people read it: a lead the part of an engagement, an operator all of it."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.db.models import Q, QuerySet
from django.utils import timezone

from engagements.models import Engagement, EngagementRole, SecurityEvent, User
from engagements.security_log.rules import ACCOUNT_KINDS, GROUPS

PER_PAGE = 50
MOST_IN_A_FILE = 50_000


@dataclass(frozen=True)
class Chosen:
    """Filters, empty ones left out. `group`: a key of GROUPS; days as the reader counts them."""

    group: str = ""
    who: int | None = None
    first: date | None = None
    last: date | None = None

    @property
    def is_any(self) -> bool:
        return bool(self.group or self.who or self.first or self.last)


@dataclass(frozen=True)
class EventRow:
    """`by` and `about` are names of today, "" for nobody known; `source` only for operators."""

    pk: int
    at: datetime
    kind: str
    label: str
    by: str
    about: str
    place: str
    place_slug: str
    detail: dict = field(default_factory=dict)
    noun: str = ""
    object_id: int | None = None
    source: str = ""
    request_id: str = ""


@dataclass(frozen=True)
class LogPage:
    rows: tuple[EventRow, ...]
    number: int
    has_more: bool
    people: tuple[tuple[int, str], ...]


def events_of_engagement(engagement: Engagement) -> QuerySet[SecurityEvent]:
    """What happened in it and in its initiative as a whole; sign-ins and keys of people while they had a role here."""
    roles = EngagementRole.objects.filter(
        Q(engagement=engagement) | Q(engagement=None, initiative_id=engagement.initiative_id)
    )
    account = Q()
    for role in roles.values_list("user_id", "began_on", "ended_on"):
        user_id, began, ended = role
        theirs = Q(actor_id=user_id) | Q(subject_id=user_id)
        within = Q(at__date__gte=began)
        if ended is not None:
            within &= Q(at__date__lte=ended)
        account |= theirs & within
    of_people = Q(kind__in=ACCOUNT_KINDS, engagement=None) & account if account else Q(pk__in=[])
    return SecurityEvent.objects.filter(
        Q(engagement=engagement) | Q(engagement=None, initiative_id=engagement.initiative_id) | of_people
    )


def filtered(rows: QuerySet[SecurityEvent], chosen: Chosen) -> QuerySet[SecurityEvent]:
    if chosen.group:
        rows = rows.filter(kind__in=GROUPS[chosen.group])
    if chosen.who:
        rows = rows.filter(Q(actor_id=chosen.who) | Q(subject_id=chosen.who))
    zone = timezone.get_current_timezone()
    if chosen.first:
        rows = rows.filter(at__gte=datetime.combine(chosen.first, datetime.min.time(), zone))
    if chosen.last:
        rows = rows.filter(at__lt=datetime.combine(chosen.last + timedelta(days=1), datetime.min.time(), zone))
    return rows


def page_of(rows: QuerySet[SecurityEvent], chosen: Chosen, *, number: int, people: bool, sources: bool) -> LogPage:
    """The page of this number, from 1, newest first. Four statements."""
    found = list(_read(filtered(rows, chosen))[(number - 1) * PER_PAGE : number * PER_PAGE + 1])
    named: tuple[tuple[int, str], ...] = ()
    if people:
        ids = rows.order_by().values_list("actor_id", flat=True).distinct()
        named = tuple(
            sorted(((user.pk, str(user)) for user in User.objects.filter(pk__in=ids)), key=lambda one: one[1])
        )
    shown = tuple(_row(event, sources) for event in found[:PER_PAGE])
    return LogPage(shown, number, len(found) > PER_PAGE, named)


def file_rows(rows: QuerySet[SecurityEvent], chosen: Chosen, *, sources: bool) -> Iterator[EventRow]:
    for event in _read(filtered(rows, chosen))[:MOST_IN_A_FILE]:
        yield _row(event, sources)


def _read(rows: QuerySet[SecurityEvent]) -> QuerySet[SecurityEvent]:
    return rows.select_related("actor", "subject", "engagement__city", "initiative", "source").order_by("-pk")


def _row(event: SecurityEvent, sources: bool) -> EventRow:
    engagement, initiative = event.engagement, event.initiative
    source = getattr(event, "source", None) if sources else None
    said = " · ".join(part for part in (source.browser, source.network) if part) if source else ""
    known = SecurityEvent.Kind.values
    return EventRow(
        pk=event.pk,
        at=event.at,
        kind=event.kind,
        label=str(SecurityEvent.Kind(event.kind).label) if event.kind in known else event.kind,
        by=str(event.actor) if event.actor else "",
        about=str(event.subject) if event.subject and event.subject_id != event.actor_id else "",
        place=engagement.city.name if engagement else initiative.name if initiative else "",
        place_slug=engagement.slug if engagement else "",
        detail=event.detail,
        noun=event.noun,
        object_id=event.object_id,
        source=said,
        request_id=event.request_id if sources else "",
    )
