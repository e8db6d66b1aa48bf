"""Portfolios one may read, their share links, and one's own views of them."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Max, Q

from engagements.access.portfolio import readable_portfolios, visible_share_links
from engagements.access.roles import permissions_in_initiative
from engagements.models import Initiative, SavedView, User
from engagements.permissions import EDIT_MONEY, MAKE_REPORT, SHARE_PORTFOLIO, VIEW_FUNDER_FACING
from engagements.portfolio.queries.filling import cities_to_fill


@dataclass(frozen=True)
class PortfolioRow:
    slug: str
    name: str
    is_fictional: bool
    cities: int


@dataclass(frozen=True)
class PortfolioPageContext:
    """What surrounds the figures of one reader: whether they may open the lists behind numbers (`may_open`), share,
    make reports, enter money of the whole initiative, or add what is missing (`may_fill`: keys of `filling.NEEDS`), and
    their own views."""

    may_open: bool
    may_share: bool
    may_report: bool
    may_enter: bool
    may_fill: frozenset[str]
    views: tuple["ViewRow", ...]


@dataclass(frozen=True)
class ViewRow:
    pk: int
    name: str
    query: str


@dataclass(frozen=True)
class ShareRow:
    """`state`: open, expired or revoked. `readers`: how many addresses it was opened from; `refused`: openings since it
    closed."""

    pk: int
    label: str
    query: str
    as_of: datetime | None
    made_by: str
    created_at: datetime
    expires_at: datetime
    revoked_at: datetime | None
    state: str
    openings: int
    readers: int
    refused: int
    last_at: datetime | None


def portfolio_list(user: User) -> tuple[PortfolioRow, ...]:
    """By name. One statement."""
    counted = Q(engagements__is_fictional=False) | Q(is_fictional=True)  # of an invented initiative all is invented
    rows = readable_portfolios(user).filter(archived_at=None).annotate(cities=Count("engagements", filter=counted))
    return tuple(PortfolioRow(row.slug, row.name, row.is_fictional, row.cities) for row in rows.order_by("name", "pk"))


def portfolio_page_context(user: User, within: Initiative) -> PortfolioPageContext:
    """Four statements. The portfolio itself was fetched with permission before."""
    held = permissions_in_initiative(user, within.pk)
    own = SavedView.objects.filter(user_id=user.pk, initiative_id=within.pk)
    return PortfolioPageContext(
        may_open=VIEW_FUNDER_FACING in held,
        may_share=SHARE_PORTFOLIO in held,
        may_report=MAKE_REPORT in held,
        may_enter=EDIT_MONEY in held,
        may_fill=frozenset(cities_to_fill(user, within)),
        views=tuple(ViewRow(row.pk, row.name, row.query) for row in own),
    )


def share_links(user: User, within: Initiative, *, now: datetime) -> tuple[ShareRow, ...]:
    """Of one portfolio, newest first: those this person may see. One statement."""
    let_in = Q(uses__was_let_in=True)
    rows = (
        visible_share_links(user)
        .filter(initiative=within)
        .select_related("made_by")
        .annotate(
            openings=Count("uses", filter=let_in),
            readers=Count("uses__address_hash", filter=let_in, distinct=True),
            refused=Count("uses", filter=~let_in & Q(uses__isnull=False)),
            last=Max("uses__at", filter=let_in),
        )
    )
    return tuple(
        ShareRow(
            pk=row.pk,
            label=row.label,
            query=row.query,
            as_of=row.as_of,
            made_by=str(row.made_by),
            created_at=row.created_at,
            expires_at=row.expires_at,
            revoked_at=row.revoked_at,
            state="revoked" if row.revoked_at else "open" if now < row.expires_at else "expired",
            openings=row.openings,
            readers=row.readers,
            refused=row.refused,
            last_at=row.last,
        )
        for row in rows
    )
