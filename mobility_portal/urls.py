"""Every address of the portal."""

from django.urls import include, path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView

from mobility_portal import mail_views
from mobility_portal.health import healthz

handler400 = "mobility_portal.error_handlers.bad_request"
handler404 = "mobility_portal.error_handlers.not_found"

urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("api/schema/", SpectacularAPIView.as_view(), name="schema"),
    path("api/docs/", SpectacularSwaggerSplitView.as_view(url_name="schema"), name="api-docs"),
    path("accounts/", include("mobility_portal.account_urls")),
    path("mail/", mail_views.mail_list, name="mail_list"),
    path("mail/<slug:key>/", mail_views.mail, name="mail"),
    path("mail/<slug:key>/html/", mail_views.mail_html, name="mail_html"),
    path("", include("engagements.people.urls")),
    path("", include("atlas.web.urls")),
    path("", include("dashboards.urls")),
    path("", include("engagements.home.urls")),
    path("", include("engagements.discussion.urls")),
    path("", include("engagements.evidence.urls")),
    path("", include("engagements.urls")),
    path("", include("engagements.indicators.urls")),
    path("", include("engagements.money.urls")),
    path("", include("engagements.plans.urls")),
]
