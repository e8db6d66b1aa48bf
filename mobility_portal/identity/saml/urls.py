"""The addresses of SAML that we use. That of single logout is told to the server, and answers nothing."""

from allauth.socialaccount.providers.saml import views
from django.http import Http404, HttpRequest, HttpResponseBase
from django.urls import path


def no_single_logout(request: HttpRequest, organization_slug: str) -> HttpResponseBase:
    """allauth names this address in what it sends; a request that is not signed could sign people out."""
    raise Http404("This portal has no single logout.")


urlpatterns = [
    path("saml/<slug:organization_slug>/login/", views.login, name="saml_login"),
    path("saml/<slug:organization_slug>/acs/", views.acs, name="saml_acs"),
    path("saml/<slug:organization_slug>/acs/finish/", views.finish_acs, name="saml_finish_acs"),
    path("saml/<slug:organization_slug>/sls/", no_single_logout, name="saml_sls"),
    path("saml/<slug:organization_slug>/metadata/", views.metadata, name="saml_metadata"),
]
