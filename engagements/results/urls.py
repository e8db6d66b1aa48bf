"""Results, projects, searches and the city's replies: pages and API."""

from django.urls import path

from engagements.results import api, edit_views, link_views, review_views, views

urlpatterns = [
    path("engagements/<slug:slug>/results/", views.index, name="results"),
    path("engagements/<slug:slug>/results/new/", edit_views.new, name="result_new"),
    path("engagements/<slug:slug>/projects/new/", edit_views.new_project, name="project_new"),
    path("engagements/<slug:slug>/searches/new/", edit_views.new_search, name="search_new"),
    path("projects/<int:pk>/edit/", edit_views.edit_project, name="project_edit"),
    path("projects/<int:pk>/archive/", edit_views.remove_project, name="project_archive"),
    path("searches/<int:pk>/publish/", edit_views.publish, name="search_publish"),
    path("searches/<int:pk>/archive/", edit_views.remove_search, name="search_archive"),
    path("searches/<int:pk>/ask/", edit_views.ask_about_search, name="search_ask"),
    path("results/<int:pk>/", views.read, name="result"),
    path("results/<int:pk>/edit/", edit_views.edit, name="result_edit"),
    path("results/<int:pk>/review/", review_views.review, name="result_review"),
    path("results/<int:pk>/archive/", edit_views.remove, name="result_archive"),
    path("results/<int:pk>/ask/", edit_views.ask_about_result, name="result_ask"),
    path("replies/<int:pk>/", edit_views.reply, name="reply"),
    path("replies/<int:pk>/link/", link_views.send, name="reply_link_send"),
    path("reply-links/<int:pk>/end/", link_views.end, name="reply_link_end"),
    path("replies/by-link/<str:secret>/", link_views.by_link, name="reply_by_link"),
    path("api/v1/projects/", api.ProjectList.as_view(), name="api-projects"),
    path("api/v1/projects/<int:pk>/", api.ProjectDetail.as_view(), name="api-project"),
    path("api/v1/results/", api.ResultList.as_view(), name="api-results"),
    path("api/v1/results/<int:pk>/", api.ResultDetailView.as_view(), name="api-result"),
    path("api/v1/results/<int:pk>/move/", api.ResultMove.as_view(), name="api-result-move"),
    path("api/v1/searches/", api.SearchList.as_view(), name="api-searches"),
    path("api/v1/searches/<int:pk>/publish/", api.SearchPublish.as_view(), name="api-search-publish"),
    path("api/v1/replies/", api.ReplyList.as_view(), name="api-replies"),
    path("api/v1/replies/<int:pk>/", api.ReplyDetailView.as_view(), name="api-reply"),
]
