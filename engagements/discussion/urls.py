"""Comments, documents, records, updates, requests, risks and notes: pages and API."""

from django.urls import path

from engagements.discussion.api import discussion as discussion_api
from engagements.discussion.api import documents as document_api
from engagements.discussion.api import risks as risk_api
from engagements.discussion.views import (
    comments,
    documents,
    notes,
    problems,
    records,
    requests,
    risks,
    unsubscribe,
    update_review,
    updates,
)

urlpatterns = [
    path("documents/<int:pk>/", documents.document, name="document"),
    path("documents/<int:pk>/about/", documents.about, name="document_about"),
    path("documents/<int:pk>/preview.webp", documents.preview, {"size": "large"}, "document_preview"),
    path("documents/<int:pk>/preview-small.webp", documents.preview, {"size": "small"}, "document_thumbnail"),
    path("documents/<int:pk>/archive/", documents.archive, name="document_archive"),
    path("engagements/<slug:slug>/documents/", documents.index, name="documents"),
    path("engagements/<slug:slug>/documents/new/", documents.new, name="document_new"),
    path("engagements/<slug:slug>/comments/new/", comments.new, name="comment_new"),
    path("comments/<int:pk>/", comments.show, name="comment"),
    path("comments/<int:pk>/edit/", comments.edit, name="comment_edit"),
    path("comments/<int:pk>/settle/", comments.settle, name="comment_settle"),
    path("comments/<int:pk>/archive/", comments.archive, name="comment_archive"),
    path("engagements/<slug:slug>/records/", records.index, name="records"),
    path("engagements/<slug:slug>/records/new/", records.new, name="record_new"),
    path("records/<int:pk>/edit/", records.edit, name="record_edit"),
    path("records/<int:pk>/archive/", records.archive, name="record_archive"),
    path("engagements/<slug:slug>/updates/", updates.index, name="updates"),
    path("updates/<int:pk>/", updates.read, name="update"),
    path("updates/<int:pk>/edit/", updates.edit, name="update_edit"),
    path("updates/<int:pk>/review/", update_review.review, name="update_review"),
    path("updates/<int:pk>/move/", updates.move, name="update_move"),
    path("updates/<int:pk>/archive/", updates.archive, name="update_archive"),
    path("updates/<int:pk>/versions/", updates.versions, name="update_versions"),
    path("requests/", requests.index, name="requests"),
    path("requests/new/", requests.new, name="request_new"),
    path("requests/problem/", problems.new, name="problem_new"),
    path("requests/<int:pk>/", requests.read, name="request"),
    path("requests/<int:pk>/assign/", requests.assign, name="request_assign"),
    path("requests/<int:pk>/close/", requests.close, name="request_close"),
    path("requests/<int:pk>/reopen/", requests.reopen, name="request_reopen"),
    path("cities/<slug:slug>/notes/new/", notes.new, name="note_new"),
    path("notes/<int:pk>/edit/", notes.edit, name="note_edit"),
    path("notes/<int:pk>/archive/", notes.archive, name="note_archive"),
    path("unsubscribe/<str:token>/", unsubscribe.leave, name="unsubscribe"),
    path("engagements/<slug:slug>/risks/", risks.index, name="risks"),
    path("engagements/<slug:slug>/risks/new/", risks.new, name="risk_new"),
    path("risks/<int:pk>/edit/", risks.edit, name="risk_edit"),
    path("risks/<int:pk>/close/", risks.close, name="risk_close"),
    path("risks/<int:pk>/archive/", risks.archive, name="risk_archive"),
    path("api/v1/risks/", risk_api.RiskList.as_view(), name="api-risks"),
    path("api/v1/risks/<int:pk>/", risk_api.RiskDetail.as_view(), name="api-risk"),
    path("api/v1/risks/<int:pk>/archive/", risk_api.RiskArchive.as_view(), name="api-risk-archive"),
]

# In the namespace "exchange": see engagements/urls.py.
exchange_patterns = [
    path("api/v1/comments/", discussion_api.CommentList.as_view(), name="api-comments"),
    path("api/v1/documents/", document_api.DocumentList.as_view(), name="api-documents"),
    path("api/v1/documents/<int:pk>/file/", document_api.DocumentFile.as_view(), name="api-document-file"),
    path("api/v1/requests/", discussion_api.RequestList.as_view(), name="api-requests"),
    path("api/v1/requests/<int:pk>/", discussion_api.RequestDetail.as_view(), name="api-request"),
    path("api/v1/requests/<int:pk>/answer/", discussion_api.RequestAnswer.as_view(), name="api-answer"),
]
