"""Which tables make the record of an engagement, and their rows. What is left out is named with its reason."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.apps import apps
from django.db import models
from django.db.models import QuerySet

# Model -> how its rows lead to the engagement. Everything a lead of the engagement may see.
PATHS = {
    "Engagement": "pk",
    "Participation": "engagement",
    "EngagementRole": "engagement",
    "Partnership": "engagement",
    "Invitation": "engagement",
    "Milestone": "engagement",
    "MilestoneDependency": "engagement",
    "DueDateChange": "milestone__engagement",
    "ProgressEntry": "engagement",
    "Record": "engagement",
    "RecordPlace": "engagement",
    "Comment": "engagement",
    "Document": "engagement",
    "Contact": "engagement",
    "ExpertRequest": "engagement",
    "Risk": "engagement",
    "HoursEntry": "engagement",
    "QuarterlyUpdate": "engagement",
    "PublishedUpdate": "update__engagement",
    "Plan": "engagement",
    "PlanTract": "plan__engagement",
    "PlanIntervention": "plan__engagement",
    "PlanMilestone": "engagement",
    "PlanDocument": "engagement",
    "PlanPublication": "plan__engagement",
    "Project": "engagement",
    "ProjectPlan": "engagement",
    "Result": "engagement",
    "ResultPublication": "result__engagement",
    "SearchRecord": "engagement",
    "ReplyRequest": "engagement",
    "Pilot": "engagement",
    "PilotCity": "engagement",
    "PilotLink": "engagement",
    "RegistrationVersion": "pilot__engagement",
    "PilotUnitList": "pilot__engagement",
    "PilotAllocation": "unit_list__pilot__engagement",
    "DataAgreement": "engagement",
    "PilotDataset": "pilot__engagement",
    "PilotAnalysis": "pilot__engagement",
    "PilotResult": "pilot__engagement",
    "Indicator": "engagement",
    "IndicatorValue": "engagement",
    "LedgerEntry": "engagement",
    "LedgerPlacement": "entry__engagement",
    "LedgerPlacementTract": "placement__entry__engagement",
    "BudgetLine": "engagement",
    "Feed": "engagement",
    "FeedVintage": "feed__engagement",
    "FeedReading": "feed__engagement",
    "TableMapping": "engagement",
    "TableImport": "engagement",
    "ReviewDecision": "engagement",
    "PublicRecordMark": "engagement",
    "PublicRecordExport": "engagement",
    "Activity": "engagement",
    "SecurityEvent": "engagement",
    "AccessReview": "engagement",
    "AccessDecision": "review__engagement",
}
_DERIVED = "worked out from what is in the archive"
_PERSONAL = "one person's own settings and mail, not the city's record"
_LINKS = "a secret, a link or its use"
_UNITS = "people under salted ids: downloaded from their pilot by who may"
LEFT_OUT = {
    "Initiative": "of several cities",
    "EvidenceRow": "the library is one for all cities, and public",
    "Organisation": "in people.csv by name; of several cities",
    "User": "in people.csv by name",
    "LocalNote": "on the city's public pages, of no engagement",
    "Report": "of a portfolio or made again from its plan",
    "PilotUnit": _UNITS,
    "PilotAssignment": _UNITS,
    "LedgerTotal": _DERIVED,
    "DocumentPreview": _DERIVED,
    "DocumentText": _DERIVED,
    "DocumentPart": _DERIVED,
    "SearchEntry": _DERIVED,
    "SearchWord": _DERIVED,
    "ImportKey": _DERIVED,
    "SecurityLink": _DERIVED,
    "QuotaUse": _DERIVED,
    "FeedStatus": _DERIVED,
    **dict.fromkeys(
        (
            "Absence",
            "FirstStepsDismissal",
            "Notification",
            "NotificationChoice",
            "Digest",
            "MailAddress",
            "PortfolioDigest",
            "SavedView",
            "WorkView",
            "UpdateReminder",
            "AccessReviewReminder",
            "ReceivedMail",
            "ErasureRequest",
            "RetentionRun",
            "FormIdempotencyKey",
            "IdempotencyKey",
            "UserSession",
            "Webhook",
            "WebhookDelivery",
            "WebhookAttempt",
        ),
        _PERSONAL,
    ),
    **dict.fromkeys(
        (
            "AccessToken",
            "CalendarFeed",
            "FeedKey",
            "FeedSecret",
            "PilotKey",
            "ReplyLink",
            "ReplyLinkUse",
            "SecurityEventSource",
            "ShareLink",
            "ShareLinkUse",
            "UpdateLink",
            "UpdateLinkUse",
            "WebhookEnd",
        ),
        _LINKS,
    ),
}
# Lists of people in a row: name here, field, and how it leads to the engagement.
_LISTS = (
    ("RecordAttendee", ("Record", "attendees"), "record__engagement"),
    ("CommentMention", ("Comment", "mentions"), "comment__engagement"),
)
# Columns that stay behind: where a file lies on our disk, hashes of links, what an import had packed, data of pilots.
_HIDDEN = {
    ("Invitation", "sha256"),
    ("PublicRecordExport", "file"),
    ("Document", "file"),
    ("PilotDataset", "file"),
    ("PilotDataset", "content"),  # rows and small counts: its fingerprint stays
    ("PilotDataset", "checks"),  # exact counts by arm, and what earlier versions let out
    ("PilotAnalysis", "result"),  # as computed; what everybody may read of it is published
    ("TableImport", "packed"),
}


@dataclass(frozen=True)
class RecordTable:
    """`is_history`: the rows are what the table's rows were before, with when, by whom and why."""

    model: type[models.Model]
    name: str
    path: str
    is_history: bool

    @property
    def columns(self) -> list["models.Field"]:
        of = self.name.removesuffix("Event")
        return [field for field in self.model._meta.concrete_fields if (of, field.name) not in _HIDDEN]

    def rows(self, engagement_id: int) -> QuerySet[models.Model]:
        """In the order of their keys."""
        return self.model._base_manager.filter(**{self.path: engagement_id}).order_by("pk")


def record_tables() -> Iterator[RecordTable]:
    """Each table, and behind it its history where one is kept."""
    config = apps.get_app_config("engagements")
    known = {model.__name__: model for model in config.get_models()}
    for name, path in PATHS.items():
        yield RecordTable(known[name], name, path, is_history=False)
        history = known.get(f"{name}Event")
        if history is not None:
            yield RecordTable(history, f"{name}Event", "pgh_obj" if path == "pk" else path, is_history=True)
    for name, through, path in _LISTS:
        model = getattr(known[through[0]], through[1]).through
        yield RecordTable(model, name, path, is_history=False)


def names_of_people(ids: set[int]) -> list[tuple[int, str, str, str]]:
    """(id, name, title, organization), without addresses."""
    people = apps.get_model("engagements.User")._base_manager.filter(pk__in=ids).select_related("organisation")
    return [(one.pk, one.name, one.title, str(one.organisation or "")) for one in people.order_by("pk")]
