"""Cities, tracts and the start page; their panels as files and by API."""

from django.urls import path, register_converter

from atlas.web import converters  # noqa: F401 - makes <table_file:...> known
from dashboards.places import (
    api,
    chart_views,
    panel_api,
    panel_views,
    picture_views,
    summary_api,
    tract_choice,
    tract_views,
    views,
)


class TractCode:
    """An 11-digit tract GEOID."""

    regex = "[0-9]{11}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(TractCode, "tract")

urlpatterns = [
    path("api/v1/cities/", api.CityList.as_view(), name="api-cities"),
    path("api/v1/cities/<slug:slug>/", api.CityDetail.as_view(), name="api-city"),
    path("api/v1/cities/<slug:slug>/tracts/", api.CityTractList.as_view(), name="api-city-tracts"),
    path("api/v1/cities/<slug:slug>/panels/<slug:panel_slug>/", panel_api.PanelDetail.as_view(), name="api-city-panel"),
    path("api/v1/cities/<slug:slug>/summary/", summary_api.SummaryDetail.as_view(), name="api-city-summary"),
    path("", views.home, name="home"),
    path("cities/", views.cities, name="cities"),
    path("tracts/<tract:geoid>/", tract_views.tract, name="tract"),
    path("tracts/<tract:geoid>/measures.csv", tract_views.tract_table, name="tract_csv"),
    path("tracts/<tract:geoid>/measures.<table_file:extension>", tract_views.tract_table, name="tract_file"),
    path("cities/<slug:slug>/", views.place, name="city"),
    path("cities/<slug:slug>/analysis/", views.analysis, name="city_analysis"),
    path("cities/<slug:slug>/charts/<slug:panel_slug>/", chart_views.chart, name="city_chart"),
    path("cities/<slug:slug>/geometry.json", panel_views.geometry, name="city_geometry"),
    path("cities/<slug:slug>/map.json", panel_views.map_values, name="city_map"),
    path("cities/<slug:slug>/card.html", panel_views.tract_card, name="city_card"),
    path("cities/<slug:slug>/tracts.html", tract_choice.city_tracts, name="city_tracts"),
    path("cities/<slug:slug>/<slug:panel_slug>.csv", panel_views.panel_table, name="city_csv"),
    path("cities/<slug:slug>/<slug:panel_slug>.<table_file:extension>", panel_views.panel_table, name="city_file"),
    path("cities/<slug:slug>/<slug:panel_slug>.svg", picture_views.svg, name="city_svg"),
    path("cities/<slug:slug>/<slug:panel_slug>.png", picture_views.png, name="city_png"),
    path("cities/<slug:slug>/profile.pdf", picture_views.profile_pdf, name="city_pdf"),
    path("cities/<slug:slug>/profile.pptx", picture_views.profile_pptx, name="city_pptx"),
]
