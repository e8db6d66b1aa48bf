"""Portfolios, their reports, saved views and share links, fetched and checked in one query."""

from django.db.models import Q, QuerySet

from engagements.access.errors import first_or_not_found
from engagements.access.roles import (
    engagements_with,
    has_permission_anywhere,
    initiatives_with,
    initiatives_with_somewhere,
)
from engagements.models import (
    Initiative,
    Report,
    SavedView,
    ShareLink,
    User,
)
from engagements.permissions import (
    SHARE_PORTFOLIO,
    VIEW_FUNDER_FACING,
    VIEW_PLAN,
    VIEW_PORTFOLIO,
)


def visible_portfolios(user: User) -> QuerySet[Initiative]:
    """Initiatives this person reads as a whole: the lists behind the numbers, reports and saved views too."""
    return initiatives_with(user, VIEW_FUNDER_FACING)


def readable_portfolios(user: User) -> QuerySet[Initiative]:
    """Initiatives whose portfolio this person reads, also through a role in one city of it."""
    return initiatives_with_somewhere(user, VIEW_PORTFOLIO)


def portfolio_for(user: User, slug: str) -> Initiative:
    """Raises NotFound."""
    return first_or_not_found(readable_portfolios(user).filter(slug=slug))


def visible_reports(user: User) -> QuerySet[Report]:
    """A plan's report holds what its drafts hold: it is for those who see drafts, or for those it was made by."""
    of_portfolio = Q(plan=None, initiative__in=visible_portfolios(user).values("pk"))
    of_plan = Q(plan__engagement__in=engagements_with(user, VIEW_PLAN).values("pk"))
    return Report.objects.filter(of_portfolio | of_plan)


def report_for(user: User, pk: int) -> Report:
    """Raises NotFound."""
    return first_or_not_found(
        visible_reports(user).filter(pk=pk).select_related("initiative", "plan__engagement", "made_by")
    )


def saved_view_for(user: User, pk: int) -> SavedView:
    """Raises NotFound."""
    return first_or_not_found(
        SavedView.objects.filter(user_id=user.pk, initiative__in=visible_portfolios(user).values("pk"), pk=pk)
    )


def visible_share_links(user: User) -> QuerySet[ShareLink]:
    return ShareLink.objects.filter(initiative__in=initiatives_with(user, SHARE_PORTFOLIO).values("pk"))


def share_link_for(user: User, pk: int) -> ShareLink:
    """Raises NotFound."""
    return first_or_not_found(visible_share_links(user).filter(pk=pk).select_related("initiative", "made_by"))


def has_portfolio(user: User) -> bool:
    """Whether there is one among `readable_portfolios`."""
    return has_permission_anywhere(user, VIEW_PORTFOLIO)
