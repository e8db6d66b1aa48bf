"""Milestones: pages, the quick log, tables, calendars and API."""

from django.urls import path

from atlas.web import converters  # noqa: F401 - makes <table_file:...> known
from engagements.milestones import api, api_log
from engagements.milestones.views import calendar, hours, import_export, log, milestone

_TABLES = "engagements/<slug:engagement>/milestones"

urlpatterns = [
    path("log/", log.log, name="log"),
    path("engagements/<slug:slug>/hours/", hours.index, name="hours"),
    path("hours/<int:pk>/archive/", hours.archive, name="hours_archive"),
    path("engagements/<slug:slug>/milestones/add/", milestone.add, name="milestone_add"),
    path("engagements/<slug:slug>/milestones/template/", milestone.template, name="milestone_template"),
    path("milestones/<int:pk>/", milestone.milestone, name="milestone"),
    path("milestones/<int:pk>/edit/", milestone.edit, name="milestone_edit"),
    path("milestones/<int:pk>/review/", milestone.review, name="milestone_review"),
    path("milestones/<int:pk>/archive/", milestone.archive, name="milestone_archive"),
    path("milestones/<int:pk>/restore/", milestone.restore, name="milestone_restore"),
    path("milestones/<int:pk>/dependency/", milestone.dependency, name="milestone_dependency"),
]

# In the namespace "exchange": see engagements/urls.py.
exchange_patterns = [
    path(f"{_TABLES}/export.csv", import_export.export, {"kind": "csv"}, name="export-csv"),
    path(f"{_TABLES}/export.xlsx", import_export.export, {"kind": "xlsx"}, name="export-xlsx"),
    path(f"{_TABLES}/export.<table_file:kind>", import_export.export, name="export-file"),
    path("mappings/<int:pk>/milestones.<table_file:kind>", import_export.export_as, name="export-as"),
    path(f"{_TABLES}/import/", import_export.upload, name="import"),
    path(f"{_TABLES}/import/columns/", import_export.choose_columns, name="import-columns"),
    path(f"{_TABLES}/import/keep/", import_export.confirm, name="import-keep"),
    path(f"{_TABLES}/import/reasons/", import_export.reasons, name="import-reasons"),
    path(f"{_TABLES}/import/template.csv", import_export.template, {"kind": "csv"}, name="template-csv"),
    path(f"{_TABLES}/import/template.xlsx", import_export.template, {"kind": "xlsx"}, name="template-xlsx"),
    path("me/calendar/", calendar.page, name="calendar"),
    path("me/calendar/<int:pk>/revoke/", calendar.revoke, name="calendar-revoke"),
    path("calendar/<str:secret>.ics", calendar.feed, name="feed"),
    path("api/v1/milestones/", api.MilestoneList.as_view(), name="api-milestones"),
    path("api/v1/milestones/<int:pk>/", api.MilestoneDetail.as_view(), name="api-milestone"),
    path("api/v1/milestones/<int:pk>/progress/", api.MilestoneProgress.as_view(), name="api-progress"),
    path("api/v1/hours/", api_log.HoursList.as_view(), name="api-hours"),
    path("api/v1/hours/<int:pk>/archive/", api_log.HoursArchive.as_view(), name="api-hours-archive"),
    path("api/v1/calls/", api_log.Calls.as_view(), name="api-calls"),
]
