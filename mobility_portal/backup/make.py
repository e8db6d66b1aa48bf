"""Making a backup: one snapshot of the database, the files, chosen secrets, a list with checksums, encrypted."""

import errno
import hashlib
import os
import shutil
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

from django.conf import settings
from django.db import connection
from django.utils import timezone

from mobility_portal.backup import tables
from mobility_portal.backup.archive import write_archive
from mobility_portal.backup.files import list_files, list_secrets
from mobility_portal.backup.keys import SIGNING_KEY, read_recipient, signing_key, signing_secret
from mobility_portal.backup.manifest import DUMP, SECRETS, Manifest, Member, Source
from mobility_portal.backup.models import Backup
from mobility_portal.backup.servers import Server
from mobility_portal.backup.trial import load_dump, scratch_server
from mobility_portal.embedded.home import Home
from mobility_portal.embedded.refusal import Refusal

_LOCK = (41_010, 1)  # beside those of atlas/ingest/locks.py
WORK = "backup-work"  # in MOBILITY_HOME: as private as the database itself
FULL = "The disk is full; free some space and run the backup again. Nothing was left behind."


def portal_server() -> Server:
    return Server.of_settings(connection.settings_dict)


def make_backup(
    path: Path, *, recipient: str = "", verify: bool = True, with_secrets: bool = True, is_scheduled: bool = False
) -> Backup:
    """Write `path`, which must not exist; returns the row for it, not yet saved. Raises Refusal, and leaves nothing.

    `recipient`: an age recipient, else the home's. `verify`: the dump is restored into a scratch server and compared.
    """
    begun = time.monotonic()
    home = Home(settings.MOBILITY_HOME)
    home.prepare()
    recipient = read_recipient(home, recipient)
    path = path.expanduser().absolute()
    if path.exists():
        raise Refusal(f"{path} exists already; choose another name.")
    server = portal_server()
    work = home.path / WORK
    draft = path.with_name(f"{path.name}.partial")
    try:
        with _only_one(server):
            shutil.rmtree(work, ignore_errors=True)  # of one that was killed
            work.mkdir(mode=0o700)
            try:
                manifest = _dump(server, work / DUMP)
                verified_at = _verify(work, manifest) if verify else None
                digest, manifest = _write(draft, recipient, home, work, manifest, with_secrets)
                draft.rename(path)
                _sync_folder(path.parent)
            finally:
                shutil.rmtree(work, ignore_errors=True)
                draft.unlink(missing_ok=True)
    except OSError as error:
        if error.errno == errno.ENOSPC:
            raise Refusal(FULL) from error
        raise Refusal(f"The backup cannot be written to {path.parent} ({error.strerror}).") from error
    return Backup(
        started_at=datetime.fromisoformat(manifest.made_at),
        seconds=time.monotonic() - begun,
        is_scheduled=is_scheduled,
        file_name=path.name[:200],
        size=path.stat().st_size,
        sha256=digest,
        row_count=manifest.row_count,
        table_count=len(manifest.tables),
        file_count=manifest.file_count,
        build=manifest.build[:64],
        verified_at=verified_at,
    )


@contextmanager
def _only_one(server: Server) -> Iterator[None]:
    """The lock is the session's: a killed backup leaves none behind."""
    holder = server.connect()
    try:
        holder.autocommit = True
        with holder.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", _LOCK)
            if not cursor.fetchone()[0]:
                raise Refusal("Another backup of this portal is being made; wait for it.")
        yield
    finally:
        holder.close()


def _dump(server: Server, target: Path) -> Manifest:
    """`pg_dump` and the checksums side by side, both of one snapshot."""
    reader = server.connect()
    try:
        reader.set_session(isolation_level="REPEATABLE READ", readonly=True)
        with reader.cursor() as cursor:
            cursor.execute("SELECT pg_export_snapshot(), now(), current_setting('server_version')")
            snapshot, made_at, version = cursor.fetchone()
        with ThreadPoolExecutor(1) as beside:
            dumping = beside.submit(
                server.run_tool,
                "pg_dump",
                "--format=custom",
                "--compress=gzip:1",
                "--no-owner",
                "--no-privileges",
                "--no-unlogged-table-data",
                f"--snapshot={snapshot}",
                f"--file={target}",
            )
            found = tables.checksums(reader)
            dumping.result()
        return Manifest(
            made_at=made_at.astimezone(UTC).isoformat(),
            build=str(settings.CODE_VERSION),
            postgres=version,
            migrations=tables.migrations(reader),
            members=[],
            tables=found,
            extra={"portal": settings.PORTAL_URL},
        )
    finally:
        reader.close()


def _verify(work: Path, manifest: Manifest) -> datetime:
    with scratch_server(work / "scratch") as scratch:
        load_dump(scratch, work / DUMP, manifest)
    return timezone.now()


def _write(
    draft: Path, recipient: str, home: Home, work: Path, manifest: Manifest, with_secrets: bool
) -> tuple[str, Manifest]:
    """SHA-256 of the encrypted file, which is on the disk when this returns, and the list that is in it."""
    whole = manifest

    def describe(members: list[Member]) -> tuple[bytes, bytes]:
        nonlocal whole
        whole = replace(manifest, members=members)
        content = whole.to_bytes()
        return content, signing_key(home).sign(content)

    draft.unlink(missing_ok=True)
    files: list[tuple[str, Source]] = [(DUMP, work / DUMP), *list_files(), *_secret_files(home, work, with_secrets)]
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        out = _Hashed(file)
        write_archive(out, recipient, files, describe, int(datetime.fromisoformat(manifest.made_at).timestamp()))  # type: ignore[arg-type]
        file.flush()
        os.fsync(file.fileno())
    return out.digest.hexdigest(), whole


def _secret_files(home: Home, work: Path, with_secrets: bool) -> list[tuple[str, Source]]:
    """Those of the home; the two keys as the portal uses them, which may come from the environment."""
    if not with_secrets:
        return []
    found: dict[str, Source] = dict(list_secrets(home))
    for name, text in {"secret_key": settings.SECRET_KEY, SIGNING_KEY: signing_secret(home)}.items():
        path = work / name
        path.touch(mode=0o600)
        path.write_text(text)
        found[f"{SECRETS}/{name}"] = path
    return sorted(found.items())


class _Hashed:
    """A file that knows the checksum of what was written to it."""

    def __init__(self, file: BinaryIO):
        self.file, self.digest = file, hashlib.sha256()

    def write(self, content: bytes) -> int:
        self.digest.update(content)
        return self.file.write(content)

    def flush(self) -> None:
        self.file.flush()


def _sync_folder(folder: Path) -> None:
    """The new name itself, too, must survive a power cut."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
