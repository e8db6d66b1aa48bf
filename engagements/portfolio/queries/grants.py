"""Commitments to engagements as grants, in the columns of the 360Giving Data Standard."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from engagements.access.errors import NotFound
from engagements.access.roles import permissions_by_engagement, permissions_in_initiative
from engagements.models import Engagement, Initiative, LedgerEntry, Organisation, User
from engagements.permissions import VIEW_MONEY, VIEW_PAYEE


@dataclass(frozen=True)
class Grant:
    """A commitment that was not reversed. `recipient` is the payee for people who may see payees, else who does the
    city's work; `recipient_slug` is empty for a payee, who is no organization of the portal."""

    pk: int
    city: str
    state: str
    place_geoid: str
    project: str
    amount_usd: Decimal
    awarded_on: date
    recipient: str
    recipient_slug: str
    engagement_slug: str
    funder: str
    funder_slug: str
    modified_at: datetime


@dataclass(frozen=True)
class Grants:
    """Oldest first. Recorded and invented ones are never in one list."""

    initiative_slug: str
    initiative: str
    is_fictional: bool
    rows: tuple[Grant, ...]


def grants(user: User, within: Initiative, *, is_fictional: bool = False) -> Grants:
    """Of an initiative this person may read. Four statements and those of access.

    Raises NotFound for those who may not read its money.
    """
    if VIEW_MONEY not in permissions_in_initiative(user, within.pk):
        raise NotFound("We can’t find this. It may have moved, or it isn’t shared with you.")
    found = [
        (entry, entry.engagement)
        for entry in LedgerEntry.objects.filter(
            initiative=within, stage="committed", engagement__isnull=False, reverses=None, reversed_by=None
        )
        .select_related("engagement__city", "funder")
        .order_by("occurred_on", "pk")
        if entry.engagement is not None and _is_invented(within, entry, entry.engagement) == is_fictional
    ]
    held = permissions_by_engagement(user, {engagement.pk for _, engagement in found})
    governments = _governments({engagement.city_id for _, engagement in found}, is_fictional)
    return Grants(
        within.slug,
        within.name,
        is_fictional,
        tuple(
            _grant(within, entry, engagement, held.get(engagement.pk, frozenset()), governments.get(engagement.city_id))
            for entry, engagement in found
        ),
    )


def _is_invented(within: Initiative, entry: LedgerEntry, engagement: Engagement) -> bool:
    return within.is_fictional or engagement.is_fictional or entry.is_fictional


def _governments(cities: set[int], is_fictional: bool) -> dict[int, Organisation]:
    """The city government on record of each city; a fictional one only for fictional money."""
    rows = Organisation.objects.filter(kind=Organisation.Kind.CITY_GOVERNMENT, city__in=cities)
    if not is_fictional:
        rows = rows.filter(is_fictional=False)
    return {row.city_id: row for row in rows.order_by("-is_fictional", "-pk") if row.city_id is not None}


def _grant(
    within: Initiative,
    entry: LedgerEntry,
    engagement: Engagement,
    held: frozenset[str],
    government: Organisation | None,
) -> Grant:
    """`held`: what the viewer may do in the engagement the money is for."""
    city = engagement.city
    if VIEW_PAYEE in held and entry.payee.strip():
        recipient, slug = entry.payee.strip(), ""
    elif government is not None:
        recipient, slug = government.name, government.slug
    else:
        recipient, slug = f"{city.name}, {within.name}", engagement.slug
    return Grant(
        entry.pk,
        city.name,
        city.state_usps,
        city.place_geoid,
        engagement.project.strip() or engagement.theme,
        entry.amount_usd,
        entry.occurred_on,
        recipient,
        slug,
        engagement.slug,
        entry.funder.name,
        entry.funder.slug,
        entry.entered_at,
    )
