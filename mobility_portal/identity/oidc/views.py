"""Going to a sign-on server and coming back."""

from allauth.account.internal.decorators import login_not_required
from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView, OAuth2LoginView
from django.http import Http404, HttpRequest, HttpResponseBase

from mobility_portal.identity.oidc.adapter import PortalAdapter


class _CallbackView(OAuth2CallbackView):
    adapter: PortalAdapter

    def _get_state(self, request: HttpRequest, provider):
        state, answer = super()._get_state(request, provider)
        if state is not None:
            self.adapter.nonce = str(state.get("nonce") or "")
        return state, answer


@login_not_required
def login(request: HttpRequest, provider_id: str) -> HttpResponseBase:
    return _answer(OAuth2LoginView, request, provider_id)


@login_not_required
def callback(request: HttpRequest, provider_id: str) -> HttpResponseBase:
    return _answer(_CallbackView, request, provider_id)


def _answer(view: type[OAuth2LoginView] | type[OAuth2CallbackView], request: HttpRequest, provider_id: str):
    try:
        return view.adapter_view(PortalAdapter(request, provider_id))(request)
    except SocialApp.DoesNotExist as unknown:
        raise Http404("There is no such sign-on server.") from unknown
