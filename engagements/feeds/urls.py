"""Feeds: pages, and the API."""

from django.urls import path

from engagements.feeds import api
from engagements.feeds.views import edit, pages

urlpatterns = [
    path("feeds/", pages.index, name="feeds"),
    path("feeds/<int:pk>/", pages.feed, name="feed"),
    path("feeds/<int:pk>/edit/", edit.edit, name="feed_edit"),
    path("feeds/<int:pk>/move/", pages.move, name="feed_move"),
    path("feeds/<int:pk>/archive/", pages.archive, name="feed_archive"),
    path("feeds/<int:pk>/keys/", pages.new_key, name="feed_keys"),
    path("feed-keys/<int:pk>/end/", pages.end_key, name="feed_key_end"),
    path("feed-values/<int:pk>/decide/", pages.decision, name="feed_decide"),
    path("indicators/<int:pk>/feed/", edit.of_indicator, name="indicator_feed"),
    path("engagements/<slug:slug>/feeds/new/", edit.of_ledger, name="ledger_feed"),
    path("api/v1/feeds/", api.FeedList.as_view(), name="api-feeds"),
    path("api/v1/feeds/<int:pk>/", api.FeedDetail.as_view(), name="api-feed"),
    path("api/v1/feeds/<int:pk>/moves/", api.FeedMoves.as_view(), name="api-feed-moves"),
    path("api/v1/feeds/<int:pk>/keys/", api.FeedKeys.as_view(), name="api-feed-keys"),
    path("api/v1/feeds/<int:pk>/push/", api.FeedPush.as_view(), name="api-feed-push"),
    path("api/v1/feeds/<int:pk>/values/", api.FeedReadings.as_view(), name="api-feed-values"),
    path("api/v1/feed-values/<int:pk>/decision/", api.FeedDecision.as_view(), name="api-feed-decision"),
    path("api/v1/feed-keys/<int:pk>/end/", api.FeedKeyEnd.as_view(), name="api-feed-key-end"),
]
