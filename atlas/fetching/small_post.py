"""One message to a server nobody in the house vouches for: no redirect is followed, of its answer a little is read."""

import socket
import threading
import time
from dataclasses import dataclass

from atlas.fetching.addresses import find_private_host, parse_address
from atlas.fetching.errors import FetchError, TemporaryFetchError
from atlas.fetching.session import new_session, open_connections, send_request
from atlas.fetching.small_answer import end_connections

SECONDS = 10.0  # for everything: names, sending, the status line
BEGINNING = 500  # bytes of an answer that are kept, for whoever looks for what went wrong


@dataclass(frozen=True)
class PostAnswer:
    """`retry_after`: seconds, None where the server named none. `beginning`: of what it said, printable."""

    status: int
    retry_after: float | None
    beginning: str


def post_small(
    address: str,
    body: bytes,
    *,
    headers: dict[str, str],
    private_hosts: frozenset[str] = frozenset(),
    seconds: float = SECONDS,
) -> PostAnswer:
    """`private_hosts`: the only ones that may lie in a private network; the name and the other end are both looked at.

    An answer of any length costs nothing: what comes after its beginning is never read. Raises TemporaryFetchError for
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
            headers=headers,
            method="POST",
            timeouts=(min(5.0, seconds), seconds),
            trusted_hosts=private_hosts,
            body=body,
            follow=False,
        ) as response:
            said = response.headers.get("Retry-After", "")
            beginning = response.raw.read1(BEGINNING, decode_content=False) if response.raw is not None else b""
            if time.monotonic() >= deadline:  # ended by the watch: half a status line is no answer
                raise TemporaryFetchError("")
            return PostAnswer(
                response.status_code,
                float(said) if said.isascii() and said.isdecimal() and len(said) < 8 else None,
                "".join(c for c in beginning.decode("utf-8", "replace") if c.isprintable()),
            )
    except FetchError:
        if time.monotonic() >= deadline:
            raise TemporaryFetchError(f"the server did not answer within {seconds:g} seconds") from None
        raise
    except (OSError, ValueError) as error:
        late = f"the server did not answer within {seconds:g} seconds"
        raise TemporaryFetchError(late if time.monotonic() >= deadline else "the connection was cut") from error
    finally:
        watch.cancel()
        session.close()
        open_connections.reset(mark)
