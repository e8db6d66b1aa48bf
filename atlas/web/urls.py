from django.urls import path

from atlas.web import api, operator_views, views

app_name = "atlas"
urlpatterns = [
    path("data/", views.data, name="data"),
    path("data/jobs/", views.jobs, name="jobs"),
    path("data/fetches/", views.fetches, name="fetches"),
    path("data/jobs/<uuid:pk>/", views.job, name="job"),
    path("data/jobs/<uuid:pk>/progress/", views.job_progress, name="job-progress"),
    path("data/sources/<slug:dataset>/", views.source, name="source"),
    path("data/releases/<int:pk>/report.json", views.report, name="report"),
    path("data/units/", operator_views.units, name="units"),
    path("data/bring-in/", operator_views.import_file, name="bring-in"),
    path("data/releases/<int:pk>/activate/", operator_views.activate, name="activate"),
    path("data/releases/<int:pk>/discard/", operator_views.discard, name="discard"),
    path("data/releases/<int:pk>/roll-back/", operator_views.roll_back, name="roll-back"),
    path("api/v1/measures/", api.MeasureList.as_view(), name="api-measures"),
    path("api/v1/errata/", api.ErratumList.as_view(), name="api-errata"),
    path("api/v1/releases/", api.ReleaseList.as_view(), name="api-releases"),
]
