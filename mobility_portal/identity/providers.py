"""The sign-on servers that the environment names. Pure: text in, settings of allauth out.

OIDC_PROVIDERS is a JSON list, or the path of a file with one. Each entry: `id` (in addresses), `name` (on the button),
`server_url`, `client_id`, `secret` or `secret_file`, and what is believed of it: `verified_domains`, `tenant` or
`tenants`, `xms_edov`. The older OIDC_SERVER_URL, OIDC_CLIENT_ID, OIDC_CLIENT_SECRET, OIDC_NAME are the first entry,
with the id "sso".
"""

import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

KEYS = frozenset(
    {
        "id",
        "name",
        "server_url",
        "client_id",
        "secret",
        "secret_file",
        "verified_domains",
        "tenant",
        "tenants",
        "xms_edov",
        "issuer",
    }
)
_ENTRA = ("login.microsoftonline.com", "login.microsoftonline.us", "login.partner.microsoftonline.cn")
_FOR_MANY = frozenset({"common", "organizations", "consumers"})
_LOCAL = frozenset({"127.0.0.1", "localhost", "::1"})


class ProviderProblem(ValueError):
    """What is wrong with the setting, in a sentence an operator can act on."""


def read_providers(environment: Mapping[str, str]) -> list[dict[str, Any]]:
    """Apps for SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"], in the order of the buttons.

    Raises ProviderProblem.
    """
    found = [
        *_older(environment),
        *(_read(each) for each in read_entries("OIDC_PROVIDERS", environment.get("OIDC_PROVIDERS", ""))),
    ]
    ids = [app["provider_id"] for app in found]
    for each in ids:
        if ids.count(each) > 1:
            raise ProviderProblem(f"OIDC_PROVIDERS: two servers have the id {each}.")
    if len(found) > 1:
        open_ones = [app["provider_id"] for app in found if not app["settings"]["verified_domains"]]
        if open_ones:
            raise ProviderProblem(
                f"OIDC_PROVIDERS: with several servers each names its verified_domains, and {open_ones[0]} names "
                'none. ["*"] lets a server speak for any address it has verified.'
            )
    return found


def _older(environment: Mapping[str, str]) -> list[dict[str, Any]]:
    if not environment.get("OIDC_SERVER_URL"):
        return []
    for name in ("OIDC_CLIENT_ID", "OIDC_CLIENT_SECRET"):
        if not environment.get(name):
            raise ProviderProblem(f"{name} is not set: the OpenID Connect server gave one for this portal.")
    entry: dict[str, Any] = {
        "id": "sso",
        "name": environment.get("OIDC_NAME") or "single sign-on",
        "server_url": environment["OIDC_SERVER_URL"],
        "client_id": environment["OIDC_CLIENT_ID"],
        "secret": environment["OIDC_CLIENT_SECRET"],
    }
    domains = [each.strip() for each in environment.get("OIDC_VERIFIED_DOMAINS", "").split(",") if each.strip()]
    if domains:
        entry["verified_domains"] = domains
    if environment.get("OIDC_TENANT"):
        entry["tenant"] = environment["OIDC_TENANT"]
    if environment.get("OIDC_XMS_EDOV"):
        entry["xms_edov"] = environment["OIDC_XMS_EDOV"] == "1"
    return [_read(entry)]


def read_entries(setting: str, said: str) -> list[Any]:
    """The list in a setting, or in the file it names. Raises ProviderProblem."""
    text = said.strip()
    if not text:
        return []
    if not text.startswith("["):
        try:
            text = Path(text).expanduser().read_text("utf-8")
        except OSError as missing:
            raise ProviderProblem(f"{setting}: the file {said} can't be read.") from missing
    try:
        found = json.loads(text)
    except json.JSONDecodeError as broken:
        raise ProviderProblem(f"{setting} is not JSON: line {broken.lineno}, column {broken.colno}.") from broken
    if not isinstance(found, list):
        raise ProviderProblem(f"{setting} is a list of servers: [{{...}}, {{...}}].")
    return found


def _read(entry: Any) -> dict[str, Any]:
    if not isinstance(entry, dict):
        raise ProviderProblem("OIDC_PROVIDERS: each server is an object with id, name, server_url and so on.")
    key = str(entry.get("id", ""))
    if not re.fullmatch(r"[a-z0-9][a-z0-9-]{0,29}", key) or key == "cancelled":
        raise ProviderProblem(f"OIDC_PROVIDERS: an id is 1 to 30 small letters, digits and hyphens, not “{key}”.")
    unknown = sorted(set(entry) - KEYS)
    if unknown:
        raise ProviderProblem(f"OIDC_PROVIDERS, {key}: there is no setting {unknown[0]}.")
    for name in ("name", "server_url", "client_id"):
        if not isinstance(entry.get(name), str) or not entry[name].strip():
            raise ProviderProblem(f"OIDC_PROVIDERS, {key}: {name} is missing.")
    url = entry["server_url"].strip().rstrip("/")
    tenants = _tenants(key, entry)
    _check_url(key, url, tenants)
    domains = read_domains(f"OIDC_PROVIDERS, {key}", entry.get("verified_domains", []))
    edov = entry.get("xms_edov", False)
    if not isinstance(edov, bool):
        raise ProviderProblem(f"OIDC_PROVIDERS, {key}: xms_edov is true or false.")
    return {
        "provider_id": key,
        "name": entry["name"].strip(),
        "client_id": entry["client_id"].strip(),
        "secret": _secret(key, entry),
        "settings": {
            "server_url": url,
            "verified_domains": domains,
            "tenants": tenants,
            "xms_edov": edov,
            "issuer": str(entry.get("issuer", "")),
        },
    }


def _check_url(key: str, url: str, tenants: list[str]) -> None:
    parts = urlsplit(url)
    if parts.scheme != "https" and parts.hostname not in _LOCAL:
        raise ProviderProblem(f"OIDC_PROVIDERS, {key}: server_url begins with https://.")
    if parts.hostname in _ENTRA:
        directory = parts.path.strip("/").partition("/")[0].lower()
        if directory in _FOR_MANY and not tenants:
            raise ProviderProblem(
                f"OIDC_PROVIDERS, {key}: {url} takes people of every organization that uses Microsoft. Write your "
                "directory (tenant) ID in the address, or name the directories in tenants."
            )
        if directory not in _FOR_MANY and directory not in tenants:
            tenants.append(directory)


def _tenants(key: str, entry: Mapping[str, Any]) -> list[str]:
    named = entry.get("tenants", [])
    if not isinstance(named, list) or not all(isinstance(each, str) for each in named):
        raise ProviderProblem(f"OIDC_PROVIDERS, {key}: tenants is a list of directory IDs.")
    single = entry.get("tenant")
    if single is not None and not isinstance(single, str):
        raise ProviderProblem(f"OIDC_PROVIDERS, {key}: tenant is one directory ID.")
    return [each.strip().lower() for each in [*([single] if single else []), *named] if each.strip()]


def read_domains(where: str, named: Any) -> list[str]:
    """In small letters. Raises ProviderProblem."""
    if not isinstance(named, list) or not all(isinstance(each, str) for each in named):
        raise ProviderProblem(f"{where}: verified_domains is a list such as ['example.gov'].")
    found = [each.strip().lower().removeprefix("@") for each in named]
    for each in found:
        if each != "*" and not re.fullmatch(r"(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z0-9-]{2,}", each):
            raise ProviderProblem(f"{where}: “{each}” is no domain.")
    return found


def _secret(key: str, entry: Mapping[str, Any]) -> str:
    kept = entry.get("secret_file")
    if kept:
        try:
            return Path(str(kept)).expanduser().read_text("utf-8").strip()
        except OSError as missing:
            raise ProviderProblem(f"OIDC_PROVIDERS, {key}: secret_file can't be read.") from missing
    if not isinstance(entry.get("secret"), str) or not entry["secret"]:
        raise ProviderProblem(f"OIDC_PROVIDERS, {key}: secret or secret_file is missing.")
    return str(entry["secret"])


def sign_on_origins(oidc: Sequence[Mapping[str, Any]], saml: Sequence[Mapping[str, Any]]) -> list[str]:
    """Scheme and host of the servers that people are sent to, each once."""
    addresses = [app["settings"]["server_url"] for app in oidc]
    addresses += [app["settings"]["idp"].get("sso_url") or app["settings"]["idp"]["metadata_url"] for app in saml]
    found = [urlsplit(address) for address in addresses]
    return list(dict.fromkeys(f"{parts.scheme}://{parts.netloc}" for parts in found))
