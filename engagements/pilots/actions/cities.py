"""Several cities, one registration: asking an engagement to take part, and each accepting for itself."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from engagements.access.errors import NotFound
from engagements.access.pilots import pilot_city_for, pilot_for
from engagements.access.roles import engagements_with, people_with
from engagements.base.audited_transaction import add_activity, audited_transaction, notify
from engagements.base.editing import lock
from engagements.models import Engagement, Notification, Pilot, PilotCity, PilotLink, User
from engagements.permissions import EDIT_PILOT, VIEW_PUBLISHED
from engagements.pilots.actions.pilots import check_goes_on

MOST_CITIES = 20


def invite_city(*, pk: int, engagement: int, by: User, now: datetime) -> PilotCity:
    """An engagement that this person sees. Whoever may edit pilots there accepts. Raises NotFound, ValidationError."""
    seen = pilot_for(by, pk, EDIT_PILOT)
    within = engagements_with(by, VIEW_PUBLISHED).filter(pk=engagement).select_related("city").first()
    if within is None:
        raise NotFound("We can’t find this. It may have moved, or it isn’t shared with you.")
    with audited_transaction(by):
        row = lock(seen)
        _check_open(row)
        _check_alike(within, row)
        asked = list(PilotCity.objects.filter(pilot=row).values_list("engagement_id", "position"))
        if engagement in {one for one, _position in asked}:
            raise ValidationError({"engagement": _("This city takes part already, or was asked.")})
        if len(asked) >= MOST_CITIES:
            raise ValidationError({"engagement": _("At most {most} cities take part.").format(most=MOST_CITIES)})
        made = PilotCity.objects.create(
            pilot=row,
            engagement=within,
            position=max(position for _one, position in asked) + 1,
            invited_by=by,
            invited_at=now,
        )
        add_activity(by=by, now=now, verb="invited", thing=row, engagement_id=row.engagement_id, line=str(within.city))
        notify(
            people_with(within, EDIT_PILOT),
            Notification.Kind.ASSIGNMENT,
            thing=row,
            engagement=within,
            line=_("{city} is asked to take part in a pilot: {title}").format(city=within.city, title=row.title),
            by=by,
            now=now,
        )
    return made


def _check_alike(city: Engagement, pilot: Pilot) -> None:
    """Raises ValidationError; a draft of before this rule may have asked such a city."""
    if city.is_fictional != pilot.is_fictional:
        raise ValidationError({"engagement": _("Made-up work and real work take part in no pilot together.")})


def accept_city(*, pk: int, engagement: int, by: User, now: datetime) -> PilotCity:
    """For one's own city. Raises NotFound, ValidationError."""
    seen = pilot_city_for(by, pk, engagement)
    with audited_transaction(by):
        row = lock(seen.pilot)
        _check_open(row)
        made = PilotCity.objects.select_for_update().get(pk=seen.pk)
        _check_alike(made.engagement, row)
        if made.accepted_at is None:
            made.accepted_at, made.accepted_by = now, by
            made.save(update_fields=["accepted_at", "accepted_by"])
            add_activity(by=by, now=now, verb="accepted", thing=row, engagement_id=engagement)
    return made


def leave_city(*, pk: int, engagement: int, by: User, now: datetime) -> None:
    """By the city itself, or by who asked it; never the home. What the pilot was linked to there goes with it: a city
    that takes no part lends no milestone, indicator or dollar. Raises NotFound, ValidationError."""
    try:
        seen = pilot_city_for(by, pk, engagement)
    except NotFound:
        home = pilot_for(by, pk, EDIT_PILOT)
        found = PilotCity.objects.filter(pilot=home, engagement_id=engagement).select_related("pilot").first()
        if found is None:
            raise
        seen = found
    with audited_transaction(by):
        row = lock(seen.pilot)
        _check_open(row)
        if seen.position == 0:
            raise ValidationError(_("The city that leads a pilot can’t leave it. Stop the pilot instead."))
        PilotLink.objects.filter(pilot=row, engagement_id=engagement).delete()
        PilotCity.objects.filter(pk=seen.pk).delete()
        add_activity(by=by, now=now, verb="left", thing=row, engagement_id=engagement)


def _check_open(row: Pilot) -> None:
    check_goes_on(row)
    if row.state != Pilot.State.DRAFT:
        raise ValidationError(_("The cities of a registered pilot do not change."))
