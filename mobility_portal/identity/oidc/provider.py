"""allauth's OpenID Connect provider with a nonce, one rule for addresses, and no claims kept that nobody needs."""

import secrets
from typing import Any

from allauth.account.models import EmailAddress
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from django.http import HttpRequest, HttpResponseBase

from mobility_portal.identity.oidc.adapter import PortalAdapter
from mobility_portal.identity.trust import ANY_DOMAIN, Judgement, Trust, judge


class PortalOpenIDConnectProvider(OpenIDConnectProvider):
    oauth2_adapter_class = PortalAdapter
    judgement = Judgement()  # of the person who came back

    def redirect(self, request: HttpRequest, process, next_url=None, data=None, **kwargs) -> HttpResponseBase:
        nonce = secrets.token_urlsafe(24)
        kwargs["auth_params"] = {**self.get_auth_params(), "nonce": nonce}
        kwargs["scope"] = self.get_scope()
        return super().redirect(request, process, next_url, data, nonce=nonce, **kwargs)

    @property
    def trust(self) -> Trust:
        said = self.app.settings
        return Trust(tuple(said.get("verified_domains") or [ANY_DOMAIN]), bool(said.get("xms_edov")))

    def extract_uid(self, data: dict[str, Any]) -> str:
        """`sub` is unique for one issuer: where several directories share a server, the directory is part of it."""
        if len(self.app.settings.get("tenants", [])) > 1:
            return f"{str(data['tid']).lower()}|{data['sub']}"
        return str(data["sub"])

    def extract_common_fields(self, data: dict[str, Any]) -> dict[str, Any]:
        return {}

    def extract_extra_data(self, data: dict[str, Any]) -> dict[str, Any]:
        return {"name": str(data.get("name") or "")[:150], "iss": data.get("iss"), "tid": data.get("tid")}

    def extract_email_addresses(self, data: dict[str, Any]) -> list[EmailAddress]:
        self.judgement = judge(data, self.trust)
        if not self.judgement.address:
            return []
        return [EmailAddress(email=self.judgement.address, verified=True, primary=True)]
