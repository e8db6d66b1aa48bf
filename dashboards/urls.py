from django.urls import path, register_converter

from dashboards import (
    api,
    compare_api,
    compare_views,
    method_views,
    panel_api,
    panel_views,
    release_views,
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
    path("api/v1/compare/", compare_api.Compare.as_view(), name="api-compare"),
    path("data/releases/<int:pk>/", release_views.release, name="release"),
    path("", views.home, name="home"),
    path("compare/", compare_views.compare, name="compare"),
    path("compare/<slug:panel_slug>.csv", compare_views.compare_csv, name="compare_csv"),
    path("search/", tract_views.search, name="search"),
    path("tracts/<tract:geoid>/", tract_views.tract, name="tract"),
    path("tracts/<tract:geoid>/measures.csv", tract_views.tract_csv, name="tract_csv"),
    path("methods/", method_views.methods, name="methods"),
    path("cities/<slug:slug>/", views.place, name="city"),
    path("cities/<slug:slug>/analysis/", views.analysis, name="city_analysis"),
    path("cities/<slug:slug>/geometry.json", panel_views.geometry, name="city_geometry"),
    path("cities/<slug:slug>/map.json", panel_views.map_values, name="city_map"),
    path("cities/<slug:slug>/<slug:panel_slug>.csv", panel_views.panel_csv, name="city_csv"),
]
