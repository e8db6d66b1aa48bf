"""How far a request has come in, by its bytes: nothing but when it may be handed on is decided here.

What the request says is read by gunicorn's parser. Where it disagrees about the end, its thread waits for more bytes
no longer than for those of a large body.
"""

import re
from enum import Enum
from tempfile import SpooledTemporaryFile
from urllib.parse import unquote_to_bytes

from mobility_portal.front import limits

_LENGTH = re.compile(rb"\r\ncontent-length[ \t]*:[ \t]*([0-9]{1,15})[ \t]*(?=\r\n)", re.IGNORECASE)
_ENCODED = re.compile(rb"\r\ntransfer-encoding[ \t]*:", re.IGNORECASE)
_EXPECTS = re.compile(rb"\r\nexpect[ \t]*:[ \t]*100-continue[ \t]*\r\n", re.IGNORECASE)
_ORIGIN = re.compile(rb"^https?://[^/]*", re.IGNORECASE)


class Stage(Enum):
    HEAD = "head"  # its headers are not whole
    BODY = "body"  # its body is not
    WHOLE = "whole"
    STREAMED = "streamed"  # the body is too large to wait for, or does not say how long it is
    HEAD_TOO_LARGE = "head too large"
    BODY_TOO_LARGE = "body too large"


REFUSED = (Stage.HEAD_TOO_LARGE, Stage.BODY_TOO_LARGE)


class Arriving:
    """One request. `read` gives its bytes back in order; what came behind its end is `surplus`."""

    def __init__(self) -> None:
        self.stage = Stage.HEAD
        self.head = bytearray()
        self.surplus = b""
        self.expects_word = False  # the client waits for "100 Continue" before it sends the body
        self.body_length = 0
        self._body: SpooledTemporaryFile[bytes] | None = None
        self._missing = 0
        self._given = 0

    @property
    def has_begun(self) -> bool:
        return bool(self.head)

    @property
    def path(self) -> bytes:
        """Of the request line, without query and percent signs; b"" where the line is none."""
        words = bytes(self.head).lstrip(b"\r\n").partition(b"\r\n")[0].split(b" ")
        target = words[1] if len(words) > 1 else b""
        return unquote_to_bytes(_ORIGIN.sub(b"", target).partition(b"?")[0])

    def feed(self, data: bytes) -> None:
        """Raises OSError where the disk takes no more."""
        if self.stage is Stage.HEAD:
            data = self._feed_head(data)
        if self.stage is Stage.BODY:
            taken, data = data[: self._missing], data[self._missing :]
            assert self._body is not None
            self._body.write(taken)
            self._missing -= len(taken)
            if not self._missing:
                self._body.seek(0)
                self.stage = Stage.WHOLE
        self.surplus += data

    def read(self, size: int) -> bytes:
        """Up to `size` bytes of head and body; b"" when all of them were given."""
        if self._given < len(self.head):
            found = bytes(self.head[self._given : self._given + size])
            self._given += len(found)
            return found
        return self._body.read(size) if self._body is not None else b""

    def close(self) -> None:
        if self._body is not None:
            self._body.close()

    def _feed_head(self, data: bytes) -> bytes:
        """Returns what lies behind the head."""
        start = max(0, len(self.head) - 3)
        self.head += data
        end = self.head.find(b"\r\n\r\n", start)
        if (len(self.head) if end < 0 else end) > limits.HEAD_BYTES:
            self.stage = Stage.HEAD_TOO_LARGE
            return b""
        if end < 0:
            return b""
        rest = bytes(self.head[end + 4 :])
        del self.head[end + 4 :]
        self._find_body()
        return rest

    def _find_body(self) -> None:
        lengths = _LENGTH.findall(self.head)
        if _ENCODED.search(self.head):
            self.stage = Stage.STREAMED
        elif len(lengths) != 1 or not int(lengths[0]):
            self.stage = Stage.WHOLE  # none, or one that gunicorn refuses
        else:
            self.body_length = self._missing = int(lengths[0])
            if self.body_length > limits.LARGEST_BODY:
                self.stage = Stage.BODY_TOO_LARGE
            elif self.body_length > limits.WAITING_BODY:
                self.stage = Stage.STREAMED
            else:
                self._body = SpooledTemporaryFile(limits.IN_MEMORY)  # noqa: SIM115 - closed with the request
                self.stage = Stage.BODY
        self.expects_word = self.stage in (Stage.BODY, Stage.STREAMED) and bool(_EXPECTS.search(self.head))
