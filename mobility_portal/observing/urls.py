from django.urls import path

from mobility_portal.observing import probes, scrape, views

urlpatterns = [
    path("livez", probes.livez, name="livez"),
    path("readyz", probes.readyz, name="readyz"),
    path("healthz", probes.readyz, name="healthz"),
    path("metrics", scrape.metrics, name="metrics"),
    path("operations/", views.operations, name="operations"),
]
