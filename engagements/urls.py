"""The API on engagements; milestones as tables and calendars."""

from django.urls import path

from engagements.discussion.api import discussion, documents
from engagements.home import api as work
from engagements.milestones import api as milestones
from engagements.milestones.views import calendar
from engagements.milestones.views import import_export as exchange

_TABLES = "engagements/<slug:engagement>/milestones"

app_name = "exchange"
urlpatterns = [
    path(f"{_TABLES}/export.csv", exchange.export, {"kind": "csv"}, name="export-csv"),
    path(f"{_TABLES}/export.xlsx", exchange.export, {"kind": "xlsx"}, name="export-xlsx"),
    path(f"{_TABLES}/import/", exchange.bring, name="import"),
    path(f"{_TABLES}/import/keep/", exchange.keep, name="import-keep"),
    path(f"{_TABLES}/import/reasons/", exchange.reasons, name="import-reasons"),
    path(f"{_TABLES}/import/template.csv", exchange.template, {"kind": "csv"}, name="template-csv"),
    path(f"{_TABLES}/import/template.xlsx", exchange.template, {"kind": "xlsx"}, name="template-xlsx"),
    path("me/calendar/", calendar.page, name="calendar"),
    path("me/calendar/<int:pk>/revoke/", calendar.revoke, name="calendar-revoke"),
    path("calendar/<str:secret>.ics", calendar.feed, name="feed"),
    path("api/v1/engagements/", work.EngagementList.as_view(), name="api-engagements"),
    path("api/v1/engagements/<int:pk>/", work.EngagementDetail.as_view(), name="api-engagement"),
    path("api/v1/milestones/", milestones.MilestoneList.as_view(), name="api-milestones"),
    path("api/v1/milestones/<int:pk>/", milestones.MilestoneDetail.as_view(), name="api-milestone"),
    path("api/v1/milestones/<int:pk>/progress/", milestones.MilestoneProgress.as_view(), name="api-progress"),
    path("api/v1/comments/", discussion.CommentList.as_view(), name="api-comments"),
    path("api/v1/documents/", documents.DocumentList.as_view(), name="api-documents"),
    path("api/v1/documents/<int:pk>/file/", documents.DocumentFile.as_view(), name="api-document-file"),
    path("api/v1/activity/", work.ActivityList.as_view(), name="api-activity"),
    path("api/v1/requests/", discussion.RequestList.as_view(), name="api-requests"),
    path("api/v1/requests/<int:pk>/", discussion.RequestDetail.as_view(), name="api-request"),
    path("api/v1/requests/<int:pk>/answer/", discussion.RequestAnswer.as_view(), name="api-answer"),
    path("api/v1/updates/", work.UpdateList.as_view(), name="api-updates"),
    path("api/v1/updates/<int:pk>/", work.UpdateDetail.as_view(), name="api-update"),
]
