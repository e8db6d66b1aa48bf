"""Marks and exports for public-records requests: pages."""

from django.urls import path

from engagements.public_records import views

urlpatterns = [
    path("engagements/<slug:slug>/public-records/", views.index, name="public_records"),
    path("engagements/<slug:slug>/public-records/mark/", views.mark, name="public_records_mark"),
    path("engagements/<slug:slug>/public-records/export/", views.export, name="public_records_export"),
    path("engagements/<slug:slug>/record/", views.whole_record, name="city_record"),
    path("public-exports/<int:pk>/file/", views.file, name="public_export_file"),
]
