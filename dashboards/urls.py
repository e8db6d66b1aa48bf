"""Addresses of the pages readers open, room by room."""

from django.urls import include, path

ROOMS = (
    "plans",
    "works",
    "wages",
    "finding",
    "places",
    "compare",
    "areas",
    "releases",
    "downloads",
    "indicators",
    "methods",
    "money",
    "portfolio",
    "reports",
    "sharing",
)
urlpatterns = [path("", include(f"dashboards.{room}.urls")) for room in ROOMS]
