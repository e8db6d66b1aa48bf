"""Which request this is: one id in its answer, in its lines of the log and with what it hands to the worker."""

import secrets
from contextvars import ContextVar, Token

_BYTES = 8
_current: ContextVar[str] = ContextVar("request_id", default="")


def new_request_id() -> str:
    """16 hexadecimal digits that nobody can guess or choose: short enough to be read out on the telephone."""
    return secrets.token_hex(_BYTES)


def current_request_id() -> str:
    """Of the request that this thread answers, or that queued the task it works on; "" outside of both."""
    return _current.get()


def begin_request(request_id: str) -> Token[str]:
    """From now on it is the current one; the token is for `end_request`."""
    return _current.set(request_id)


def end_request(token: Token[str]) -> None:
    """What was current before is so again."""
    _current.reset(token)
