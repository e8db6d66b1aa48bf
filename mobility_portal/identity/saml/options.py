"""The SAML servers that the environment names. Pure: text in, settings of allauth out.

SAML_PROVIDERS is a JSON list or the path of a file with one. Each entry: `id`, `name`, `verified_domains`, and the
server: `metadata_url`, or `sso_url` with `x509cert` or `x509cert_file`; always its `entity_id`. `uid_attribute` where a
person's lasting identifier has a name of its own.
"""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from mobility_portal.identity.providers import ProviderProblem, read_domains, read_entries

KEYS = frozenset(
    {
        "id",
        "name",
        "entity_id",
        "metadata_url",
        "sso_url",
        "x509cert",
        "x509cert_file",
        "verified_domains",
        "uid_attribute",
    }
)
# Only a signed assertion, that answers a question of ours, by algorithms that are not broken.
_ADVANCED = {
    "strict": True,
    "want_assertion_signed": True,
    "reject_idp_initiated_sso": True,
    "reject_deprecated_algorithm": True,
    "want_attribute_statement": True,
    "allow_repeat_attribute_name": False,
    "allow_single_label_domains": True,  # a portal in the house may be called https://portal/
}


def read_saml_providers(environment: Mapping[str, str]) -> list[dict[str, Any]]:
    """Apps for SOCIALACCOUNT_PROVIDERS["saml"]["APPS"]. Raises ProviderProblem."""
    found = [_read(each) for each in read_entries("SAML_PROVIDERS", environment.get("SAML_PROVIDERS", ""))]
    ids = [app["provider_id"] for app in found]
    if len(set(ids)) < len(ids):
        raise ProviderProblem("SAML_PROVIDERS: two servers have the same id.")
    return found


def _read(entry: Any) -> dict[str, Any]:
    if not isinstance(entry, dict):
        raise ProviderProblem("SAML_PROVIDERS: each server is an object with id, name, entity_id and so on.")
    key = str(entry.get("id", ""))
    if not re.fullmatch(r"[a-z0-9][a-z0-9-]{0,29}", key):
        raise ProviderProblem(f"SAML_PROVIDERS: an id is 1 to 30 small letters, digits and hyphens, not “{key}”.")
    unknown = sorted(set(entry) - KEYS)
    if unknown:
        raise ProviderProblem(f"SAML_PROVIDERS, {key}: there is no setting {unknown[0]}.")
    for name in ("name", "entity_id"):
        if not isinstance(entry.get(name), str) or not entry[name].strip():
            raise ProviderProblem(f"SAML_PROVIDERS, {key}: {name} is missing.")
    domains = read_domains(f"SAML_PROVIDERS, {key}", entry.get("verified_domains", []))
    if not domains or "*" in domains:
        raise ProviderProblem(f"SAML_PROVIDERS, {key}: name the domains this server speaks for in verified_domains.")
    settings: dict[str, Any] = {"idp": _server(key, entry), "verified_domains": domains, "advanced": dict(_ADVANCED)}
    if entry.get("uid_attribute"):
        settings["uid_attribute"] = str(entry["uid_attribute"])
    return {"provider_id": key, "name": entry["name"].strip(), "client_id": key, "settings": settings}


def _server(key: str, entry: Mapping[str, Any]) -> dict[str, str]:
    found = {"entity_id": entry["entity_id"].strip()}
    address = entry.get("metadata_url") or entry.get("sso_url")
    if not isinstance(address, str) or urlsplit(address).scheme != "https":
        raise ProviderProblem(f"SAML_PROVIDERS, {key}: metadata_url or sso_url begins with https://.")
    if entry.get("metadata_url"):
        return found | {"metadata_url": address}
    certificate = entry.get("x509cert")
    if entry.get("x509cert_file"):
        try:
            certificate = Path(str(entry["x509cert_file"])).expanduser().read_text("utf-8")
        except OSError as missing:
            raise ProviderProblem(f"SAML_PROVIDERS, {key}: x509cert_file can't be read.") from missing
    if not isinstance(certificate, str) or not certificate.strip():
        raise ProviderProblem(f"SAML_PROVIDERS, {key}: x509cert or x509cert_file is missing.")
    return found | {"sso_url": address, "x509cert": certificate.strip()}
