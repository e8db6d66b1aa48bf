"""Initiatives: pages and API."""

from django.urls import path

from engagements.initiatives import api, views

urlpatterns = [
    path("initiatives/", views.index, name="initiatives"),
    path("initiatives/new/", views.new, name="initiative_new"),
    path("initiatives/places/", views.places, name="initiative_places"),
    path("initiatives/<slug:slug>/", views.read, name="initiative"),
    path("initiatives/<slug:slug>/edit/", views.edit, name="initiative_edit"),
    path("initiatives/<slug:slug>/cities/", views.cities, name="initiative_cities"),
    path("initiatives/<slug:slug>/archive/", views.archive, name="initiative_archive"),
    path("initiatives/<slug:slug>/restore/", views.restore, name="initiative_restore"),
]

# In the namespace "exchange": see engagements/urls.py.
exchange_patterns = [
    path("api/v1/initiatives/", api.InitiativeList.as_view(), name="api-initiatives"),
    path("api/v1/initiatives/<int:pk>/", api.InitiativeDetail.as_view(), name="api-initiative"),
    path("api/v1/initiatives/<int:pk>/cities/", api.InitiativeCities.as_view(), name="api-initiative-cities"),
    path("api/v1/initiatives/<int:pk>/copies/", api.InitiativeCopy.as_view(), name="api-initiative-copies"),
    path("api/v1/initiatives/<int:pk>/restore/", api.InitiativeRestore.as_view(), name="api-initiative-restore"),
    path("api/v1/initiatives/<int:pk>/archive/", api.InitiativeArchive.as_view(), name="api-initiative-archive"),
]
