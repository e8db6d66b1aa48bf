"""Which addresses may be asked, in which order, and where a redirect may lead."""

import ipaddress
import socket
from urllib.parse import SplitResult, urljoin, urlsplit

from atlas.fetching.errors import FetchError
from atlas.sources.downloads import Download

MAX_REDIRECTS = 5
_NAT64 = ipaddress.ip_network("64:ff9b::/96")
_INNER_NAMES = (".localhost", ".local", ".internal", ".intranet", ".lan", ".home.arpa")


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
    """Whether an address of the internet, not of this machine or a private network.

    An IPv6 address that only carries an IPv4 one (mapped, 6to4, NAT64) is what it carries.
    """
    found = ipaddress.ip_address(ip.partition("%")[0])
    if isinstance(found, ipaddress.IPv6Address):
        carried = found.ipv4_mapped or found.sixtofour
        if carried is None and found in _NAT64:
            carried = ipaddress.IPv4Address(int(found) & 0xFFFFFFFF)
        found = carried or found
    return found.is_global and not found.is_multicast


def find_private_host(address: str) -> str:
    """The host of an address when it lies, or resolves into, a private network or this machine; else "".

    Asks the name server; a name it does not know is left to the one who connects. Names that are numbers in other
    clothes (2130706433, 0x7f.1, 127.1) resolve to what they are. Raises FetchError for what is no address.
    """
    parts = parse_address(address)
    host = (parts.hostname or "").rstrip(".")
    if host.lower() == "localhost" or host.lower().endswith(_INNER_NAMES):
        return host
    try:
        found = socket.getaddrinfo(host, parts.port or 443, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        return ""
    return "" if all(is_public(str(each[4][0])) for each in found) else host
