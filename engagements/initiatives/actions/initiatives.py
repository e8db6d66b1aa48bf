"""Creating, changing, archiving initiatives; adding cities to one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from atlas.ingest.cities import make_city
from atlas.models import City
from atlas.queries.census_places import CensusPlaceRecord, named_census_places
from engagements.access.engagements import initiative_for
from engagements.access.errors import NotAllowed
from engagements.access.roles import has_permission_anywhere
from engagements.base.audited_transaction import (
    add_activity,
    audited_transaction,
    begin_idempotent,
    complete_idempotent,
)
from engagements.base.editing import change, lock
from engagements.initiatives.queries.choices import team_choices
from engagements.initiatives.rules import (
    InitiativeFields,
    find_city_problem,
    find_funder_problem,
    find_problems,
)
from engagements.milestones.actions.milestones import apply_template
from engagements.milestones.milestone_templates import TEMPLATES
from engagements.models import (
    Engagement,
    EngagementRole,
    Initiative,
    Organisation,
    Participation,
    Partnership,
    Precision,
    User,
)
from engagements.people.actions.roles import give_role
from engagements.permissions import CREATE_INITIATIVE, MANAGE_INITIATIVE, Role

# Addresses of their own below /initiatives/.
_RESERVED = frozenset({"new", "places"})
_FUNDER = "funder"


@dataclass(frozen=True)
class Setup:
    """How the work in a city begins.

    `team`: (person, role) who get the role in each city. `template`: key of a milestone template, "" for none; its
    first dates count from the initiative's start.
    """

    team: tuple[tuple[int, str], ...] = ()
    template: str = ""


def create_initiative(
    *,
    fields: InitiativeFields,
    funders: Sequence[str],
    places: Sequence[str],
    by: User,
    now: datetime,
    setup: Setup | None = None,
    submission: UUID | None = None,
) -> Initiative:
    """With its cities, who works there and their first milestones, or nothing at all; `by` is its lead.

    `places`: seven-digit codes of the Census list. Raises NotAllowed, ValidationError by field.
    """
    if not has_permission_anywhere(by, CREATE_INITIATIVE):
        raise NotAllowed(_("A new initiative is created by the lead of another one."))
    setup = setup or Setup()
    found = _check(fields, funders, places, setup, by, now)
    with audited_transaction(by, "new initiative"):
        claimed = begin_idempotent(by, "create_initiative", submission)
        if claimed.object_id:
            return Initiative.objects.get(pk=claimed.object_id)
        made = _insert(fields)
        EngagementRole.objects.create(
            user=by, role=Role.LEAD.value, initiative=made, given_by=by, began_on=timezone.localdate(now, UTC)
        )
        _add_funders(made, funders)
        add_activity(by=by, now=now, verb="started", thing=made, engagement_id=None, title=made.name)
        for place in found:
            _add_city(made, place, setup, by, now)
        complete_idempotent(claimed, made)
    return made


def add_cities(
    *,
    initiative: int | str,
    places: Sequence[str],
    by: User,
    now: datetime,
    setup: Setup | None = None,
    submission: UUID | None = None,
) -> tuple[Engagement, ...]:
    """To an initiative that is there. Raises NotFound, ValidationError by field."""
    within = initiative_for(by, initiative, MANAGE_INITIATIVE)
    _check_not_archived(within)
    setup = setup or Setup()
    problems: dict[str, str] = {}
    found = _places(places, problems)
    taken = set(
        within.engagements.filter(city__place_geoid__in=list(found)).values_list("city__place_geoid", flat=True)
    )
    if taken:
        names = ", ".join(found[geoid].label for geoid in sorted(taken))
        problems["places"] = _("%(cities)s: takes part already.") % {"cities": names}
    problems |= _setup_problems(setup, within.starts_on, by)
    if problems:
        raise ValidationError(dict(problems))
    with audited_transaction(by, "cities added"):
        claimed = begin_idempotent(by, "add_cities", submission)
        if claimed.object_id:
            return tuple(within.engagements.filter(city__place_geoid__in=list(found)))
        made = tuple(_add_city(within, place, setup, by, now) for place in found.values())
        complete_idempotent(claimed, within)
    return made


def change_initiative(
    *, initiative: int | str, fields: InitiativeFields, expected_version: int, by: User, now: datetime
) -> Initiative:
    """Its name, dates, source and pledge. Raises NotFound, Conflict, ValidationError by field."""
    seen = initiative_for(by, initiative, MANAGE_INITIATIVE)
    _check_not_archived(seen)
    problems = find_problems(fields, today=timezone.localdate(now))
    if fields.starts_on and seen.engagements.filter(starts_on__lt=fields.starts_on).exists():
        problems["starts_on"] = _("A city of it starts before this day.")
    if problems:
        raise ValidationError(dict(problems))
    wanted = _columns(fields)
    if fields.pledge_on != seen.pledge_on:
        wanted["pledge_precision"] = Precision.DAY.value  # whoever names another day knows it
    with audited_transaction(by):
        row = lock(seen)
        try:
            with transaction.atomic():
                done = change(row, wanted, expected_version)
        except IntegrityError as taken:
            raise _duplicate(taken) from taken
        if done:
            add_activity(by=by, now=now, verb="changed", thing=row, engagement_id=None, title=row.name, changes=done)
    return row


def archive_initiative(
    *, initiative: int | str, expected_version: int, by: User, now: datetime, why: str
) -> Initiative:
    """Read at its address, listed nowhere, nothing is written in it any more. Raises NotFound, Conflict,
    ValidationError."""
    if not why.strip():
        raise ValidationError({"why": _("Say why it is archived.")})
    seen = initiative_for(by, initiative, MANAGE_INITIATIVE)
    with audited_transaction(by, why):
        row = lock(seen)
        if row.archived_at is None:
            change(row, {"archived_at": now, "archived_by": by}, expected_version)
            add_activity(by=by, now=now, verb="archived", thing=row, engagement_id=None, title=row.name, why=why)
    return row


def restore_initiative(*, initiative: int | str, by: User, now: datetime) -> Initiative:
    """Raises NotFound."""
    seen = initiative_for(by, initiative, MANAGE_INITIATIVE)
    with audited_transaction(by, "restored"):
        row = lock(seen)
        if change(row, {"archived_at": None, "archived_by": None}, None):
            add_activity(by=by, now=now, verb="restored", thing=row, engagement_id=None, title=row.name)
    return row


def _check(
    fields: InitiativeFields, funders: Sequence[str], places: Sequence[str], setup: Setup, by: User, now: datetime
) -> tuple[CensusPlaceRecord, ...]:
    """The places, once everything is in order. Raises ValidationError by field."""
    problems = find_problems(fields, today=timezone.localdate(now))
    if fields.starts_on is None:
        problems["starts_on"] = _("Say when it starts: the first milestones count from this day.")
    if said := find_funder_problem(funders):
        problems["funders"] = said
    found = _places(places, problems)
    problems |= _setup_problems(setup, fields.starts_on, by)
    if problems:
        raise ValidationError(dict(problems))
    return tuple(found.values())


def _places(places: Sequence[str], problems: dict[str, str]) -> dict[str, CensusPlaceRecord]:
    """By code, in the order given."""
    if said := find_city_problem(places):
        problems["places"] = said
        return {}
    found: dict[str, CensusPlaceRecord] = {}
    for geoid in places:
        rows = named_census_places(geoid) if len(geoid) == 7 and geoid.isdigit() else ()
        if not rows:
            problems["places"] = _("%(code)s is no place of the Census list.") % {"code": geoid[:20]}
            return {}
        found[geoid] = rows[0]
    return found


def _setup_problems(setup: Setup, starts_on: date | None, by: User) -> dict[str, str]:
    found: dict[str, str] = {}
    if setup.template and setup.template not in TEMPLATES:
        found["template"] = _("There is no such template.")
    elif setup.template and starts_on is None:
        found["template"] = _("Milestones count from the start: give the initiative a first day.")
    known = {(person, role) for person, role, _label in team_choices(by)} if setup.team else set()
    if not set(setup.team) <= known:
        found["team"] = _("Choose people who work in an initiative you lead. Invite others afterward.")
    return found


def _columns(fields: InitiativeFields) -> dict[str, object]:
    return {
        "name": " ".join(fields.name.split()),
        "source": fields.source.strip(),
        "starts_on": fields.starts_on,
        "ends_on": fields.ends_on,
        "pledge": fields.pledge,
        "pledge_on": fields.pledge_on,
        "pledge_source": fields.pledge_source.strip() if fields.pledge is not None else "",
    }


def _insert(fields: InitiativeFields) -> Initiative:
    try:
        with transaction.atomic():
            return Initiative.objects.create(slug=_free_slug(fields), **_columns(fields))
    except IntegrityError as taken:
        raise _duplicate(taken) from taken


def _duplicate(taken: IntegrityError) -> ValidationError:
    """Raises the error again where it is about something else."""
    if "initiative_once" not in str(taken):
        raise taken
    return ValidationError({"name": _("There is an initiative with this name and these dates already.")})


def _free_slug(fields: InitiativeFields) -> str:
    """Its name and the year it starts; a number where that is taken."""
    year = f"-{fields.starts_on.year}" if fields.starts_on else ""
    name = slugify(fields.name)
    stem = name.removesuffix(year)[:40].strip("-") or "initiative"
    slug, number = f"{stem}{year}", 1
    while slug in _RESERVED or Initiative.objects.filter(slug=slug).exists():
        number += 1
        slug = f"{stem}{year}-{number}"
    return slug


def _add_funders(initiative: Initiative, names: Sequence[str]) -> None:
    """Each by its name; one that the portal does not know yet is made with the initiative's source."""
    for name in names:
        row = Organisation.objects.filter(name__iexact=name, is_fictional=False).order_by("pk").first()
        if row is None:
            row = Organisation.objects.create(
                slug=_free_organisation_slug(name),
                name=name,
                kind=Organisation.Kind.FUNDER,
                source=initiative.source,
            )
        Partnership.objects.get_or_create(
            organisation=row,
            initiative=initiative,
            engagement=None,
            defaults={"part": _FUNDER, "source": initiative.source},
        )


def _free_organisation_slug(name: str) -> str:
    stem = slugify(name)[:45].strip("-") or "funder"
    slug, number = stem, 1
    while Organisation.objects.filter(slug=slug).exists():
        number += 1
        slug = f"{stem}-{number}"
    return slug


def _add_city(initiative: Initiative, place: CensusPlaceRecord, setup: Setup, by: User, now: datetime) -> Engagement:
    longitude, latitude = place.point
    city: City = make_city(place_geoid=place.geoid, name=place.name, longitude=longitude, latitude=latitude)
    made = Engagement.objects.create(
        initiative=initiative,
        city=city,
        slug=f"{city.slug}-{initiative.slug}",
        starts_on=initiative.starts_on,
        ends_on=initiative.ends_on,
    )
    Participation.objects.create(
        engagement=made,
        status="announced",
        began_on=_announced_on(initiative, now),
        source=initiative.source,
        entered_by=by,
    )
    add_activity(by=by, now=now, verb="started", thing=made, engagement_id=made.pk)
    for person, role in setup.team:
        give_role(user=person, role=role, engagement=made.pk, by=by, now=now)
    if setup.template and initiative.starts_on:
        owner = next((person for person, role in setup.team if role == Role.ADVISER.value), None)
        apply_template(
            engagement=made.pk, template=setup.template, starts_on=initiative.starts_on, owner=owner, by=by, now=now
        )
    return made


def _announced_on(initiative: Initiative, now: datetime) -> date:
    """The day of the pledge, else today; never after the start."""
    day = initiative.pledge_on or timezone.localdate(now)
    return min(day, initiative.starts_on) if initiative.starts_on else day


def _check_not_archived(initiative: Initiative) -> None:
    if initiative.archived_at is not None:
        raise ValidationError(_("It is archived: restore it first."))
