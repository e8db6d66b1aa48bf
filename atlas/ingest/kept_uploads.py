"""Where a source file waits for its job: a folder of this host, or the bucket if there is one.

Web and workers may run on different hosts then: what an administrator brought, or one worker fetched, goes to the
bucket, and the worker that imports it fetches it to its own disk.
"""

import logging
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import UUID, uuid4

from django.conf import settings
from django.core.files import File
from django.core.files.storage import Storage, storages

logger = logging.getLogger(__name__)

_IN_BUCKET = "bucket:"
_COPY_BYTES = 1024 * 1024
_FETCHED_SECONDS = 86_400  # no import takes a day: what is older is a killed worker's


def keep(arrived: Path, folder: Path, job_id: UUID, name: str) -> str:
    """Moves what has arrived to where its job will find it: the job's `path`.

    Two requests with one form have one job id and each its own place. Raises OSError when the disk or the bucket can't
    take it; what arrived stays then.
    """
    place = f"{job_id}-{uuid4().hex[:8]}"
    if "bucket" in settings.STORAGES:
        with arrived.open("rb") as content:
            in_bucket = storages["bucket"].save(f"uploads/{place}/{name}", File(content))
        arrived.unlink(missing_ok=True)
        return _IN_BUCKET + in_bucket
    kept = folder / place / name
    kept.parent.mkdir(mode=0o700)
    arrived.rename(kept)
    return str(kept)


def share(path: Path, place: str) -> tuple[str, bool]:
    """(a job's `path`, whether it is a copy to delete after the job) of a file that lies on this host's disk.

    Any worker may take the job: with a bucket each finds the copy there. Raises OSError when it can't take it.
    """
    if "bucket" not in settings.STORAGES:
        return str(path), False
    with path.open("rb") as content:
        return _IN_BUCKET + storages["bucket"].save(f"uploads/{place}/{path.name}", File(content)), True


@contextmanager
def local_file(kept: str) -> Iterator[Path]:
    """A job's file on this host's disk while the job runs. Raises OSError when the bucket can't give it."""
    bucket = _bucket_of(kept)
    if bucket is None:
        yield Path(kept)
        return
    name = _name(kept)
    _forget_fetched(time.time() - _FETCHED_SECONDS)
    path = _fetched() / name
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        with bucket.open(name, "rb") as content, path.open("wb") as copy:
            shutil.copyfileobj(content, copy, _COPY_BYTES)
        yield path
    finally:
        shutil.rmtree(path.parent, ignore_errors=True)


def forget(kept: str) -> None:
    """Deletes an upload: what it held is in the database, or was refused."""
    bucket = _bucket_of(kept)
    if bucket is None:
        shutil.rmtree(Path(kept).parent, ignore_errors=True)
        return
    try:
        bucket.delete(_name(kept))
    except OSError:
        # The job's outcome stands whatever the bucket does; its own rule for old uploads takes the file later.
        logger.warning("An upload stays in the bucket: %s", _name(kept))


def _bucket_of(kept: str) -> Storage | None:
    return storages["bucket"] if kept.startswith(_IN_BUCKET) else None


def _name(kept: str) -> str:
    return kept.removeprefix(_IN_BUCKET)


def _fetched() -> Path:
    return settings.UPLOAD_DIR / "fetched"


def _forget_fetched(before: float) -> None:
    for place in _fetched().glob("uploads/*"):
        if place.stat().st_mtime < before:
            shutil.rmtree(place, ignore_errors=True)
