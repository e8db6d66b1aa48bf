"""Writing a quarter's update, and the links that were sent for it."""

from django.urls import path

from engagements.quarterly import views

urlpatterns = [
    path("engagements/<slug:slug>/updates/new/", views.new, name="update_new"),
    path("engagements/<slug:slug>/updates/sent-links/", views.links, name="update_links"),
    path("update-links/<int:pk>/end/", views.end_link, name="update_link_end"),
    path("updates/by-link/<str:secret>/", views.by_link, name="update_by_link"),
]
