from django.urls import path

from engagements.evidence import api
from engagements.evidence import edit_views as evidence_edit
from engagements.evidence import views as evidence

urlpatterns = [
    path("evidence/", evidence.index, name="evidence"),
    path("evidence/export.csv", evidence.export, name="evidence_export"),
    path("evidence/add/", evidence_edit.add, name="evidence_add"),
    path("evidence/import/", evidence_edit.bring, name="evidence_import"),
    path("evidence/import/keep/", evidence_edit.keep, name="evidence_import_keep"),
    path("evidence/import/reasons/", evidence_edit.reasons, name="evidence_import_reasons"),
    path("evidence/import/template.csv", evidence_edit.template, name="evidence_template"),
    path("evidence/<slug:slug>/", evidence.read, name="evidence_row"),
    path("evidence/<slug:slug>/edit/", evidence_edit.edit, name="evidence_edit"),
    path("evidence/<slug:slug>/review/", evidence_edit.review, name="evidence_review"),
    path("evidence/<slug:slug>/archive/", evidence_edit.archive, name="evidence_archive"),
    path("evidence/<slug:slug>/versions/", evidence.versions, name="evidence_versions"),
    path("api/v1/evidence/", api.EvidenceList.as_view(), name="api-evidence"),
    path("api/v1/evidence/<slug:slug>/", api.EvidenceDetailView.as_view(), name="api-evidence-row"),
    path("api/v1/evidence/<slug:slug>/review/", api.EvidenceReview.as_view(), name="api-evidence-review"),
]
