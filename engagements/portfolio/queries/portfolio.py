"""A portfolio: every figure a funder reads about an initiative, live or as of a past moment.

All of it is in funders' words, whoever reads: internal labels, notes, payees, drafts and what is marked for the team
or a city are in no figure. So a reader's role decides whether there is a portfolio, never what its numbers are.
"""

from datetime import UTC, datetime, timedelta

from django.conf import settings

from atlas.formatting.dates import format_day
from engagements.access.engagements import initiative_for
from engagements.access.errors import NotFound
from engagements.access.portfolio import portfolio_for
from engagements.models import Engagement, Initiative, ShareLink, User
from engagements.permissions import VIEW_FUNDER_FACING
from engagements.portfolio.figures import Choice, Choices, Figure, InitiativeFact, PortfolioFigures, PortfolioSection
from engagements.portfolio.filters import (
    PortfolioFilter,
    WrongFilter,
    quarter_end,
    quarter_label,
    quarter_of,
    query_to_keep,
    read_as_of,
    read_filter,
    write_as_of,
)
from engagements.portfolio.queries.need import need_part
from engagements.portfolio.queries.rows_as_of import event_table, read
from engagements.portfolio.queries.scope import City, PortfolioScope, chosen, read_cities
from engagements.portfolio.queries.sections import PortfolioRows, has_anything, read_all, section_of
from engagements.workflow import PARTICIPATION

__all__ = [
    "PortfolioSection",
    "Figure",
    "NoRecordsYet",
    "PortfolioFigures",
    "PortfolioFilter",
    "WrongFilter",
    "open_scope",
    "portfolio",
    "portfolio_of",
    "query_to_keep",
    "read_as_of",
    "read_filter",
    "readable_initiative",
    "readable_portfolio",
    "scope_of",
    "shows_fictional",
    "write_as_of",
]


class NoRecordsYet(LookupError):
    """Asked as of a moment before anything was recorded; `since` is the first moment there is."""

    def __init__(self, since: datetime | None):
        self.since = since
        begun = f"Records begin on {format_day(since)}." if since else "Nothing is recorded yet."
        super().__init__(f"Nothing was recorded of this initiative then. {begun}")


def portfolio(
    reader: User | ShareLink,
    initiative: str,
    filters: PortfolioFilter | None = None,
    *,
    as_of: datetime | None = None,
    now: datetime,
) -> PortfolioFigures:
    """Of the initiative with this slug, as `portfolio_of`. Raises NotFound where this reader has no portfolio of that
    name, NoRecordsYet."""
    return portfolio_of(readable_portfolio(reader, initiative), reader, filters, as_of=as_of, now=now)


def portfolio_of(
    within: Initiative,
    reader: User | ShareLink,
    filters: PortfolioFilter | None = None,
    *,
    as_of: datetime | None = None,
    now: datetime,
) -> PortfolioFigures:
    """Figures of an initiative that `readable_initiative` gave this reader: access is not checked again.

    `as_of`: what was known then; None for now. Lateness is counted from the day of `as_of` (or `now`), in UTC. At most
    33 statements. Raises NoRecordsYet for a moment before the records begin.
    """
    scope = scope_of(within, reader, filters, as_of=as_of, now=now)
    found = read_all(scope)
    shown = shows_fictional(reader)
    return PortfolioFigures(
        initiative=_fact(scope.initiative),
        filters=scope.filters,
        as_of=scope.known,
        today=scope.today,
        is_past=as_of is not None,
        recorded=section_of(scope, found, False),
        fictional=section_of(scope, found, True) if shown and has_anything(found, True) else None,
        need=need_part(tuple(city for city in scope.cities if shown or not city.is_fictional)),
        choices=_choices(scope, found, shown),
    )


def open_scope(
    reader: User | ShareLink,
    initiative: str,
    filters: PortfolioFilter | None = None,
    *,
    as_of: datetime | None = None,
    now: datetime,
) -> PortfolioScope:
    """As `scope_of`, for the initiative with this slug. Raises NotFound, NoRecordsYet."""
    return scope_of(readable_initiative(reader, initiative), reader, filters, as_of=as_of, now=now)


def scope_of(
    within: Initiative,
    reader: User | ShareLink,
    filters: PortfolioFilter | None = None,
    *,
    as_of: datetime | None = None,
    now: datetime,
) -> PortfolioScope:
    """What the parts and lists of a portfolio begin with. Raises NoRecordsYet.

    `within` was checked before, by `readable_initiative` or a permission that includes reading.
    """
    filters = filters or PortfolioFilter()
    if as_of is not None:
        since = first_recorded_at(within)
        if since is None or as_of < since:
            raise NoRecordsYet(since)
    known = as_of or now
    today = known.astimezone(UTC).date()
    every = read_cities(within, as_of, today)
    shown = every if shows_fictional(reader) else tuple(city for city in every if not city.is_fictional)
    return PortfolioScope(within, filters, as_of, known, today, chosen(shown, filters), every)


def readable_portfolio(reader: User | ShareLink, slug: str) -> Initiative:
    """For its figures. Raises NotFound: for what is not there and for what is not theirs, alike."""
    return _shared(reader, slug) if isinstance(reader, ShareLink) else portfolio_for(reader, slug)


def readable_initiative(reader: User | ShareLink, slug: str) -> Initiative:
    """Also for the lists behind its figures: through a role in the whole initiative. Raises NotFound."""
    return _shared(reader, slug) if isinstance(reader, ShareLink) else initiative_for(reader, slug, VIEW_FUNDER_FACING)


def _shared(link: ShareLink, slug: str) -> Initiative:
    if link.initiative.slug != slug:
        raise NotFound("We can’t find this. It may have moved, or it isn’t shared with you.")
    return link.initiative


def shows_fictional(reader: User | ShareLink) -> bool:
    """Invented work is shown on the private servers and to fictional people, in a part of its own."""
    person = reader.made_by if isinstance(reader, ShareLink) else reader
    return settings.DEMO_ACCOUNTS or person.is_fictional


def first_recorded_at(initiative: Initiative) -> datetime | None:
    """When the first engagement of it was recorded."""
    ((since,),) = read(
        f"SELECT min(pgh_created_at) FROM {event_table(Engagement)} WHERE initiative_id = %s",  # noqa: S608 - our own names; values go as parameters
        (initiative.pk,),
    )
    return since


def _fact(row: Initiative) -> InitiativeFact:
    return InitiativeFact(
        row.slug,
        row.name,
        row.summary.strip(),
        row.source,
        row.is_fictional,
        row.pledge,
        row.pledge_on,
        row.pledge_precision,
        row.pledge_source,
        row.pledge_note,
    )


def _choices(scope: PortfolioScope, found: PortfolioRows, shown: bool) -> Choices:
    cities: tuple[City, ...] = tuple(city for city in scope.every_city if shown or not city.is_fictional)
    begun = min((city.status_since for city in cities if city.status_since), default=scope.today)
    quarters, at = [], quarter_of(begun)
    while at <= quarter_of(scope.today):
        quarters.append(Choice(at, quarter_label(at)))
        at = quarter_of(quarter_end(at) + timedelta(days=1))
    labels = {state.value: state.funder_label for state in PARTICIPATION.states}
    return Choices(
        cities=tuple(Choice(city.city_slug, city.city) for city in cities),
        themes=tuple(Choice(theme, theme) for theme in sorted({city.theme for city in cities if city.theme})),
        funders=tuple(Choice(slug, name) for slug, name, invented in found.funders.values() if shown or not invented),
        statuses=tuple(
            Choice(value, label) for value, label in labels.items() if any(city.status == value for city in cities)
        ),
        quarters=tuple(quarters),
    )
