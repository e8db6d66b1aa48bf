from engagements.models.activity import Activity, Submission
from engagements.models.discussion import Comment
from engagements.models.documents import Document
from engagements.models.engagement import Engagement, Initiative, Participation, Precision
from engagements.models.invitations import Invitation
from engagements.models.mail import Digest, Notification
from engagements.models.milestone import DueDateChange, Milestone, MilestoneDependency, ProgressEntry
from engagements.models.notes import LocalNote
from engagements.models.organisations import Organisation, Partnership
from engagements.models.people import User
from engagements.models.records import Record
from engagements.models.requests import ExpertRequest
from engagements.models.roles import EngagementRole
from engagements.models.tokens import AccessToken, CalendarFeed, IdempotencyKey
from engagements.models.updates import PublishedUpdate, QuarterlyUpdate

__all__ = [
    "AccessToken",
    "Activity",
    "CalendarFeed",
    "Comment",
    "Digest",
    "Document",
    "DueDateChange",
    "Engagement",
    "EngagementRole",
    "ExpertRequest",
    "IdempotencyKey",
    "Initiative",
    "Invitation",
    "LocalNote",
    "Milestone",
    "MilestoneDependency",
    "Notification",
    "Organisation",
    "Participation",
    "Partnership",
    "Precision",
    "ProgressEntry",
    "PublishedUpdate",
    "QuarterlyUpdate",
    "Record",
    "Submission",
    "User",
]
