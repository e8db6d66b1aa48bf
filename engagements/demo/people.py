"""Fictional people to look around with, on the embedded database only: one for each role, in Detroit's engagement."""

import pghistory
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils import timezone

from engagements.models import (
    AccessToken,
    CalendarFeed,
    Engagement,
    EngagementRole,
    Initiative,
    Invitation,
    Organisation,
    User,
)
from engagements.permissions import INITIATIVE_ROLES, Role

INITIATIVE, ENGAGEMENT = "economic-mobility-2019", "detroit-economic-mobility-2019"

# Address: name, title, role, organization.
ACCOUNTS = {
    "lead@demo.example": ("Lena Lead", "Initiative lead", Role.LEAD, "demo-advisers"),
    "adviser@demo.example": ("Ada Adviser", "Adviser", Role.ADVISER, "demo-advisers"),
    "expert@demo.example": ("Eli Expert", "Economist", Role.EXPERT, "demo-research"),
    "staff.detroit@demo.example": ("Dana Staff", "Program manager", Role.CITY_STAFF, "demo-city"),
    "partner.detroit@demo.example": ("Pat Partner", "Program director", Role.LOCAL_PARTNER, "demo-partner"),
    "funder@demo.example": ("Finn Funder", "Program officer", Role.FUNDER, "demo-funder"),
}
_KINDS = Organisation.Kind
ORGANIZATIONS = {
    "demo-advisers": ("Demo Advisers", _KINDS.ADVISER),
    "demo-research": ("Demo Research Institute", _KINDS.RESEARCH),
    "demo-city": ("Demo City Office", _KINDS.CITY_GOVERNMENT),
    "demo-partner": ("Demo Local Partner", _KINDS.LOCAL_PARTNER),
    "demo-funder": ("Demo Funder", _KINDS.FUNDER),
}


@transaction.atomic
def seed_demo_people(password: str) -> tuple[str, ...]:
    """The six accounts reset to their initial state, whatever visitors changed; their addresses.

    Sessions last while the password stays the same. Roles that were ended are given again.
    """
    with pghistory.context(why="demo"):
        organisations = {slug: _organization(slug, *about) for slug, about in ORGANIZATIONS.items()}
        people = {user.email: user for user in User.objects.filter(email__in=ACCOUNTS)}
        encoded = _encode(password, people)
        for email, (name, title, role, organisation) in ACCOUNTS.items():
            user = people.get(email) or User(email=email, name=name, title=title)
            user.password, user.is_active, user.is_fictional = encoded, True, True
            user.is_staff = user.is_superuser = False
            user.organisation = organisations[organisation]
            user.save()
            EmailAddress.objects.update_or_create(user=user, email=email, defaults={"verified": True, "primary": True})
            _give_role(user, role)
        Authenticator.objects.filter(user__email__in=ACCOUNTS).delete()  # a visitor's phone must lock nobody out
    return tuple(ACCOUNTS)


def demo_people() -> dict[Role, User]:
    """The six by their role."""
    people = {user.email: user for user in User.objects.filter(email__in=ACCOUNTS)}
    return {role: people[email] for email, (_, _, role, _) in ACCOUNTS.items()}


@transaction.atomic
def switch_off_demo(now=None) -> int:
    """No way in is left: for a database that somebody named. Returns how many were on."""
    people = User.objects.filter(is_fictional=True)
    ids = list(people.values_list("pk", flat=True))
    now = now or timezone.now()
    for keys in (AccessToken, CalendarFeed):
        keys.objects.filter(user__in=ids, revoked_at=None).update(revoked_at=now)
    for row in Invitation.objects.open(now).filter(invited_by__in=ids):
        row.revoked_at, row.revoked_by = now, row.invited_by
        row.save(update_fields=["revoked_at", "revoked_by"])
    return people.filter(is_active=True).update(is_active=False, password=make_password(None))


def _encode(password: str, people: dict[str, User]) -> str:
    """One hash for all: they share the password, and a hash takes a third of a second."""
    hashes = {user.password for user in people.values()}
    if len(hashes) == 1 and len(people) == len(ACCOUNTS) and next(iter(people.values())).check_password(password):
        return hashes.pop()
    return make_password(password)


def _organization(slug: str, name: str, kind: str) -> Organisation:
    row, _ = Organisation.objects.get_or_create(slug=slug, defaults={"name": name, "kind": kind, "is_fictional": True})
    if row.name != name:  # of a database of an earlier release
        row.name = name
        row.save(update_fields=["name"])
    return row


def _give_role(user: User, role: Role) -> None:
    engagement = None if role in INITIATIVE_ROLES else Engagement.objects.get(slug=ENGAGEMENT)
    initiative = Initiative.objects.get(slug=INITIATIVE)
    place = {"user": user, "role": role.value, "initiative": initiative, "engagement": engagement}
    if not EngagementRole.objects.open().filter(**place).exists():
        EngagementRole.objects.create(**place)
