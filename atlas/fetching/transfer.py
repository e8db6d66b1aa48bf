"""One file from one address: resumed where it stopped, checked, and in place all at once or not at all."""

import base64
import re
import shutil
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import requests

from atlas.fetching.download_records import (
    DownloadRecord,
    delete_part,
    part_path,
    read_record,
    read_verified_record,
    sha256_of,
    write_record,
)
from atlas.fetching.errors import DiskFullError, FetchError, TemporaryFetchError, disk_error
from atlas.fetching.session import check_status, send_request
from atlas.sources.downloads import Download

BLOCK_BYTES = 1 << 17
STALL_SECONDS, STALL_BYTES = 30.0, 30_000  # slower than this is as good as standing still
SPARE_DISK_BYTES = 50_000_000  # stays free: the portal's own log and database need room too
_RANGE = re.compile(r"bytes (\d+)-(\d+)/(\d+|\*)$")
_MARKUP = (b"<!doctype", b"<html", b"<?xml", b"<head", b"<!--")

Progress = Callable[[int, int | None], None]  # bytes here, bytes in all (None when the server does not say)


def transfer(
    session: requests.Session, download: Download, address: str, path: Path, progress: Progress
) -> tuple[DownloadRecord, bool]:
    """Brings the file of `address` to `path`. Returns (what it is, False when what is there is still current).

    Raises TemporaryFetchError (what has arrived is kept and resumed), FetchError, or DiskFullError.
    """
    current = read_verified_record(path)
    headers, received = _conditions(address, path, current)
    with send_request(session, address, headers) as response:
        if response.status_code == 304 and current is not None:
            return current, False
        if response.status_code == 416:
            delete_part(path)
            raise TemporaryFetchError("the server has no such part of the file")
        check_status(response, (200, 206))
        try:
            known = _receive(response, download, address, path, received, progress)
        except OSError as error:
            delete_part(path)
            raise disk_error(error) from error
    return _finish(download, known, path), True


def _conditions(address: str, path: Path, current: DownloadRecord | None) -> tuple[dict[str, str], int]:
    """Headers: continue what has begun, else ask whether what is here is still current. And the bytes kept."""
    part, partial = part_path(path), read_record(part_path(path))
    size = part.stat().st_size if part.is_file() else 0
    if partial and partial.address == address and partial.validator and size:
        return {"Range": f"bytes={size}-", "If-Range": partial.validator}, size
    if current is None or current.address != address:
        return {}, 0
    headers = {"If-None-Match": current.etag, "If-Modified-Since": "" if current.etag else current.last_modified}
    return {name: value for name, value in headers.items() if value}, 0


def _receive(
    response: requests.Response, download: Download, address: str, path: Path, received: int, progress: Progress
) -> DownloadRecord:
    """Writes the body to the part file. The connection's own length check raises for a body that is cut."""
    length = _length(response)
    start, total = _response_range(response, received, length)
    if total is not None and total > download.max_bytes:
        raise FetchError(f"the file has {total // 10**6:,} MB; at most {download.max_bytes // 10**6:,} are taken")
    if shutil.disk_usage(path.parent).free < (length or 0) + SPARE_DISK_BYTES:
        raise DiskFullError
    known = DownloadRecord(
        address, response.headers.get("ETag", ""), response.headers.get("Last-Modified", ""), "", total or 0
    )
    write_record(part_path(path), known)
    done, stall = start, _StallDetector(start)
    with part_path(path).open("r+b" if start else "wb") as stream:
        stream.truncate(start)
        stream.seek(start)
        while block := response.raw.read1(BLOCK_BYTES, decode_content=False):
            if done == 0:
                _check_first_bytes(block, download)
            done += len(block)
            if done > download.max_bytes:
                raise FetchError(f"the file has more than {download.max_bytes // 10**6:,} MB")
            stream.write(block)
            progress(done, total)
            stall.check(done)
    if total is not None and done != total:
        raise TemporaryFetchError(f"{done:,} of {total:,} bytes arrived")
    return DownloadRecord(known.address, known.etag, known.last_modified, _server_sha256(response), done)


def _length(response: requests.Response) -> int | None:
    try:
        return int(response.headers["Content-Length"])
    except (KeyError, ValueError):
        return None


def _response_range(response: requests.Response, received: int, length: int | None) -> tuple[int, int | None]:
    """(first byte of this answer, bytes of the whole file). A server that ignores Range sends all: start again."""
    if response.status_code == 200:
        return 0, length
    found = _RANGE.match(response.headers.get("Content-Range", ""))
    if not found or int(found[1]) != received or received == 0:
        raise FetchError("the server sent another part of the file than was asked for")
    total = None if found[3] == "*" else int(found[3])
    return received, total if total is not None else (received + length if length is not None else None)


def _check_first_bytes(first: bytes, download: Download) -> None:
    """Web pages that say "not found" or "sign in" with status 200; archives that are none."""
    start = first.removeprefix(b"\xef\xbb\xbf").lstrip()[:20].lower()
    if start.startswith(_MARKUP):
        raise FetchError("a web page came instead of the file")
    if download.file_name.endswith(".zip") and not first.startswith(b"PK"):
        raise FetchError("what came is not a .zip file")


def _server_sha256(response: requests.Response) -> str:
    """SHA-256 of the whole file where the server sends one (RFC 9530), else ""."""
    found = re.search(r"sha-256=:([A-Za-z0-9+/=]+):", response.headers.get("Repr-Digest", ""))
    try:
        return base64.b64decode(found[1], validate=True).hex() if found else ""
    except ValueError:
        return ""


def _finish(download: Download, known: DownloadRecord, path: Path) -> DownloadRecord:
    """Checks what arrived against every checksum known, then renames it into place."""
    part = part_path(path)
    actual = sha256_of(part)
    before = read_record(path)
    # A strong ETag promises the same bytes as last time, even where the file of last time is gone.
    same = before and before.address == known.address and known.etag.startswith('"') and known.etag == before.etag
    for expected in filter(None, (download.sha256, known.sha256, before.sha256 if before and same else "")):
        if actual != expected:
            delete_part(path)
            raise TemporaryFetchError("its checksum is not the expected one")
    if download.file_name.endswith(".zip") and not zipfile.is_zipfile(part):
        delete_part(path)
        raise TemporaryFetchError("the archive is cut short")
    fetched = DownloadRecord(known.address, known.etag, known.last_modified, actual, known.size)
    try:
        # The record first: a file without its record is fetched again, a record without its file is ignored.
        write_record(path, fetched)
        part.replace(path)
    except OSError as error:
        raise disk_error(error) from error
    delete_part(path)
    return fetched


class _StallDetector:
    """Raises TemporaryFetchError when hardly anything arrives for a while, though each single byte comes in time."""

    def __init__(self, done: int):
        self._done, self._since = done, time.monotonic()

    def check(self, done: int) -> None:
        if done - self._done >= STALL_BYTES:
            self._done, self._since = done, time.monotonic()
        elif time.monotonic() - self._since > STALL_SECONDS:
            raise TemporaryFetchError("the file arrives too slowly")
