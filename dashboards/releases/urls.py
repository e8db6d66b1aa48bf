"""What a release of data changes."""

from django.urls import path

from dashboards.releases import views

urlpatterns = [
    path("data/releases/<int:pk>/", views.release, name="release"),
]
