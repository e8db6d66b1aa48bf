"""Files from the first address that gives them; each tried again while trying again can help."""

import fcntl
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import requests

from atlas.fetching.addresses import candidate_addresses, origin, parse_address
from atlas.fetching.download_records import DownloadRecord, part_path
from atlas.fetching.errors import FetchError, TemporaryFetchError, disk_error
from atlas.fetching.reachability import Origin, reachable_origins
from atlas.fetching.session import new_session
from atlas.fetching.transfer import Progress, transfer
from atlas.sources.downloads import Download

ATTEMPTS = 4  # at one address in a row that bring less than PROGRESS_BYTES
MAX_ATTEMPTS = 30  # at one address in all
PROGRESS_BYTES = 1_000_000
FIRST_PAUSE_SECONDS = 0.5  # doubles with every failure
FileProgress = Callable[[Download, int, int | None], None]
_NOTHING_ANSWERS = "no address of it answers"


@dataclass(frozen=True)
class FetchResult:
    """How one file fared: fetched, unchanged (the server says so), or failed with a reason."""

    name: str
    file_name: str
    outcome: str
    address: str = ""
    size: int = 0
    sha256: str = ""
    reason: str = ""

    @property
    def succeeded(self) -> bool:
        return self.outcome != "failed"

    def sentence(self) -> str:
        """One line for a person."""
        if self.outcome == "failed":
            return f"could not be fetched: {self.reason}"
        host = parse_address(self.address).hostname
        size = f"{self.size:,} bytes"
        return f"unchanged at {host}, {size}" if self.outcome == "unchanged" else f"fetched from {host}, {size}"


def fetch_all(
    downloads: tuple[Download, ...],
    folder: Path,
    mirrors: tuple[str, ...] = (),
    progress: FileProgress = lambda download, done, total: None,
    pause: Callable[[float], None] = time.sleep,
) -> Iterator[FetchResult]:
    """Each file as it ends, in the order given. Nothing reachable is decided within five seconds.

    Raises FetchError for a mirror that is no address, DiskFullError when the disk is. `pause` takes seconds.
    """
    addresses = {download.name: candidate_addresses(download, mirrors) for download in downloads}
    answering = reachable_origins(address for found in addresses.values() for address in found)
    if not answering:
        for download in downloads:
            yield FetchResult(download.name, download.file_name, "failed", reason=_NOTHING_ANSWERS)
        return
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise disk_error(error) from error
    with _folder_lock(folder):
        session = new_session()
        try:
            for download in downloads:
                yield _fetch(session, download, addresses[download.name], answering, folder, progress, pause)
        finally:
            session.close()


def _fetch(
    session: requests.Session,
    download: Download,
    addresses: tuple[str, ...],
    answering: frozenset[Origin],
    folder: Path,
    progress: FileProgress,
    pause: Callable[[float], None],
) -> FetchResult:
    path, reason = folder / download.file_name, _NOTHING_ANSWERS
    for address in (a for a in addresses if origin(a) in answering):
        try:
            record, is_new = _transfer_with_retries(
                session, download, address, path, lambda done, total: progress(download, done, total), pause
            )
        except FetchError as problem:
            reason = f"{parse_address(address).hostname}: {problem}"
            continue
        outcome = "fetched" if is_new else "unchanged"
        return FetchResult(download.name, download.file_name, outcome, address, record.size, record.sha256)
    return FetchResult(download.name, download.file_name, "failed", reason=reason)


def _transfer_with_retries(
    session: requests.Session,
    download: Download,
    address: str,
    path: Path,
    progress: Progress,
    pause: Callable[[float], None],
) -> tuple[DownloadRecord, bool]:
    """`transfer`, again after a pause while it may help; an attempt that brought much starts the count again."""
    failures = 0
    for attempt in range(1, MAX_ATTEMPTS + 1):
        before = _bytes_received(path)
        try:
            return transfer(session, download, address, path, progress)
        except TemporaryFetchError:
            failures = 1 if _bytes_received(path) - before > PROGRESS_BYTES else failures + 1
            if failures >= ATTEMPTS or attempt == MAX_ATTEMPTS:
                raise
            pause(FIRST_PAUSE_SECONDS * 2 ** (failures - 1))
    raise AssertionError("the last attempt raises")


def _bytes_received(path: Path) -> int:
    part = part_path(path)
    return part.stat().st_size if part.is_file() else 0


@contextmanager
def _folder_lock(folder: Path) -> Iterator[None]:
    """One fetch at a time in a folder: a second one waits, then finds the files there."""
    try:
        lock = (folder / ".lock").open("w")
    except OSError as error:
        raise disk_error(error) from error
    with lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
