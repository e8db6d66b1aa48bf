"""Pilots and what belongs to them, fetched and checked in one query.

A pilot is seen by the teams of all cities that take part, and by everybody once it is published (invented ones by who
sees the engagement). What is changed is changed from its home engagement, except what a city does for itself.
"""

from django.contrib.auth.models import AnonymousUser
from django.db.models import Exists, OuterRef, Q, QuerySet

from engagements.access.errors import first_or_not_found
from engagements.access.roles import engagements_with, in_engagements_with
from engagements.models import (
    DataAgreement,
    Pilot,
    PilotAnalysis,
    PilotCity,
    PilotDataset,
    RegistrationVersion,
    User,
)
from engagements.permissions import EDIT_PILOT, VIEW_PILOT, VIEW_PUBLISHED

Viewer = User | AnonymousUser
_REAL = Q(engagement__is_fictional=False, is_fictional=False) & ~Q(
    Exists(PilotCity.objects.filter(pilot=OuterRef("pk"), engagement__is_fictional=True))
)


def public_pilots() -> QuerySet[Pilot]:
    """Published, of real work in every city: for everybody."""
    return Pilot.objects.filter(_REAL, state=Pilot.State.PUBLISHED, archived_at=None)


def visible_pilots(user: Viewer) -> QuerySet[Pilot]:
    """Published ones for everybody; all of them for the team of a city that takes part or is asked to."""
    published = Q(state=Pilot.State.PUBLISHED)
    seen = published & _REAL
    if user.is_authenticated:
        seen |= published & in_engagements_with(user, VIEW_PUBLISHED)
        seen |= in_engagements_with(user, VIEW_PILOT) | _in_a_city_with(user, VIEW_PILOT)
    return Pilot.objects.filter(seen, archived_at=None)


def is_made_up(pilot: Pilot) -> bool:
    """By its mark or its home's. A statement of its own where the home was not read with it."""
    return pilot.is_fictional or pilot.engagement.is_fictional


def team_pilots(user: Viewer, permission: str = VIEW_PILOT) -> QuerySet[Pilot]:
    """Those whose home or whose city that takes part gives the permission: with drafts and counts."""
    if not user.is_authenticated:
        return Pilot.objects.none()
    held = in_engagements_with(user, permission) | _in_a_city_with(user, permission)
    return Pilot.objects.filter(held, archived_at=None)


def pilot_for(user: Viewer, pk: int, permission: str | None = None) -> Pilot:
    """Without a permission: whatever of it this person may read. With one: held in its home. Raises NotFound."""
    rows = visible_pilots(user).filter(pk=pk)
    if permission:
        rows = rows.filter(in_engagements_with(user, permission))
    return first_or_not_found(_with_all(rows))


def pilot_of_team_for(user: Viewer, pk: int, permission: str = VIEW_PILOT) -> Pilot:
    """Held in its home or in any city that takes part. Raises NotFound."""
    return first_or_not_found(_with_all(team_pilots(user, permission).filter(pk=pk)))


def pilot_city_for(user: User, pilot: int, engagement: int, permission: str = EDIT_PILOT) -> PilotCity:
    """The part of one city, for who may act for that city. Raises NotFound."""
    rows = PilotCity.objects.filter(in_engagements_with(user, permission), pilot_id=pilot, engagement_id=engagement)
    rows = rows.filter(pilot__archived_at=None).select_related("pilot__engagement__city", "engagement__city")
    return first_or_not_found(rows)


def version_for(user: Viewer, pilot: int, number: int) -> RegistrationVersion:
    """A locked version of a pilot this person sees. Raises NotFound."""
    rows = RegistrationVersion.objects.filter(pilot__in=visible_pilots(user).values("pk"), pilot_id=pilot)
    return first_or_not_found(rows.filter(number=number).select_related("pilot__engagement__city", "locked_by"))


def agreements_of(user: User, permission: str = VIEW_PILOT) -> QuerySet[DataAgreement]:
    """Of the engagements where the permission is held."""
    return DataAgreement.objects.filter(in_engagements_with(user, permission), archived_at=None)


def agreement_for(user: User, pk: int, permission: str = VIEW_PILOT) -> DataAgreement:
    """Raises NotFound."""
    rows = agreements_of(user, permission).filter(pk=pk)
    return first_or_not_found(rows.select_related("engagement__city", "engagement__initiative", "document"))


def deletable_datasets(user: User, permission: str) -> QuerySet[PilotDataset]:
    """Those of pilots whose home gives the permission, and those under an agreement of a city that gives it.

    Another city that takes part reads them, but what it would delete is everybody's, and gone for good.
    """
    held = engagements_with(user, permission).values("pk")
    rows = PilotDataset.objects.filter(Q(pilot__engagement__in=held) | Q(agreement__engagement__in=held))
    return rows.filter(pilot__archived_at=None)


def deletable_dataset_for(user: User, pk: int, permission: str) -> PilotDataset:
    """Raises NotFound."""
    rows = deletable_datasets(user, permission).filter(pk=pk)
    return first_or_not_found(rows.select_related("pilot__engagement__city", "agreement"))


def analysis_for(user: User, pk: int, permission: str = VIEW_PILOT) -> PilotAnalysis:
    """Raises NotFound."""
    rows = PilotAnalysis.objects.filter(pk=pk, pilot__in=team_pilots(user, permission).values("pk"))
    return first_or_not_found(rows.select_related("pilot__engagement__city", "registration", "dataset"))


def _in_a_city_with(user: Viewer, permission: str) -> Q:
    held = engagements_with(user, permission).values("pk")
    return Q(Exists(PilotCity.objects.filter(pilot=OuterRef("pk"), engagement__in=held)))


def _with_all(rows: QuerySet[Pilot]) -> QuerySet[Pilot]:
    return rows.select_related("engagement__city", "engagement__initiative", "project", "plan")
