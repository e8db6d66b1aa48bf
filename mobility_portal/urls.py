from django.urls import path

from mobility_portal.health import healthz

urlpatterns = [path("healthz", healthz, name="healthz")]
