"""The conversation with a sign-on server after somebody came back from it."""

from typing import Any

from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.http import HttpRequest

from mobility_portal.identity.oidc.tokens import read_token
from mobility_portal.identity.trust import expected_issuer


class PortalAdapter(OpenIDConnectOAuth2Adapter):
    """As allauth's; the token's signature, issuer, directory and nonce are checked always, not only on some ways."""

    nonce = ""  # set by the callback view from what was kept when the person left

    def complete_login(self, request: HttpRequest, app, token, **kwargs):
        """Raises OAuth2Error for a token that is not what we asked for."""
        claims = read_token(
            kwargs["response"].get("id_token"), keys=self._fetch_keys(), client_id=app.client_id, nonce=self.nonce
        )
        announced = app.settings.get("issuer") or str(self.openid_config.get("issuer", ""))
        wanted = expected_issuer(announced, app.settings.get("tenants", []), claims.get("tid"))
        if not wanted or claims["iss"] != wanted:
            raise OAuth2Error("The ID token is from another directory than this portal trusts.")
        told = self._fetch_more(token.token)
        if told and told.get("sub") != claims["sub"]:
            raise OAuth2Error("The server tells of another person than its ID token.")
        return self.get_provider().sociallogin_from_response(request, {**told, **claims})

    def _fetch_keys(self) -> dict[str, Any]:
        return self._fetch(str(self.openid_config["jwks_uri"]))

    def _fetch_more(self, access_token: str) -> dict[str, Any]:
        """What some servers tell only when asked again; what stands in the signed token comes first."""
        if not self.openid_config.get("userinfo_endpoint"):
            return {}
        return self._fetch(str(self.profile_url), {"Authorization": f"Bearer {access_token}"})

    def _fetch(self, url: str, headers: dict[str, str] | None = None) -> dict[str, Any]:
        with get_adapter().get_requests_session() as session:
            answer = session.get(url, headers=headers or {})
            answer.raise_for_status()
            try:
                found = answer.json()
            except ValueError as broken:
                raise OAuth2Error("The server's answer is no JSON.") from broken
        if not isinstance(found, dict):
            raise OAuth2Error("The server's answer is no object.")
        return found
