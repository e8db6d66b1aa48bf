from django.urls import path

from dashboards import api, release_views, views

urlpatterns = [
    path("api/v1/cities/", api.CityList.as_view(), name="api-cities"),
    path("api/v1/cities/<slug:slug>/", api.CityDetail.as_view(), name="api-city"),
    path("api/v1/cities/<slug:slug>/tracts/", api.CityTractList.as_view(), name="api-city-tracts"),
    path("data/releases/<int:pk>/", release_views.release, name="release"),
    path("", views.home, name="home"),
    path("cities/<slug:slug>/", views.city, name="city"),
    path("cities/<slug:slug>/geometry.json", views.geometry, name="city_geometry"),
    path("cities/<slug:slug>/map.json", views.city_map, name="city_map"),
    path("cities/<slug:slug>/<str:panel>.csv", views.city_csv, name="city_csv"),
]
