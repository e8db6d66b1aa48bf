"""Reports made by the worker, and grants as a file."""

from django.urls import path

from atlas.web import converters  # noqa: F401 - makes <table_file:...> known
from dashboards.reports import api, grants, list_views, views

urlpatterns = [
    path("portfolio/<slug:slug>/reports/", list_views.of_portfolio, name="portfolio_reports"),
    path("plans/<int:pk>/reports/", list_views.of_plan, name="plan_reports"),
    path("portfolio/<slug:slug>/grants.csv", grants.table, name="portfolio_grants"),
    path("portfolio/<slug:slug>/grants.<table_file:extension>", grants.table, name="portfolio_grants_file"),
    path("reports/ask/", views.ask, name="report_ask"),
    path("reports/<int:pk>/", views.page, name="report"),
    path("reports/<int:pk>/progress/", views.progress, name="report_progress"),
    path("reports/<int:pk>/file/", views.file, name="report_file"),
    path("api/v1/reports/", api.ReportList.as_view(), name="api-reports"),
    path("api/v1/reports/<int:pk>/", api.ReportDetail.as_view(), name="api-report"),
    path("api/v1/reports/<int:pk>/file/", api.ReportFileView.as_view(), name="api-report-file"),
]
