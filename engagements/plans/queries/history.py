"""Who changed what in a plan, its interventions, tracts and links: from the tables the database's triggers write."""

from engagements.access.plans import plan_for
from engagements.base.queries.history import HistoryEntry, group_tracts, read_events, select_events
from engagements.models import Plan, PlanDocument, PlanIntervention, PlanMilestone, PlanTract, User
from engagements.permissions import VIEW_HISTORY

_PARTS = (PlanIntervention, PlanTract, PlanMilestone, PlanDocument)


def plan_history(user: User, pk: int, *, limit: int = 400) -> tuple[HistoryEntry, ...]:
    """Newest first; tracts that were added or taken out together are one entry. For the team. Raises NotFound."""
    found = plan_for(user, pk, VIEW_HISTORY)
    statement = " UNION ALL ".join([_select(Plan, "pgh_obj_id"), *(_select(model, "plan_id") for model in _PARTS)])
    return group_tracts(read_events(statement, {"plan": found.pk, "limit": limit}))


def _select(model, column: str) -> str:
    """Of one event table; the names in it are the models' own."""
    newest = "ORDER BY e.pgh_created_at DESC, e.pgh_id DESC LIMIT %(limit)s"
    return f"({select_events(model)} WHERE e.{column} = %(plan)s {newest})"
