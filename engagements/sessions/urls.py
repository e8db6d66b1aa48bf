"""Where one is signed in."""

from django.urls import path

from engagements.sessions import views

urlpatterns = [
    path("me/sessions/", views.index, name="sessions"),
    path("me/sessions/end/", views.end_all, name="sessions_end"),
    path("me/sessions/<int:pk>/end/", views.end, name="session_end"),
]
