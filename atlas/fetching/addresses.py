"""Which addresses may be asked, in which order, and where a redirect may lead."""

import ipaddress
from urllib.parse import SplitResult, urljoin, urlsplit

from atlas.fetching.errors import FetchError
from atlas.sources.downloads import Download

MAX_REDIRECTS = 5


def parse_address(address: str) -> SplitResult:
    """An address of http or https with a host and nothing secret in it. Raises FetchError."""
    try:
        parts = urlsplit(address)
        parts.port  # noqa: B018  raises for a port that is no number
    except ValueError as error:
        raise FetchError(f"'{address[:100]}' is not an address") from error
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise FetchError(f"'{address[:100]}' is not an address of http or https")
    if parts.username is not None or parts.password is not None:
        raise FetchError("addresses with a user name or password in them are not asked")
    return parts


def origin(address: str) -> tuple[str, str, int]:
    """(scheme, host, port): what is reachable or not as a whole."""
    parts = parse_address(address)
    return parts.scheme, parts.hostname or "", parts.port or {"http": 80, "https": 443}[parts.scheme]


def candidate_addresses(download: Download, mirrors: tuple[str, ...] = ()) -> tuple[str, ...]:
    """Every address of a file: the mirrors' first, then the publisher's own and its known copies.

    A mirror is a base that takes the place of `https://host` in the official address, or a flat folder that
    holds the file under its name: both are asked. Raises FetchError for a mirror that is no address.
    """
    found = []
    for mirror in mirrors:
        parse_address(mirror)
        base = mirror.rstrip("/")
        found += [f"{base}{parse_address(address).path}" for address in download.addresses]
        found.append(f"{base}/{download.file_name}")
    return tuple(dict.fromkeys((*found, *download.addresses)))


def resolve_redirect(address: str, location: str) -> str:
    """Where a redirect leads. Only to https, or to the very same host. Raises FetchError."""
    target = urljoin(address, location)
    parts = parse_address(target)
    if parts.scheme != "https" and (
        origin(target)[1:] != origin(address)[1:] or parse_address(address).scheme == "https"
    ):
        raise FetchError(f"it redirects to {parts.scheme}://{parts.hostname}, which is not followed: only https is")
    return target


def is_public(ip: str) -> bool:
    """Whether an address of the internet, not of this machine or a private network."""
    found = ipaddress.ip_address(ip.partition("%")[0])
    found = getattr(found, "ipv4_mapped", None) or found
    return found.is_global and not found.is_multicast
