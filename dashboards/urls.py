from django.urls import path

from dashboards import views

urlpatterns = [
    path("", views.home, name="home"),
    path("cities/<slug:slug>/", views.city, name="city"),
    path("cities/<slug:slug>/geometry.json", views.geometry, name="city_geometry"),
    path("cities/<slug:slug>/map.json", views.city_map, name="city_map"),
    path("cities/<slug:slug>/<str:panel>.csv", views.city_csv, name="city_csv"),
]
