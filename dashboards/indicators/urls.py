"""Indicators of an engagement and its timeline."""

from django.urls import path

from atlas.web import converters  # noqa: F401 - makes <table_file:...> known
from dashboards.indicators import views

urlpatterns = [
    path("indicators/<int:pk>/", views.indicator, name="indicator"),
    path("indicators/<int:pk>/<slug:panel_slug>.csv", views.indicator_file, {"kind": "csv"}, "indicator_csv"),
    path("indicators/<int:pk>/<slug:panel_slug>.<table_file:kind>", views.indicator_file, name="indicator_file"),
    path("indicators/<int:pk>/<slug:panel_slug>.svg", views.indicator_file, {"kind": "svg"}, "indicator_svg"),
    path("indicators/<int:pk>/<slug:panel_slug>.png", views.indicator_file, {"kind": "png"}, "indicator_png"),
    path("engagements/<slug:slug>/timeline/", views.timeline, name="engagement_timeline"),
    path("engagements/<slug:slug>/timeline.csv", views.timeline_file, {"kind": "csv"}, "timeline_csv"),
    path("engagements/<slug:slug>/timeline.<table_file:kind>", views.timeline_file, name="timeline_file"),
    path("engagements/<slug:slug>/timeline.svg", views.timeline_file, {"kind": "svg"}, "timeline_svg"),
    path("engagements/<slug:slug>/timeline.png", views.timeline_file, {"kind": "png"}, "timeline_png"),
]
