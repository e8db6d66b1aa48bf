from django.urls import path

from dashboards import api, panel_api, panel_views, release_views, summary_api, views

urlpatterns = [
    path("api/v1/cities/", api.CityList.as_view(), name="api-cities"),
    path("api/v1/cities/<slug:slug>/", api.CityDetail.as_view(), name="api-city"),
    path("api/v1/cities/<slug:slug>/tracts/", api.CityTractList.as_view(), name="api-city-tracts"),
    path("api/v1/cities/<slug:slug>/panels/<slug:panel_slug>/", panel_api.PanelDetail.as_view(), name="api-city-panel"),
    path("api/v1/cities/<slug:slug>/summary/", summary_api.SummaryDetail.as_view(), name="api-city-summary"),
    path("data/releases/<int:pk>/", release_views.release, name="release"),
    path("", views.home, name="home"),
    path("cities/<slug:slug>/", views.place, name="city"),
    path("cities/<slug:slug>/analysis/", views.analysis, name="city_analysis"),
    path("cities/<slug:slug>/geometry.json", panel_views.geometry, name="city_geometry"),
    path("cities/<slug:slug>/map.json", panel_views.map_values, name="city_map"),
    path("cities/<slug:slug>/<slug:panel_slug>.csv", panel_views.panel_csv, name="city_csv"),
]
