from engagements.queries.activity import ActivityRow, activity
from engagements.queries.caseloads import Caseload, caseloads
from engagements.queries.digest import DigestContent, Outgoing, digest_content, outgoing, readers_of
from engagements.queries.discussion import CommentRow, DocumentRow, RecordRow, comments, documents, records
from engagements.queries.engagement import (
    EngagementPage,
    EngagementRow,
    TeamMember,
    engagement_page,
    engagement_slug,
    engagements,
    team,
)
from engagements.queries.history import Change, HistoryEntry, history
from engagements.queries.home import Home, QuietEngagement, Todo, home, quiet_engagements, quiet_milestones, todos
from engagements.queries.log_choices import LogChoice, log_choices
from engagements.queries.milestone_page import MilestoneDetail, milestone_page
from engagements.queries.milestones import MilestoneFilter, MilestonePage, MilestoneRow, milestones, milestones_around
from engagements.queries.notes import LocalNoteRow, local_notes
from engagements.queries.participation import ParticipationRecord, participations
from engagements.queries.people import (
    InvitationRow,
    ManagedPlace,
    PeoplePage,
    RoleRow,
    TokenRow,
    managed_places,
    own_roles,
    own_tokens,
    people_of_engagement,
    people_of_initiative,
)
from engagements.queries.reports import ReportRow, report, reports
from engagements.queries.requests import RequestDetail, RequestRow, request_page, requests
from engagements.queries.update_versions import UpdateVersion, update_versions
from engagements.queries.updates import UpdateRow, updates

__all__ = [
    "ActivityRow",
    "Caseload",
    "Change",
    "CommentRow",
    "DigestContent",
    "DocumentRow",
    "EngagementPage",
    "EngagementRow",
    "HistoryEntry",
    "Home",
    "InvitationRow",
    "LocalNoteRow",
    "LogChoice",
    "ManagedPlace",
    "MilestoneDetail",
    "MilestoneFilter",
    "MilestonePage",
    "MilestoneRow",
    "Outgoing",
    "ParticipationRecord",
    "PeoplePage",
    "QuietEngagement",
    "RecordRow",
    "ReportRow",
    "RequestDetail",
    "RequestRow",
    "RoleRow",
    "TeamMember",
    "Todo",
    "TokenRow",
    "UpdateRow",
    "UpdateVersion",
    "activity",
    "caseloads",
    "comments",
    "digest_content",
    "documents",
    "engagement_page",
    "engagement_slug",
    "engagements",
    "history",
    "home",
    "local_notes",
    "log_choices",
    "managed_places",
    "milestone_page",
    "milestones",
    "milestones_around",
    "outgoing",
    "own_roles",
    "own_tokens",
    "participations",
    "people_of_engagement",
    "people_of_initiative",
    "quiet_engagements",
    "quiet_milestones",
    "readers_of",
    "records",
    "report",
    "reports",
    "request_page",
    "requests",
    "team",
    "todos",
    "update_versions",
    "updates",
]
