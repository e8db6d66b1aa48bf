"""Reviews of who has access."""

from django.urls import path

from engagements.access_reviews import views

urlpatterns = [
    path("access-reviews/", views.index, name="access_reviews"),
    path("access-reviews/<int:pk>/", views.show, name="access_review"),
]
