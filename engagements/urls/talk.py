from django.urls import path

from engagements.views import comments, documents, downloads, records

urlpatterns = [
    path("documents/<int:pk>/", downloads.document, name="document"),
    path("documents/<int:pk>/archive/", documents.archive, name="document_archive"),
    path("engagements/<slug:slug>/documents/", documents.index, name="documents"),
    path("engagements/<slug:slug>/documents/new/", documents.new, name="document_new"),
    path("engagements/<slug:slug>/comments/new/", comments.new, name="comment_new"),
    path("comments/<int:pk>/edit/", comments.edit, name="comment_edit"),
    path("comments/<int:pk>/archive/", comments.archive, name="comment_archive"),
    path("engagements/<slug:slug>/records/", records.index, name="records"),
    path("engagements/<slug:slug>/records/new/", records.new, name="record_new"),
    path("records/<int:pk>/edit/", records.edit, name="record_edit"),
    path("records/<int:pk>/archive/", records.archive, name="record_archive"),
]
