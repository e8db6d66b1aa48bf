from django.urls import include, path, register_converter

from dashboards.areas import api as area_api
from dashboards.areas import views as area_views
from dashboards.compare import api as compare_api
from dashboards.compare import views as compare_views
from dashboards.indicators import views as indicator_views
from dashboards.methods import views as method_views
from dashboards.money import views as money_views
from dashboards.places import api, panel_api, panel_views, picture_views, summary_api, tract_views, views
from dashboards.places.noindex import noindex
from dashboards.releases import views as release_views

AREA = {"kind": "area"}


class TractCode:
    """An 11-digit tract GEOID."""

    regex = "[0-9]{11}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(TractCode, "tract")

urlpatterns = [
    path("", include("dashboards.plans.urls")),
    path("api/v1/cities/", api.CityList.as_view(), name="api-cities"),
    path("api/v1/cities/<slug:slug>/", api.CityDetail.as_view(), name="api-city"),
    path("api/v1/cities/<slug:slug>/tracts/", api.CityTractList.as_view(), name="api-city-tracts"),
    path("api/v1/cities/<slug:slug>/panels/<slug:panel_slug>/", panel_api.PanelDetail.as_view(), name="api-city-panel"),
    path("api/v1/cities/<slug:slug>/summary/", summary_api.SummaryDetail.as_view(), name="api-city-summary"),
    path("api/v1/compare/", compare_api.Compare.as_view(), name="api-compare"),
    path("api/v1/areas/", noindex(area_api.AreaMaking.as_view()), name="api-areas"),
    path("api/v1/areas/<slug:slug>/", noindex(area_api.AreaDetail.as_view()), name="api-area"),
    path(
        "api/v1/areas/<slug:slug>/panels/<slug:panel_slug>/",
        noindex(area_api.AreaPanel.as_view()),
        name="api-area-panel",
    ),
    path("data/releases/<int:pk>/", release_views.release, name="release"),
    path("", views.home, name="home"),
    path("compare/", compare_views.compare, name="compare"),
    path("compare/<slug:panel_slug>.csv", compare_views.compare_csv, name="compare_csv"),
    path("indicators/<int:pk>/", indicator_views.indicator, name="indicator"),
    path("indicators/<int:pk>/<slug:panel_slug>.csv", indicator_views.indicator_file, {"kind": "csv"}, "indicator_csv"),
    path("indicators/<int:pk>/<slug:panel_slug>.svg", indicator_views.indicator_file, {"kind": "svg"}, "indicator_svg"),
    path("indicators/<int:pk>/<slug:panel_slug>.png", indicator_views.indicator_file, {"kind": "png"}, "indicator_png"),
    path("engagements/<slug:slug>/timeline/", indicator_views.timeline, name="engagement_timeline"),
    path("engagements/<slug:slug>/timeline.csv", indicator_views.timeline_file, {"kind": "csv"}, "timeline_csv"),
    path("engagements/<slug:slug>/timeline.svg", indicator_views.timeline_file, {"kind": "svg"}, "timeline_svg"),
    path("engagements/<slug:slug>/timeline.png", indicator_views.timeline_file, {"kind": "png"}, "timeline_png"),
    path("search/", tract_views.search, name="search"),
    path("tracts/<tract:geoid>/", tract_views.tract, name="tract"),
    path("tracts/<tract:geoid>/measures.csv", tract_views.tract_csv, name="tract_csv"),
    path("methods/", method_views.methods, name="methods"),
    path("engagements/<slug:slug>/money/", money_views.page, name="money"),
    path("engagements/<slug:slug>/money/live/", money_views.live, name="money_live"),
    path("engagements/<slug:slug>/money/entries/", money_views.entry_list, name="money_entries"),
    path("engagements/<slug:slug>/money/entries.csv", money_views.entries_csv, name="money_entries_csv"),
    path("engagements/<slug:slug>/money/sums.csv", money_views.sums_csv, name="money_sums_csv"),
    path("engagements/<slug:slug>/money/places/", money_views.place_list, name="money_places"),
    path("money/<int:pk>/", money_views.entry, name="money_entry"),
    path("cities/<slug:slug>/", views.place, name="city"),
    path("cities/<slug:slug>/analysis/", views.analysis, name="city_analysis"),
    path("cities/<slug:slug>/geometry.json", panel_views.geometry, name="city_geometry"),
    path("cities/<slug:slug>/map.json", panel_views.map_values, name="city_map"),
    path("cities/<slug:slug>/<slug:panel_slug>.csv", panel_views.panel_csv, name="city_csv"),
    path("cities/<slug:slug>/<slug:panel_slug>.svg", picture_views.svg, name="city_svg"),
    path("cities/<slug:slug>/<slug:panel_slug>.png", picture_views.png, name="city_png"),
    path("cities/<slug:slug>/profile.pdf", picture_views.profile_pdf, name="city_pdf"),
    path("cities/<slug:slug>/profile.pptx", picture_views.profile_pptx, name="city_pptx"),
    path("areas/", noindex(area_views.mine), name="areas"),
    path("areas/new/", area_views.new, name="area_new"),
    path("areas/uploads/", noindex(area_views.uploads), name="area_uploads"),
    path("areas/uploads/<slug:slug>/", noindex(area_views.upload), name="area_upload"),
    path("areas/<slug:slug>/", noindex(views.place), AREA, name="area"),
    path("areas/<slug:slug>/edit/", noindex(area_views.edit), name="area_edit"),
    path("areas/<slug:slug>/archive/", noindex(area_views.archive), name="area_archive"),
    path("areas/<slug:slug>/analysis/", noindex(views.analysis), AREA, name="area_analysis"),
    path("areas/<slug:slug>/geometry.json", noindex(panel_views.geometry), AREA, name="area_geometry"),
    path("areas/<slug:slug>/map.json", noindex(panel_views.map_values), AREA, name="area_map"),
    path("areas/<slug:slug>/<slug:panel_slug>.csv", noindex(panel_views.panel_csv), AREA, name="area_csv"),
    path("areas/<slug:slug>/<slug:panel_slug>.svg", noindex(picture_views.svg), AREA, name="area_svg"),
    path("areas/<slug:slug>/<slug:panel_slug>.png", noindex(picture_views.png), AREA, name="area_png"),
    path("areas/<slug:slug>/profile.pdf", noindex(picture_views.profile_pdf), AREA, name="area_pdf"),
    path("areas/<slug:slug>/profile.pptx", noindex(picture_views.profile_pptx), AREA, name="area_pptx"),
    path("api/v1/areas/<slug:slug>/summary/", noindex(area_api.AreaSummary.as_view()), name="api-area-summary"),
]
