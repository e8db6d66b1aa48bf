"""One answer of a server nobody in the house vouches for: small, in time, from the internet, or not at all."""

import socket
import threading
import time
import zlib
from dataclasses import dataclass

import requests

from atlas.fetching.addresses import find_private_host, parse_address
from atlas.fetching.errors import FetchError, TemporaryFetchError
from atlas.fetching.session import check_status, new_session, open_connections, send_request

MAX_BYTES = 20_000_000  # after unpacking
SECONDS = 25.0  # for everything: names, redirects, the last byte
READ_SECONDS = 10.0  # between two bytes
_BLOCK = 1 << 16


class TooManyRequests(TemporaryFetchError):
    """429 or 503. `seconds`: what the server asked to wait, None where it did not say."""

    def __init__(self, sentence: str, seconds: float | None):
        super().__init__(sentence)
        self.seconds = seconds


@dataclass(frozen=True)
class SmallAnswer:
    """`content_type` in lower case without parameters."""

    body: bytes
    content_type: str
    status: int


def fetch_small(
    address: str,
    *,
    secrets: dict[str, str] | None = None,
    private_hosts: frozenset[str] = frozenset(),
    max_bytes: int = MAX_BYTES,
    seconds: float = SECONDS,
) -> SmallAnswer:
    """`private_hosts`: the only ones that may lie in a private network. `secrets`: headers for this origin alone.

    The name is looked up before anything is sent, and the other end of every connection is looked at again: a name
    that resolves to another address a moment later reaches nothing. Raises TooManyRequests, TemporaryFetchError for
    what may pass, FetchError for what will not.
    """
    host = parse_address(address).hostname or ""
    if host not in private_hosts and find_private_host(address):
        raise FetchError(f"{host} lies in a private network, which is not asked")
    deadline = time.monotonic() + seconds
    opened: list[socket.socket] = []
    mark = open_connections.set(opened)
    session = new_session()
    watch = threading.Timer(seconds, end_connections, (opened,))
    watch.daemon = True
    watch.start()
    try:
        with send_request(
            session,
            address,
            headers={"Accept": "text/csv, application/json;q=0.9, text/plain;q=0.8"},
            timeouts=(min(READ_SECONDS, seconds), min(READ_SECONDS, seconds)),
            trusted_hosts=private_hosts,
            secrets=secrets,
        ) as response:
            if response.status_code in (429, 503):
                raise TooManyRequests(
                    "the server asked to come back later", _read_seconds(response.headers.get("Retry-After", ""))
                )
            check_status(response, (200,))
            body = _read(response, max_bytes, deadline)
            kind = response.headers.get("Content-Type", "").partition(";")[0].strip().lower()
            return SmallAnswer(body, kind, response.status_code)
    except FetchError:
        if time.monotonic() >= deadline:
            raise TemporaryFetchError(f"the server did not finish within {seconds:g} seconds") from None
        raise
    except (OSError, ValueError) as error:  # a connection that was ended under a read, an answer that is no HTTP
        late = f"the server did not finish within {seconds:g} seconds"
        raise TemporaryFetchError(late if time.monotonic() >= deadline else "the connection was cut") from error
    finally:
        watch.cancel()
        session.close()
        open_connections.reset(mark)


def _read(response: requests.Response, max_bytes: int, deadline: float) -> bytes:
    """Unpacked no further than `max_bytes`: a small file may be a very large one."""
    too_large = FetchError(f"the answer has more than {max_bytes // 10**6:,} MB")
    if response.headers.get("Content-Length", "").isdecimal() and int(response.headers["Content-Length"]) > max_bytes:
        raise too_large
    packed = response.headers.get("Content-Encoding", "identity").strip().lower()
    if packed not in ("", "identity", "gzip", "x-gzip"):
        raise FetchError(f"the answer is packed as “{packed[:20]}”, which was not asked for")
    unpack = zlib.decompressobj(16 + zlib.MAX_WBITS) if "gzip" in packed else None
    parts: list[bytes] = []
    size = received = 0
    while block := response.raw.read1(_BLOCK, decode_content=False):
        received += len(block)
        if time.monotonic() > deadline:
            raise TemporaryFetchError("the answer arrives too slowly")
        if unpack is not None:
            try:
                block = unpack.decompress(block, max_bytes - size + 1)
            except zlib.error as broken:
                raise TemporaryFetchError("the answer can’t be unpacked") from broken
        size += len(block)
        if size > max_bytes:
            raise too_large
        parts.append(block)
    if unpack is not None and not unpack.eof:
        raise TemporaryFetchError("the answer was cut off")
    expected = response.headers.get("Content-Length", "")
    if expected.isdecimal() and received < int(expected):
        raise TemporaryFetchError("the answer was cut off")
    return b"".join(parts)


def _read_seconds(given: str) -> float | None:
    """Retry-After in seconds; a date there is no reason to trust: the next try is planned without it."""
    return float(given) if given.isascii() and given.isdecimal() and len(given) < 8 else None


def end_connections(opened: list[socket.socket]) -> None:
    """Shuts every connection down, which ends whatever read waits on it: also one that gets a byte now and then."""
    for connection in opened:
        try:
            connection.shutdown(socket.SHUT_RDWR)
        except OSError:
            continue  # it ended by itself
