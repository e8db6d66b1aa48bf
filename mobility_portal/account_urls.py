"""The addresses of allauth that we use. Sign-up, e-mail and phone management have none."""

from allauth.account import views
from allauth.socialaccount.views import login_cancelled
from django.conf import settings
from django.urls import include, path, re_path
from django.views.generic import RedirectView

_to_reset = RedirectView.as_view(pattern_name="account_reset_password", http_method_names=["get", "head"])
urlpatterns = [
    path("login/", views.login, name="account_login"),
    path("logout/", views.logout, name="account_logout"),
    path("inactive/", views.account_inactive, name="account_inactive"),
    path("reauthenticate/", views.reauthenticate, name="account_reauthenticate"),
    path("password/change/", views.password_change, name="account_change_password"),
    # Where allauth sends who has no password and wants another: the way to a first one is a link by mail.
    path("password/set/", _to_reset, name="account_set_password"),
    path("password/reset/", views.password_reset, name="account_reset_password"),
    path("password/reset/done/", views.password_reset_done, name="account_reset_password_done"),
    path("password/reset/key/done/", views.password_reset_from_key_done, name="account_reset_password_from_key_done"),
    re_path(
        r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        views.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path("2fa/", include("allauth.mfa.urls")),
]
if settings.SIGN_ON_SERVERS:
    urlpatterns += [
        path("", include("mobility_portal.identity.oidc.urls")),  # under oidc/ID/
        path("oidc/cancelled/", login_cancelled, name="socialaccount_login_cancelled"),
    ]
if settings.SAML_APPS:
    urlpatterns += [path("", include("mobility_portal.identity.saml.urls"))]  # under saml/ID/
