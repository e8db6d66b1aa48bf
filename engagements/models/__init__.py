from engagements.models.absences import Absence
from engagements.models.access_reviews import AccessDecision, AccessReview, AccessReviewReminder
from engagements.models.activity import Activity, FormIdempotencyKey
from engagements.models.contacts import Contact
from engagements.models.discussion import COMMENT_SECTIONS, Comment
from engagements.models.documents import Document
from engagements.models.engagement import Engagement, Initiative, Participation, Precision
from engagements.models.evidence import Estimand, EvidenceRow, OutcomeFamily
from engagements.models.feeds import Feed, FeedKey, FeedReading, FeedSecret, FeedStatus, FeedVintage
from engagements.models.first_steps import FirstStepsDismissal
from engagements.models.hours import HoursEntry
from engagements.models.imports import ImportKey, TableImport, TableKind, TableMapping
from engagements.models.indicators import Indicator, IndicatorValue
from engagements.models.invitations import Invitation
from engagements.models.ledger import (
    BudgetLine,
    LedgerEntry,
    LedgerPlacement,
    LedgerPlacementTract,
    LedgerTotal,
    Stage,
)
from engagements.models.mail import Digest, Notification
from engagements.models.mail_addresses import MailAddress
from engagements.models.milestone import DueDateChange, Milestone, MilestoneDependency, ProgressEntry
from engagements.models.notes import LocalNote
from engagements.models.notification_choices import DEFAULT_WHEN, NotificationChoice
from engagements.models.organisations import Organisation, Partnership
from engagements.models.people import User
from engagements.models.pilot_analyses import PilotAnalysis, PilotResult
from engagements.models.pilot_data import DataAgreement, PilotDataset
from engagements.models.pilot_registrations import RegistrationVersion
from engagements.models.pilot_units import PilotAllocation, PilotAssignment, PilotKey, PilotUnit, PilotUnitList
from engagements.models.pilots import Pilot, PilotCity, PilotLink
from engagements.models.plans import (
    PLAN_SECTIONS,
    Plan,
    PlanDocument,
    PlanIntervention,
    PlanMilestone,
    PlanPublication,
    PlanTract,
    Transport,
)
from engagements.models.previews import DocumentPreview
from engagements.models.privacy import ErasureRequest, RetentionRun
from engagements.models.public_records import PublicRecordExport, PublicRecordMark
from engagements.models.quotas import QuotaUse
from engagements.models.received_mail import ReceivedMail
from engagements.models.records import Record, RecordPlace
from engagements.models.reply_links import ReplyLink, ReplyLinkUse
from engagements.models.reports import PortfolioDigest, Report, SavedView, ShareLink, ShareLinkUse
from engagements.models.requests import ExpertRequest
from engagements.models.results import Project, ProjectPlan, ReplyRequest, Result, ResultPublication, SearchRecord
from engagements.models.reviews import ReviewDecision
from engagements.models.risks import Risk
from engagements.models.roles import EngagementRole
from engagements.models.search import DocumentPart, DocumentText, SearchEntry, SearchWord
from engagements.models.security import SecurityEvent, SecurityEventSource, SecurityLink
from engagements.models.sessions import UserSession
from engagements.models.tokens import AccessToken, CalendarFeed, IdempotencyKey
from engagements.models.update_links import UpdateLink, UpdateLinkUse, UpdateReminder
from engagements.models.updates import PublishedUpdate, QuarterlyUpdate
from engagements.models.webhooks import Webhook, WebhookAttempt, WebhookDelivery, WebhookEnd
from engagements.models.work_views import WorkView

__all__ = [
    "DEFAULT_WHEN",
    "COMMENT_SECTIONS",
    "PLAN_SECTIONS",
    "Absence",
    "AccessDecision",
    "AccessReview",
    "AccessReviewReminder",
    "AccessToken",
    "Activity",
    "BudgetLine",
    "CalendarFeed",
    "Comment",
    "Digest",
    "Document",
    "DocumentPart",
    "DocumentPreview",
    "DocumentText",
    "Contact",
    "DueDateChange",
    "Engagement",
    "EngagementRole",
    "ErasureRequest",
    "Estimand",
    "EvidenceRow",
    "ExpertRequest",
    "Feed",
    "FeedKey",
    "FeedReading",
    "FeedSecret",
    "FeedStatus",
    "FeedVintage",
    "FirstStepsDismissal",
    "HoursEntry",
    "IdempotencyKey",
    "ImportKey",
    "Indicator",
    "IndicatorValue",
    "Initiative",
    "Invitation",
    "LedgerEntry",
    "MailAddress",
    "LedgerPlacement",
    "LedgerPlacementTract",
    "LedgerTotal",
    "LocalNote",
    "Milestone",
    "MilestoneDependency",
    "Notification",
    "NotificationChoice",
    "Organisation",
    "OutcomeFamily",
    "Participation",
    "Partnership",
    "DataAgreement",
    "Pilot",
    "PilotAllocation",
    "PilotAnalysis",
    "PilotAssignment",
    "PilotCity",
    "PilotDataset",
    "PilotKey",
    "PilotLink",
    "PilotResult",
    "PilotUnit",
    "PilotUnitList",
    "RegistrationVersion",
    "Plan",
    "PlanDocument",
    "PlanIntervention",
    "PlanMilestone",
    "PlanPublication",
    "PlanTract",
    "PortfolioDigest",
    "Precision",
    "ProgressEntry",
    "Project",
    "ProjectPlan",
    "PublicRecordExport",
    "PublicRecordMark",
    "PublishedUpdate",
    "QuarterlyUpdate",
    "QuotaUse",
    "ReceivedMail",
    "Record",
    "RecordPlace",
    "ReplyRequest",
    "Report",
    "Result",
    "ResultPublication",
    "RetentionRun",
    "ReviewDecision",
    "Risk",
    "SavedView",
    "SearchEntry",
    "SearchRecord",
    "SearchWord",
    "SecurityEvent",
    "SecurityEventSource",
    "SecurityLink",
    "ShareLink",
    "ShareLinkUse",
    "Stage",
    "FormIdempotencyKey",
    "Transport",
    "ReplyLink",
    "ReplyLinkUse",
    "UpdateLink",
    "UpdateLinkUse",
    "UpdateReminder",
    "User",
    "UserSession",
    "Webhook",
    "WebhookAttempt",
    "WebhookDelivery",
    "WebhookEnd",
    "WorkView",
    "TableImport",
    "TableKind",
    "TableMapping",
]
