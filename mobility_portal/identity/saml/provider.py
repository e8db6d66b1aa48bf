"""allauth's SAML provider with the one rule for addresses, and an identifier of a person that stays."""

from typing import Any

from allauth.account.models import EmailAddress
from allauth.socialaccount.providers.saml.provider import SAMLProvider
from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from mobility_portal.identity.trust import Judgement, Trust, judge

PERSISTENT = "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent"
# Attributes that name a person for good: SAML's own, eduPerson's, and Microsoft Entra's object ID.
IDENTIFIERS = (
    "urn:oasis:names:tc:SAML:attribute:subject-id",
    "urn:oasis:names:tc:SAML:attribute:pairwise-id",
    "urn:oid:1.3.6.1.4.1.5923.1.1.1.13",
    "http://schemas.microsoft.com/identity/claims/objectidentifier",
)
ADDRESSES = (
    "urn:oid:0.9.2342.19200300.100.1.3",
    "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress",
    "email",
    "mail",
)
NAMES = ("urn:oid:2.16.840.1.113730.3.1.241", "http://schemas.microsoft.com/identity/claims/displayname", "displayName")


class PortalSAMLProvider(SAMLProvider):
    judgement = Judgement()  # of the person who came back

    def extract_uid(self, data: Any) -> str:
        """Never an address: it may be somebody else's tomorrow. Raises PermissionDenied where nothing else is sent."""
        own = self.app.settings.get("uid_attribute")
        found = _first(data, (own,) if own else IDENTIFIERS)
        if not found and data.get_nameid_format() == PERSISTENT:
            found = str(data.get_nameid() or "")
        if not found:
            raise PermissionDenied(_("Your sign-in service sent no lasting identifier. Tell its administrators."))
        return found

    def extract_common_fields(self, data: Any) -> dict[str, Any]:
        return {}

    def extract_extra_data(self, data: Any) -> dict[str, Any]:
        return {"name": _first(data, NAMES)[:150]}

    def extract_email_addresses(self, data: Any) -> list[EmailAddress]:
        """SAML says nothing of verified addresses: the domains that the setting names decide."""
        self.judgement = judge({"email": _first(data, ADDRESSES)}, Trust(tuple(self.app.settings["verified_domains"])))
        if not self.judgement.address:
            return []
        return [EmailAddress(email=self.judgement.address, verified=True, primary=True)]


def _first(data: Any, names: tuple[str, ...]) -> str:
    attributes = data.get_attributes()
    for name in names:
        values = attributes.get(name) or []
        if len(values) == 1 and str(values[0]).strip():
            return str(values[0]).strip()
    return ""
