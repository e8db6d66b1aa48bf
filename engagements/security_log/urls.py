"""The security log."""

from django.urls import path

from atlas.web import converters  # noqa: F401 - makes <table_file:...> known
from engagements.security_log import views

urlpatterns = [
    path("engagements/<slug:slug>/security/", views.of_engagement, name="security_log"),
    path("engagements/<slug:slug>/security/log.<table_file:kind>", views.file_of_engagement, name="security_log_file"),
    path("security-log/", views.of_portal, name="portal_security_log"),
    path("security-log/log.<table_file:kind>", views.file_of_portal, name="portal_log_file"),
]
