"""Views of work: lists and boards of milestones, and changes made on them."""

from django.urls import path

from engagements.worklist.views import edit, lists, saved

urlpatterns = [
    path("engagements/<slug:slug>/milestones/", lists.milestones, name="engagement_milestones"),
    path("milestones/", lists.milestones, name="milestones"),
    path("milestones/change/", lists.change, name="milestones_change"),
    path("work/move/", edit.move, name="work_move"),
    path("work/views/", saved.save, name="work_view_save"),
    path("work/views/<int:pk>/remove/", saved.remove, name="work_view_remove"),
    path("work/undo/", edit.undo, name="work_undo"),
]
