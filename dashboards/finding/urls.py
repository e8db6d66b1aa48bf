"""The search box."""

from django.urls import path

from dashboards.finding import api, views

urlpatterns = [
    path("search/", views.search, name="search"),
    path("search/suggestions/", views.suggestions, name="search_suggestions"),
    path("search/here/", views.here, name="search_here"),
    path("api/v1/search/", api.Search.as_view(), name="api-search"),
]
