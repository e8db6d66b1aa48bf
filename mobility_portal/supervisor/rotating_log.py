"""The log of a child process, which grows no larger than it may however long the portal runs.

The child writes into a pipe, and a thread here writes the file. So the file can move aside while the child goes on
writing, no line is lost or cut in two, and a full disk stops no child: what can't be written is counted and left out.
"""

import os
import shutil
import threading
from pathlib import Path

MOST_BYTES = 10_000_000
KEPT = 5  # older files: web.log.1 is the newest of them
_CHUNK = 16_384
_LONGEST_LINE = 1_000_000  # bytes that wait for the end of their line


class RotatingLog:
    """Bytes at the end of a file; one that would grow past `most_bytes` moves aside first. For one writer at a time."""

    def __init__(self, path: Path, most_bytes: int = MOST_BYTES, kept: int = KEPT):
        self.path, self.most_bytes, self.kept = path, most_bytes, kept
        self._lost = 0
        self._lock = threading.Lock()

    def write(self, lines: bytes) -> None:
        """Never raises OSError: the disk may be full, or the folder gone."""
        with self._lock:
            try:
                if self._size() and self._size() + len(lines) > self.most_bytes:
                    self._move_aside()
                said = b"" if not self._lost else f"[{self._lost} bytes could not be written here]\n".encode()
                self._append(said + lines)
                self._lost = 0
            except OSError:
                self._lost += len(lines)

    def _size(self) -> int:
        return self.path.stat().st_size if self.path.exists() else 0

    def _append(self, data: bytes) -> None:
        descriptor = os.open(self.path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            while data:
                data = data[os.write(descriptor, data) :]
        finally:
            os.close(descriptor)

    def _move_aside(self) -> None:
        for number in range(self.kept, 1, -1):
            older = self._older(number - 1)
            if older.exists():
                older.replace(self._older(number))
        self.path.replace(self._older(1))

    def _older(self, number: int) -> Path:
        return self.path.with_name(f"{self.path.name}.{number}")


def copy_aside(path: Path, most_bytes: int = MOST_BYTES) -> bool:
    """For the log of a server that writes it by itself, as Postgres and Valkey do: copied to name.1, then emptied.

    It appends, so it goes on at the beginning. What it writes between the two steps is lost: a line, hardly ever. True
    when it was done. Raises OSError when the disk is full; the log is not emptied then.
    """
    if not path.exists() or path.stat().st_size <= most_bytes:
        return False
    aside = path.with_name(f"{path.name}.1")
    draft = path.with_name(f"{path.name}.draft")
    shutil.copyfile(path, draft)
    draft.chmod(0o600)
    draft.replace(aside)
    os.truncate(path, 0)
    return True


class LogPipe:
    """`write_end` is for the child; `close_write_end` once it has it. The thread ends when no process holds it."""

    def __init__(self, log: RotatingLog):
        self._log = log
        self._read_end, self.write_end = os.pipe()
        self._thread = threading.Thread(target=self._pump, name=f"log of {log.path.stem}", daemon=True)
        self._thread.start()

    def close_write_end(self) -> None:
        os.close(self.write_end)

    def wait(self, seconds: float) -> None:
        """Until everything that was written is in the file, or the time is over."""
        self._thread.join(seconds)

    def _pump(self) -> None:
        unfinished = b""
        while chunk := os.read(self._read_end, _CHUNK):
            whole, newline, rest = (unfinished + chunk).rpartition(b"\n")
            if len(rest) > _LONGEST_LINE:
                whole, newline, rest = whole + newline + rest, b"\n", b""
            if newline:
                self._log.write(whole + newline)
            unfinished = rest
        if unfinished:
            self._log.write(unfinished + b"\n")
        os.close(self._read_end)
