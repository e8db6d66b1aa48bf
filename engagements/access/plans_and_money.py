"""Fetch and check in one step, for evidence, plans, money, indicators, risks, reports and shared portfolios.

As in `access`: what somebody may not see answers exactly as what is not there.
"""

import pghistory.core
from django.db.models import Exists, OuterRef, Q, QuerySet

from engagements.access.work import (
    NotAllowed,
    NotFound,
    engagements_with,
    initiatives_with,
    visible_risks,
)
from engagements.models import (
    BudgetLine,
    EngagementRole,
    EvidenceRow,
    Indicator,
    IndicatorValue,
    LedgerEntry,
    LedgerMapping,
    Plan,
    Report,
    Risk,
    SavedView,
    ShareLink,
    User,
)
from engagements.permissions import (
    EDIT_EVIDENCE,
    EDIT_MONEY,
    SHARE_PORTFOLIO,
    VIEW_FUNDER_FACING,
    VIEW_INDICATOR,
    VIEW_MONEY,
    VIEW_PLAN,
    VIEW_PUBLISHED,
    roles_with,
)
from engagements.workflow import INDICATOR_VALUE_APPROVED


def _one(rows: QuerySet):
    found = rows.first()
    if found is None:
        raise NotFound("There is no such thing here.")
    return found


def _in(user: User, permission: str, field: str = "engagement") -> Q:
    return Q(**{f"{field}__in": engagements_with(user, permission).values("pk")})


# Evidence: one library for everybody. Reviewed rows are public; drafts are read by those who write or review them.


def holds_anywhere(user: User, permission: str) -> bool:
    """Whether a role in any engagement or initiative gives it: the library belongs to no engagement."""
    if not user.is_authenticated or not user.is_active:
        return False
    roles = EngagementRole.objects.open().filter(user_id=user.pk, role__in=roles_with(permission))
    return roles.exists()


def visible_evidence(user: User) -> QuerySet[EvidenceRow]:
    rows = EvidenceRow.objects.filter(archived_at=None)
    return rows if holds_anywhere(user, EDIT_EVIDENCE) else rows.filter(status="reviewed")


def once_reviewed() -> QuerySet[EvidenceRow]:
    """With a change that waits for its review: everybody reads them as they were last reviewed, never their fields."""
    (events,) = pghistory.core.event_models(tracks_model=EvidenceRow)
    reviewed = events.objects.filter(pgh_obj_id=OuterRef("pk"), status="reviewed")
    return EvidenceRow.objects.filter(Exists(reviewed), status="draft", archived_at=None)


def evidence_for(user: User, key: str, permission: str | None = None) -> EvidenceRow:
    """By key. With a permission: to edit or review it. Raises NotFound, NotAllowed."""
    found = _one(visible_evidence(user).filter(key=key))
    if permission and not holds_anywhere(user, permission):
        raise NotAllowed("Evidence is written and reviewed by experts and leads.")
    return found


# Plans: drafts for the team, what was published for the initiative, for everybody where the city says so.


def visible_plans(user: User) -> QuerySet[Plan]:
    """Whoever sees a plan only through what was published reads `publications`, never its fields."""
    public = Q(is_public=True, published_at__isnull=False)
    if not user.is_authenticated or not user.is_active:
        return Plan.objects.filter(public, archived_at=None)
    published = _in(user, VIEW_PUBLISHED) & Q(published_at__isnull=False)
    return Plan.objects.filter(public | published | _in(user, VIEW_PLAN), archived_at=None)


def plan_for(user: User, pk: int, permission: str | None = None) -> Plan:
    """Without a permission: whatever of it this person may read. Raises NotFound."""
    rows = visible_plans(user).filter(pk=pk)
    if permission:
        rows = rows.filter(_in(user, permission))
    return _one(rows.select_related("engagement__city", "engagement__initiative"))


# Indicators: all of them for the team; for others those with an approved value, and only such values.


def visible_indicators(user: User) -> QuerySet[Indicator]:
    approved = IndicatorValue.objects.filter(
        indicator=OuterRef("pk"), status__in=INDICATOR_VALUE_APPROVED, archived_at=None
    )
    published = _in(user, VIEW_PUBLISHED) & Q(Exists(approved))
    return Indicator.objects.filter(published | _in(user, VIEW_INDICATOR), archived_at=None)


def visible_values(user: User) -> QuerySet[IndicatorValue]:
    published = _in(user, VIEW_PUBLISHED) & Q(status__in=INDICATOR_VALUE_APPROVED)
    live = Q(archived_at=None, indicator__archived_at=None)
    return IndicatorValue.objects.filter(live, published | _in(user, VIEW_INDICATOR))


def indicator_for(user: User, pk: int, permission: str | None = None) -> Indicator:
    rows = visible_indicators(user).filter(pk=pk)
    if permission:
        rows = rows.filter(_in(user, permission))
    return _one(rows.select_related("engagement__city", "engagement__initiative", "plan"))


def value_for(user: User, pk: int, permission: str | None = None) -> IndicatorValue:
    rows = visible_values(user).filter(pk=pk)
    if permission:
        rows = rows.filter(_in(user, permission))
    return _one(rows.select_related("indicator__engagement__city"))


# Money: of an engagement through a role that sees it; of a whole initiative through a role in the whole initiative.


def visible_entries(user: User, permission: str = VIEW_MONEY) -> QuerySet[LedgerEntry]:
    whole = Q(engagement=None, initiative__in=initiatives_with(user, permission).values("pk"))
    return LedgerEntry.objects.filter(_in(user, permission) | whole)


def entry_for(user: User, pk: int, permission: str = VIEW_MONEY) -> LedgerEntry:
    rows = visible_entries(user, permission).filter(pk=pk)
    return _one(rows.select_related("engagement__city", "initiative", "plan", "milestone", "funder", "entered_by"))


def visible_budget_lines(user: User) -> QuerySet[BudgetLine]:
    return BudgetLine.objects.filter(_in(user, VIEW_MONEY), archived_at=None)


def budget_line_for(user: User, pk: int, permission: str = VIEW_MONEY) -> BudgetLine:
    rows = visible_budget_lines(user).filter(_in(user, permission), pk=pk)
    return _one(rows.select_related("engagement__city", "plan", "funder"))


def mapping_for(user: User, pk: int) -> LedgerMapping:
    return _one(LedgerMapping.objects.filter(_in(user, EDIT_MONEY), archived_at=None, pk=pk))


# Risks.


def risk_for(user: User, pk: int, permission: str = VIEW_PUBLISHED) -> Risk:
    return _one(visible_risks(user).filter(_in(user, permission), pk=pk).select_related("engagement__city", "owner"))


# Portfolios: a role in the whole initiative. Reports of a plan: whoever reads the plan.


def portfolios(user: User):
    """Initiatives whose portfolio this person reads."""
    return initiatives_with(user, VIEW_FUNDER_FACING)


def visible_reports(user: User) -> QuerySet[Report]:
    """A plan's report holds what its drafts hold: it is for those who see drafts, or for those it was made by."""
    of_portfolio = Q(plan=None, initiative__in=portfolios(user).values("pk"))
    of_plan = Q(plan__engagement__in=engagements_with(user, VIEW_PLAN).values("pk"))
    return Report.objects.filter(of_portfolio | of_plan)


def report_for(user: User, pk: int) -> Report:
    return _one(visible_reports(user).filter(pk=pk).select_related("initiative", "plan__engagement", "made_by"))


def saved_view_for(user: User, pk: int) -> SavedView:
    return _one(SavedView.objects.filter(user_id=user.pk, initiative__in=portfolios(user).values("pk"), pk=pk))


def visible_share_links(user: User) -> QuerySet[ShareLink]:
    return ShareLink.objects.filter(initiative__in=initiatives_with(user, SHARE_PORTFOLIO).values("pk"))


def share_link_for(user: User, pk: int) -> ShareLink:
    return _one(visible_share_links(user).filter(pk=pk).select_related("initiative", "made_by"))


def has_portfolio(user: User) -> bool:
    return portfolios(user).exists()
