"""Cities beside one another."""

from django.urls import path

from atlas.web import converters  # noqa: F401 - makes <table_file:...> known
from dashboards.compare import api, views

urlpatterns = [
    path("api/v1/compare/", api.Compare.as_view(), name="api-compare"),
    path("compare/", views.compare, name="compare"),
    path("compare/<slug:panel_slug>.csv", views.compare_table, name="compare_csv"),
    path("compare/<slug:panel_slug>.<table_file:extension>", views.compare_table, name="compare_file"),
]
