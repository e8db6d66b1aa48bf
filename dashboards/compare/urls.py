"""Cities beside one another."""

from django.urls import path

from dashboards.compare import api, views

urlpatterns = [
    path("api/v1/compare/", api.Compare.as_view(), name="api-compare"),
    path("compare/", views.compare, name="compare"),
    path("compare/<slug:panel_slug>.csv", views.compare_csv, name="compare_csv"),
]
