"""Whole releases to download."""

from django.urls import path, re_path

from dashboards.downloads import views

_NAME = r"(?P<name>[a-z0-9-]+\.[a-z.]+)"

urlpatterns = [
    path("data.json", views.data_json, name="data_json"),
    path("data/download/", views.index, name="downloads"),
    re_path(rf"^data/download/latest/{_NAME}$", views.latest, name="download_latest"),
    re_path(rf"^data/download/(?P<version>[0-9a-f]{{12}})/{_NAME}$", views.file, name="download_file"),
]
