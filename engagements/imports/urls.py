"""Imports of an engagement, and saved mappings."""

from django.urls import path

from engagements.imports import views

urlpatterns = [
    path("mappings/<int:pk>/archive/", views.remove_mapping, name="mapping_archive"),
]
