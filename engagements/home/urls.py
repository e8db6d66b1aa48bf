from django.urls import path

from engagements.home import engagement_views
from engagements.home import log_views as log
from engagements.home import milestone_views as work_milestone
from engagements.home import views as work_lists
from engagements.milestones.views import milestones as work_milestones

urlpatterns = [
    path("log/", log.log, name="log"),
    path("todo/", work_lists.todo, name="todo"),
    path("engagements/", work_lists.engagements, name="engagements"),
    path("engagements/<slug:slug>/", work_lists.engagement, name="engagement"),
    path("engagements/<slug:slug>/history/", work_lists.history, name="engagement_history"),
    path("engagements/<slug:slug>/milestones/", work_milestones.milestones, name="engagement_milestones"),
    path("engagements/<slug:slug>/milestones/add/", work_milestone.add, name="milestone_add"),
    path("engagements/<slug:slug>/milestones/template/", work_milestone.template, name="milestone_template"),
    path("engagements/<slug:slug>/status/", engagement_views.status, name="engagement_status"),
    path("engagements/<slug:slug>/edit/", engagement_views.edit, name="engagement_edit"),
    path("milestones/", work_milestones.milestones, name="milestones"),
    path("milestones/change/", work_milestones.change, name="milestones_change"),
    path("milestones/<int:pk>/", work_milestone.milestone, name="milestone"),
    path("milestones/<int:pk>/edit/", work_milestone.edit, name="milestone_edit"),
    path("milestones/<int:pk>/review/", work_milestone.review, name="milestone_review"),
    path("milestones/<int:pk>/archive/", work_milestone.archive, name="milestone_archive"),
    path("milestones/<int:pk>/restore/", work_milestone.restore, name="milestone_restore"),
    path("milestones/<int:pk>/dependency/", work_milestone.dependency, name="milestone_dependency"),
]
