"""The evidence library: pages and API."""

from django.urls import path

from atlas.web import converters  # noqa: F401 - makes <table_file:...> known
from engagements.evidence import api, edit_views, review_views, views

urlpatterns = [
    path("evidence/", views.index, name="evidence"),
    path("evidence/export.csv", views.export, name="evidence_export"),
    path("evidence/export.<table_file:kind>", views.export, name="evidence_file"),
    path("evidence/add/", edit_views.add, name="evidence_add"),
    path("evidence/import/", edit_views.upload, name="evidence_import"),
    path("evidence/import/keep/", edit_views.confirm, name="evidence_import_keep"),
    path("evidence/import/reasons/", edit_views.reasons, name="evidence_import_reasons"),
    path("evidence/import/template.csv", edit_views.template, name="evidence_template"),
    path("evidence/<slug:slug>/", views.read, name="evidence_row"),
    path("evidence/<slug:slug>/edit/", edit_views.edit, name="evidence_edit"),
    path("evidence/<slug:slug>/review/", review_views.review, name="evidence_review"),
    path("evidence/<slug:slug>/archive/", edit_views.archive, name="evidence_archive"),
    path("evidence/<slug:slug>/versions/", views.versions, name="evidence_versions"),
    path("results/<int:pk>/library/", edit_views.add_result, name="result_to_library"),
    path("api/v1/evidence/", api.EvidenceList.as_view(), name="api-evidence"),
    path("api/v1/evidence/<slug:slug>/", api.EvidenceDetailView.as_view(), name="api-evidence-row"),
    path("api/v1/evidence/<slug:slug>/review/", api.EvidenceReview.as_view(), name="api-evidence-review"),
]
