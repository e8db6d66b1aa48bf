"""A requests session that follows nothing by itself and looks where a connection really ends.

Proxies and certificates are taken from the environment, as on any machine of an institution. Behind a proxy the
proxy resolves names, so the look at the other end is for direct connections only.
"""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

import requests
import urllib3
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

from atlas.fetching.addresses import (
    MAX_REDIRECTS,
    find_private_host,
    is_public,
    origin,
    parse_address,
    resolve_redirect,
)
from atlas.fetching.errors import FetchError, TemporaryFetchError

CONNECT_SECONDS = 3.0
READ_SECONDS = 20.0
USER_AGENT = "MobilityPortal/1 (fetches public data files)"
_TRANSIENT = (408, 425, 429, 500, 502, 503, 504)

# Hosts somebody named (publisher's or a configured mirror's) may lie anywhere; where a redirect leads may not.
_named_hosts: ContextVar[frozenset[str]] = ContextVar("named_hosts", default=frozenset())
# Connections of one request, for whoever has to end them from another thread.
open_connections: ContextVar[list[socket.socket] | None] = ContextVar("open_connections", default=None)


def _require_public_peer(host: str, connection: socket.socket) -> socket.socket:
    """Refuses a private address behind a host nobody named, before a byte is sent. Raises FetchError."""
    if host not in _named_hosts.get() and not is_public(connection.getpeername()[0]):
        connection.close()
        raise FetchError(f"{host} lies in a private network, which is not followed")
    if (opened := open_connections.get()) is not None:
        opened.append(connection)
    return connection


class _Http(HTTPConnection):
    def _new_conn(self) -> socket.socket:
        return _require_public_peer(self.host, super()._new_conn())


class _Https(HTTPSConnection):
    def _new_conn(self) -> socket.socket:
        return _require_public_peer(self.host, super()._new_conn())


class _HttpPool(HTTPConnectionPool):
    ConnectionCls = _Http


class _HttpsPool(HTTPSConnectionPool):
    ConnectionCls = _Https


class _Adapter(HTTPAdapter):
    def init_poolmanager(self, *arguments: Any, **options: Any) -> None:
        super().init_poolmanager(*arguments, **options)
        self.poolmanager.pool_classes_by_scheme = {"http": _HttpPool, "https": _HttpsPool}


def new_session() -> requests.Session:
    """A session for one thread; close it."""
    session = requests.Session()
    session.mount("http://", _Adapter())
    session.mount("https://", _Adapter())
    session.auth = _no_authentication
    session.headers.update({"User-Agent": USER_AGENT, "Accept-Encoding": "identity"})
    return session


def _no_authentication(request: requests.PreparedRequest) -> requests.PreparedRequest:
    """Without it requests would send what a .netrc holds for a host."""
    return request


@contextmanager
def send_request(
    session: requests.Session,
    address: str,
    headers: dict[str, str] | None = None,
    method: str = "GET",
    timeouts: tuple[float, float] | None = None,
    trusted_hosts: frozenset[str] | None = None,
    secrets: dict[str, str] | None = None,
    body: bytes | None = None,
    follow: bool = True,
) -> Iterator[requests.Response]:
    """The answer to one request, its body unread; redirects followed where they may lead, or not at all (`follow`).

    `trusted_hosts` may lie in a private network: without it the host of `address`, which somebody of the house named.
    `secrets`: headers for the origin of `address` only, never for where it redirects to.

    Raises TemporaryFetchError for what may pass (timeouts, refused or cut connections, 5xx), FetchError for what will
    not.
    """
    named = frozenset({parse_address(address).hostname or ""}) if trusted_hosts is None else trusted_hosts
    mark, first = _named_hosts.set(named), origin(address)
    response = None
    try:
        for _ in range(MAX_REDIRECTS + 1):
            response = session.request(
                method,
                address,
                headers={**(headers or {}), **(secrets or {})} if origin(address) == first else headers,
                data=body,
                stream=True,
                allow_redirects=False,
                timeout=timeouts or (CONNECT_SECONDS, READ_SECONDS),
            )
            location = response.headers.get("Location") if response.is_redirect else None
            if location is None or not follow:
                break
            response.close()
            address = resolve_redirect(address, location)
            # Behind a proxy the other end of the connection is the proxy: the name is looked up here too.
            if trusted_hosts is not None and (host := find_private_host(address)) and host not in trusted_hosts:
                raise FetchError(f"it redirects to {host} in a private network, which is not followed")
        else:
            raise FetchError(f"it redirects more than {MAX_REDIRECTS} times")
        yield response
    except (requests.RequestException, urllib3.exceptions.HTTPError, ConnectionError, TimeoutError) as error:
        raise _fetch_error(error) from error
    finally:
        _named_hosts.reset(mark)
        if response is not None:
            response.close()


def check_status(response: requests.Response, expected: tuple[int, ...]) -> None:
    """Raises TemporaryFetchError or FetchError for a status that is not expected."""
    if response.status_code in expected:
        return
    said = f"the server answered {response.status_code} {response.reason or ''}".strip()
    raise TemporaryFetchError(said) if response.status_code in _TRANSIENT else FetchError(said)


def _fetch_error(error: Exception) -> FetchError:
    if isinstance(error, requests.exceptions.SSLError):
        return FetchError("its certificate can't be verified")
    if isinstance(error, (requests.exceptions.InvalidURL, requests.exceptions.InvalidSchema)):
        return FetchError("it is not an address of http or https")
    if isinstance(error, (requests.Timeout, TimeoutError, urllib3.exceptions.TimeoutError)):
        return TemporaryFetchError("the server did not answer in time")
    return TemporaryFetchError("the connection was refused or cut")
