"""What a device asks for by itself, and the two pages about it."""

from django.urls import path

from engagements.device import views

urlpatterns = [
    path("manifest.webmanifest", views.manifest, name="manifest"),
    path("worker.js", views.worker, name="worker"),
    path("offline/", views.offline, name="offline"),
    path("waiting/", views.waiting, name="waiting"),
    path("device/", views.state, name="device"),
]
