"""Notifications: read and unread, and what one wants to hear about."""

from django.urls import path

from engagements.notifications import views

urlpatterns = [
    path("notifications/", views.index, name="notifications"),
    path("notifications/read/", views.all_read, name="notifications_read"),
    path("notifications/mail-again/", views.mail_again, name="notifications_mail_again"),
    path("notifications/choices/", views.choices, name="notification_choices"),
    path("notifications/<int:pk>/", views.follow, name="notification"),
    path("notifications/<int:pk>/mark/", views.mark, name="notification_mark"),
]
