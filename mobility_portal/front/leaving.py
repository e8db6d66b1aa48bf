"""An answer on its way out: what a client has not taken yet waits in memory, then in a file."""

import os
import socket
from collections import deque
from dataclasses import dataclass
from tempfile import TemporaryFile
from typing import IO

from mobility_portal.front import limits
from mobility_portal.front.room import Room

_AT_ONCE = 1 << 20  # bytes of one client before another has its turn


@dataclass
class _Piece:
    """Bytes in memory, or `count` bytes of a file from `offset` on; `own`: its descriptor is closed behind it."""

    data: memoryview | None = None
    descriptor: int = -1
    offset: int = 0
    count: int = 0
    own: bool = False


class Leaving:
    """Used by one thread at a time: by that which makes the answer, then by that which watches all sockets."""

    def __init__(self, raw: socket.socket, room: Room):
        self._raw, self._room = raw, room
        self._pieces: deque[_Piece] = deque()
        self._in_memory = self._on_disk = 0
        self._file: IO[bytes] | None = None

    @property
    def is_empty(self) -> bool:
        return not self._pieces

    def add(self, data: bytes) -> bool:
        """Sends what the socket takes and keeps the rest. False where there is no room for it: nothing was kept, and
        the caller tries again. Raises OSError where the client is gone or the disk is full."""
        view = memoryview(data)
        if self.is_empty:
            view = view[self._send_some(view) :]
        if not view:
            return True
        if self._in_memory + len(view) <= limits.IN_MEMORY and self._file is None:
            self._pieces.append(_Piece(memoryview(bytes(view))))
            self._in_memory += len(view)
            return True
        return self._keep_in_file(view)

    def add_file(self, descriptor: int, offset: int, count: int) -> None:
        """A part of an open file; the descriptor is copied, so the caller may close its own."""
        if count > 0:
            self._pieces.append(_Piece(None, os.dup(descriptor), offset, count, own=True))

    def flush(self) -> bool:
        """Sends what the socket takes now; whether something was. Raises OSError where the client is gone."""
        sent = 0
        while self._pieces and sent < _AT_ONCE:
            taken = self._send_piece(self._pieces[0])
            if not taken:
                break
            sent += taken
        if not self._pieces:
            self._forget_file()
        return sent > 0

    def close(self) -> None:
        for piece in self._pieces:
            if piece.own:
                os.close(piece.descriptor)
        self._pieces.clear()
        self._forget_file()

    def _keep_in_file(self, view: memoryview) -> bool:
        if self._on_disk + len(view) > max(limits.ANSWER_ON_DISK, len(view)) or not self._room.take(len(view)):
            return False
        if self._file is None:
            self._file = TemporaryFile()  # noqa: SIM115 - closed when all of it is sent
        offset = self._on_disk
        self._on_disk += len(view)
        self._file.seek(offset)
        self._file.write(view)
        self._file.flush()
        last = self._pieces[-1] if self._pieces else None
        if last is not None and last.descriptor == self._file.fileno():
            last.count += len(view)
        else:
            self._pieces.append(_Piece(None, self._file.fileno(), offset, len(view)))
        return True

    def _forget_file(self) -> None:
        self._room.give_back(self._on_disk)
        self._on_disk = self._in_memory = 0
        if self._file is not None:
            self._file.close()
            self._file = None

    def _send_piece(self, piece: _Piece) -> int:
        if piece.data is not None:
            sent = self._send_some(piece.data)
            piece.data = piece.data[sent:]
            is_sent = not piece.data
        else:
            sent = self._send_of_file(piece)
            piece.offset += sent
            piece.count -= sent
            is_sent = not piece.count
        if is_sent:
            self._pieces.popleft()
            if piece.own:
                os.close(piece.descriptor)
        return sent

    def _send_some(self, view: memoryview) -> int:
        try:
            return self._raw.send(view)
        except BlockingIOError:
            return 0

    def _send_of_file(self, piece: _Piece) -> int:
        try:
            sent = os.sendfile(self._raw.fileno(), piece.descriptor, piece.offset, min(piece.count, _AT_ONCE))
        except BlockingIOError:
            return 0
        if not sent:
            raise ConnectionAbortedError("a file became shorter while it was sent")
        return sent
