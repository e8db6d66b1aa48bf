"""Areas people put together: made here, shown by the views of places."""

from django.urls import path

from atlas.web import converters  # noqa: F401 - makes <table_file:...> known
from dashboards.areas import api, views
from dashboards.base.noindex import noindex
from dashboards.places import chart_views, panel_views, picture_views
from dashboards.places import views as place_views

AREA = {"kind": "area"}

urlpatterns = [
    path("api/v1/areas/", noindex(api.AreaMaking.as_view()), name="api-areas"),
    path("api/v1/areas/<slug:slug>/", noindex(api.AreaDetail.as_view()), name="api-area"),
    path(
        "api/v1/areas/<slug:slug>/panels/<slug:panel_slug>/",
        noindex(api.AreaPanel.as_view()),
        name="api-area-panel",
    ),
    path("areas/", noindex(views.mine), name="areas"),
    path("areas/new/", views.new, name="area_new"),
    path("areas/uploads/", noindex(views.uploads), name="area_uploads"),
    path("areas/uploads/<slug:slug>/", noindex(views.upload), name="area_upload"),
    path("areas/<slug:slug>/", noindex(place_views.place), AREA, name="area"),
    path("areas/<slug:slug>/edit/", noindex(views.edit), name="area_edit"),
    path("areas/<slug:slug>/archive/", noindex(views.archive), name="area_archive"),
    path("areas/<slug:slug>/analysis/", noindex(place_views.analysis), AREA, name="area_analysis"),
    path("areas/<slug:slug>/charts/<slug:panel_slug>/", noindex(chart_views.chart), AREA, name="area_chart"),
    path("areas/<slug:slug>/geometry.json", noindex(panel_views.geometry), AREA, name="area_geometry"),
    path("areas/<slug:slug>/map.json", noindex(panel_views.map_values), AREA, name="area_map"),
    path("areas/<slug:slug>/card.html", noindex(panel_views.tract_card), AREA, name="area_card"),
    path("areas/<slug:slug>/<slug:panel_slug>.csv", noindex(panel_views.panel_table), AREA, name="area_csv"),
    path(
        "areas/<slug:slug>/<slug:panel_slug>.<table_file:extension>",
        noindex(panel_views.panel_table),
        AREA,
        name="area_file",
    ),
    path("areas/<slug:slug>/<slug:panel_slug>.svg", noindex(picture_views.svg), AREA, name="area_svg"),
    path("areas/<slug:slug>/<slug:panel_slug>.png", noindex(picture_views.png), AREA, name="area_png"),
    path("areas/<slug:slug>/profile.pdf", noindex(picture_views.profile_pdf), AREA, name="area_pdf"),
    path("areas/<slug:slug>/profile.pptx", noindex(picture_views.profile_pptx), AREA, name="area_pptx"),
    path("api/v1/areas/<slug:slug>/summary/", noindex(api.AreaSummary.as_view()), name="api-area-summary"),
]
