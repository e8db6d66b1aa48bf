"""What is used of what there may be."""

from django.urls import path

from engagements.quotas import views

urlpatterns = [path("engagements/<slug:slug>/limits/", views.show, name="quotas")]
