"""Every address of the portal."""

from django.urls import include, path
from drf_spectacular.views import SpectacularSwaggerSplitView

from atlas.web.parameters import takes_parameters
from mobility_portal import mail_views
from mobility_portal.accessibility.views import accessibility
from mobility_portal.schema_view import SchemaView

handler400 = "mobility_portal.error_handlers.bad_request"
handler404 = "mobility_portal.error_handlers.not_found"
handler500 = "mobility_portal.error_handlers.server_error"

urlpatterns = [
    path("", include("mobility_portal.observing.urls")),
    path("api/schema/", takes_parameters("format")(SchemaView.as_view()), name="schema"),
    path("api/docs/", SpectacularSwaggerSplitView.as_view(url_name="schema"), name="api-docs"),
    path("accounts/", include("mobility_portal.account_urls")),
    path("accessibility/", accessibility, name="accessibility"),
    path("mail/", mail_views.mail_list, name="mail_list"),
    path("mail/<slug:key>/", mail_views.mail, name="mail"),
    path("mail/<slug:key>/html/", mail_views.mail_html, name="mail_html"),
    path("", include("atlas.web.urls")),
    path("", include("dashboards.urls")),
    path("", include("engagements.urls")),
]
