"""Tasks, engagements and the activity in them: pages and API."""

from django.urls import path

from engagements.home import api, edit_views, views

urlpatterns = [
    path("todo/", views.todo, name="todo"),
    path("me/first-steps/dismiss/", edit_views.first_steps_dismiss, name="first_steps_dismiss"),
    path("engagements/", views.engagements, name="engagements"),
    path("engagements/<slug:slug>/", views.engagement, name="engagement"),
    path("engagements/<slug:slug>/call/", views.call, name="engagement_call"),
    path("engagements/<slug:slug>/history/", views.history, name="engagement_history"),
    path("engagements/<slug:slug>/status/", edit_views.status, name="engagement_status"),
    path("engagements/<slug:slug>/edit/", edit_views.edit, name="engagement_edit"),
]

# In the namespace "exchange": see engagements/urls.py.
exchange_patterns = [
    path("api/v1/engagements/", api.EngagementList.as_view(), name="api-engagements"),
    path("api/v1/engagements/<int:pk>/", api.EngagementDetail.as_view(), name="api-engagement"),
    path("api/v1/activity/", api.ActivityList.as_view(), name="api-activity"),
    path("api/v1/updates/", api.UpdateList.as_view(), name="api-updates"),
    path("api/v1/updates/<int:pk>/", api.UpdateDetail.as_view(), name="api-update"),
]
