"""Webhooks: what happens here, told in a chat or to a program."""

from django.urls import path

from engagements.webhooks import views

urlpatterns = [
    path("me/webhooks/", views.index, name="webhooks"),
    path("webhooks/<int:pk>/", views.show, name="webhook"),
    path("webhooks/<int:pk>/test/", views.test, name="webhook_test"),
    path("webhooks/<int:pk>/pause/", views.pause, name="webhook_pause"),
    path("webhooks/<int:pk>/resume/", views.resume, name="webhook_resume"),
    path("webhooks/<int:pk>/end/", views.end, name="webhook_end"),
]
