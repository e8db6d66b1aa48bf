"""Imports of an engagement, and saved mappings."""

from django.urls import path

from engagements.imports import views

urlpatterns = [
    path("engagements/<slug:slug>/imports/", views.index, name="imports"),
    path("imports/<int:pk>/", views.one, name="table_import"),
    path("imports/<int:pk>/keep/", views.keep, name="table_import_keep"),
    path("imports/<int:pk>/undo/", views.undo, name="import_undo"),
    path("mappings/<int:pk>/archive/", views.remove_mapping, name="mapping_archive"),
]
