from django.urls import path

from engagements.views import comments, documents, downloads, notes, problems, records, requests, updates

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
    path("engagements/<slug:slug>/updates/", updates.index, name="updates"),
    path("engagements/<slug:slug>/updates/new/", updates.new, name="update_new"),
    path("updates/<int:pk>/", updates.read, name="update"),
    path("updates/<int:pk>/edit/", updates.edit, name="update_edit"),
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
]
