"""The addresses of SAML that we use. That of single logout is told to the server, and answers nothing."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.socialaccount.providers.saml import views
from django.http import Http404, HttpRequest, HttpResponseBase
from django.urls import path


def no_single_logout(request: HttpRequest, organization_slug: str) -> HttpResponseBase:
    """allauth names this address in what it sends; a request that is not signed could sign people out."""
    raise Http404("This portal has no single logout.")


def with_host(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """allauth reads the Host header, which HTTP/1.0 may leave out: the checked host of the request stands in."""

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        request.META.setdefault("HTTP_HOST", request.get_host())
        return view(request, *args, **kwargs)

    return answer


urlpatterns = [
    path("saml/<slug:organization_slug>/login/", with_host(views.login), name="saml_login"),
    path("saml/<slug:organization_slug>/acs/", with_host(views.acs), name="saml_acs"),
    path("saml/<slug:organization_slug>/acs/finish/", with_host(views.finish_acs), name="saml_finish_acs"),
    path("saml/<slug:organization_slug>/sls/", no_single_logout, name="saml_sls"),
    path("saml/<slug:organization_slug>/metadata/", with_host(views.metadata), name="saml_metadata"),
]
