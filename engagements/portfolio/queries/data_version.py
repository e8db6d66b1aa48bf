"""What changes when anything a portfolio shows changes: for answers that are kept for a moment."""

from engagements.models import (
    BudgetLine,
    DueDateChange,
    Engagement,
    EvidenceRow,
    Indicator,
    IndicatorValue,
    LedgerEntry,
    Milestone,
    Participation,
    Plan,
    PlanIntervention,
    PlanTract,
    Project,
    ProjectPlan,
    PublishedUpdate,
    QuarterlyUpdate,
    ReplyRequest,
    Result,
    ResultPublication,
    Risk,
    SearchRecord,
)
from engagements.portfolio.queries.rows_as_of import event_table, read

_TRACKED = (
    BudgetLine,
    Engagement,
    EvidenceRow,
    Indicator,
    IndicatorValue,
    Milestone,
    Participation,
    Plan,
    PlanIntervention,
    PlanTract,
    Project,
    ProjectPlan,
    QuarterlyUpdate,
    ReplyRequest,
    Result,
    Risk,
    SearchRecord,
)
_ADDED = (DueDateChange, LedgerEntry, PublishedUpdate, ResultPublication)


def data_version() -> str:
    """The newest row of every table and history that only grows. One statement of index look-ups.

    Transactions may end in another order than their rows are numbered: what was computed meanwhile is kept for a short
    time only, and says its own moment.
    """
    newest = [f"(SELECT max(pgh_id) FROM {event_table(model)})" for model in _TRACKED]  # noqa: S608
    newest += [f"(SELECT max(id) FROM {model._meta.db_table})" for model in _ADDED]  # noqa: S608
    (row,) = read(f"SELECT {', '.join(newest)}", ())  # noqa: S608
    return "-".join(str(each or 0) for each in row)
