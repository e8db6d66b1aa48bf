"""The one address that a mail service calls."""

from django.urls import path

from engagements.mail_replies import views

urlpatterns = [
    path("inbound-mail/", views.inbound, name="inbound_mail"),
    path("inbound-mail/events/", views.event, name="inbound_mail_event"),
]
