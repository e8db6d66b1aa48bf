from django.urls import path

from atlas import api, views

app_name = "atlas"
urlpatterns = [
    path("data/", views.data, name="data"),
    path("data/jobs/", views.jobs, name="jobs"),
    path("data/fetches/", views.fetches, name="fetches"),
    path("data/jobs/<uuid:pk>/", views.job, name="job"),
    path("api/v1/measures/", api.MeasureList.as_view(), name="api-measures"),
    path("api/v1/releases/", api.ReleaseList.as_view(), name="api-releases"),
]
