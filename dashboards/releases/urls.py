"""What a release of data changes, and what releases and formulas changed."""

from django.urls import path

from dashboards.releases import views

urlpatterns = [
    path("data/errata/", views.errata, name="errata"),
    path("data/releases/<int:pk>/", views.release, name="release"),
]
