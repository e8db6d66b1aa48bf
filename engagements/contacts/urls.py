"""Contacts of an engagement: the list, writing one, and tables in and out."""

from django.urls import path

from atlas.web import converters  # noqa: F401 - makes <table_file:...> known
from engagements.contacts import import_views, views

_CONTACTS = "engagements/<slug:slug>/contacts"

urlpatterns = [
    path(f"{_CONTACTS}/", views.index, name="contacts"),
    path(f"{_CONTACTS}/add/", views.add, name="contact_add"),
    path("contacts/<int:pk>/edit/", views.edit, name="contact_edit"),
    path("contacts/<int:pk>/archive/", views.archive, name="contact_archive"),
    path(f"{_CONTACTS}/export.<table_file:kind>", import_views.export, name="contacts_export"),
    path(f"{_CONTACTS}/import/", import_views.upload, name="contacts_import"),
    path(f"{_CONTACTS}/import/columns/", import_views.choose_columns, name="contacts_import_columns"),
    path(f"{_CONTACTS}/import/keep/", import_views.confirm, name="contacts_import_keep"),
    path(f"{_CONTACTS}/import/reasons/", import_views.reasons, name="contacts_import_reasons"),
]
