"""How the numbers are made."""

from django.urls import path

from dashboards.methods import views

urlpatterns = [
    path("methods/", views.methods, name="methods"),
]
