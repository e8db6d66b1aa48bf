"""Every address of engagements, by subject."""

from django.urls import include, path

from engagements.discussion import urls as discussion
from engagements.home import urls as home
from engagements.initiatives import urls as initiatives
from engagements.milestones import urls as milestones
from engagements.people import urls as people

# Published under the namespace "exchange", which five subjects share.
_EXCHANGE = [
    *milestones.exchange_patterns,
    *home.exchange_patterns,
    *initiatives.exchange_patterns,
    *discussion.exchange_patterns,
    *people.exchange_patterns,
]

urlpatterns = [
    path("", include("engagements.device.urls")),
    path("", include("engagements.people.urls")),
    path("", include("engagements.sessions.urls")),
    path("", include("engagements.quotas.urls")),
    path("", include("engagements.access_reviews.urls")),
    path("", include("engagements.security_log.urls")),
    path("", include("engagements.privacy.urls")),
    path("", include("engagements.discussion.urls")),
    path("", include("engagements.notifications.urls")),
    path("", include("engagements.webhooks.urls")),
    path("", include("engagements.mail_replies.urls")),
    path("", include("engagements.worklist.urls")),
    path("", include("engagements.milestones.urls")),
    path("", include("engagements.contacts.urls")),
    path("", include("engagements.indicators.urls")),
    path("", include("engagements.evidence.urls")),
    path("", include("engagements.quarterly.urls")),
    path("", include("engagements.results.urls")),
    path("", include("engagements.pilots.urls")),
    path("", include("engagements.public_records.urls")),
    path("", include("engagements.home.urls")),
    path("", include("engagements.initiatives.urls")),
    path("", include("engagements.plans.urls")),
    path("", include("engagements.money.urls")),
    path("", include("engagements.imports.urls")),
    path("", include("engagements.feeds.urls")),
    path("", include((_EXCHANGE, "exchange"))),
]
