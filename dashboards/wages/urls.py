"""What occupations pay around a city: page, files and API."""

from django.urls import path

from atlas.web import converters  # noqa: F401 - makes <table_file:...> known
from dashboards.wages import api, views

_CITY = "cities/<slug:slug>/wages/"

urlpatterns = [
    path(_CITY, views.wages, name="city_wages"),
    path(f"{_CITY}suggestions/", views.suggestions, name="city_wages_suggestions"),
    path(f"{_CITY}occupations.csv", views.table, name="city_wages_csv"),
    path(f"{_CITY}occupations.<table_file:extension>", views.table, name="city_wages_file"),
    path(f"api/v1/{_CITY}", api.CityWages.as_view(), name="api-city-wages"),
]
