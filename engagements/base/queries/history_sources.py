"""Whose history an engagement has: every tracked model, for whom it is, and which of its rows are of the engagement."""

from django.db.models import Model

from engagements.models import (
    BudgetLine,
    Comment,
    Contact,
    DataAgreement,
    Document,
    Engagement,
    EngagementRole,
    ExpertRequest,
    Feed,
    HoursEntry,
    Indicator,
    IndicatorValue,
    Initiative,
    LocalNote,
    Milestone,
    MilestoneDependency,
    Participation,
    Pilot,
    PilotCity,
    PilotLink,
    Plan,
    PlanDocument,
    PlanIntervention,
    PlanMilestone,
    PlanTract,
    Project,
    ProjectPlan,
    PublicRecordMark,
    QuarterlyUpdate,
    Record,
    RecordPlace,
    ReplyRequest,
    Result,
    Risk,
    SearchRecord,
    TableMapping,
    Webhook,
)

# Whose rows have a visibility of their own, are everybody's who sees the engagement, or need VIEW_HISTORY.
BY_LEVEL: tuple[type[Model], ...] = (Comment, Document, Record, Risk)
PUBLISHED: tuple[type[Model], ...] = (Participation, LocalNote)
TEAM: tuple[type[Model], ...] = (
    Milestone,
    MilestoneDependency,
    QuarterlyUpdate,
    ExpertRequest,
    EngagementRole,
    Engagement,
    Initiative,
    Indicator,
    IndicatorValue,
    Feed,
    BudgetLine,
    TableMapping,
    Plan,
    PlanIntervention,
    PlanTract,
    PlanMilestone,
    PlanDocument,
    Project,
    ProjectPlan,
    Result,
    SearchRecord,
    ReplyRequest,
    Pilot,
    PilotCity,
    PilotLink,
    DataAgreement,
    RecordPlace,
    HoursEntry,
    PublicRecordMark,
    Contact,
)
MANAGERS: tuple[type[Model], ...] = (Webhook,)  # of those who manage roles, as its page
_OF_A_PLAN = "e.plan_id IN (SELECT id FROM engagements_plan WHERE engagement_id = %(engagement)s)"
_PLACES: dict[type[Model], str] = {
    Engagement: "e.pgh_obj_id = %(engagement)s",
    Initiative: "e.pgh_obj_id = %(initiative)s",
    LocalNote: "e.city_id = %(city)s",
    PlanIntervention: _OF_A_PLAN,
    PlanTract: _OF_A_PLAN,
    PlanMilestone: _OF_A_PLAN,
    PlanDocument: _OF_A_PLAN,
    ProjectPlan: "e.project_id IN (SELECT id FROM engagements_project WHERE engagement_id = %(engagement)s)",
}


def place_of(model: type[Model]) -> str:
    """SQL that holds for events `e` of the engagement."""
    return _PLACES.get(model, "e.engagement_id = %(engagement)s")
