"""Restoring a backup: everything is checked before anything is touched, and what was there is kept aside."""

import errno
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from uuid import UUID

import psycopg2
import redis
from django.conf import settings
from django.db import connection, connections
from django.db.migrations.loader import MigrationLoader
from django.utils import timezone
from psycopg2 import sql

from engagements.pilots.actions.deletion import delete_due
from engagements.security_log.actions.recording import Kind, record_security_event
from mobility_portal.backup import tables
from mobility_portal.backup.archive import read_archive
from mobility_portal.backup.erasures import FILE_NAME, Entry, read_lines, replay
from mobility_portal.backup.files import Placement, full_folders
from mobility_portal.backup.keys import Identity
from mobility_portal.backup.make import portal_server
from mobility_portal.backup.manifest import DUMP, Manifest
from mobility_portal.backup.servers import Server
from mobility_portal.backup.trial import load_dump
from mobility_portal.database import migrate_and_seed, needs_migration
from mobility_portal.embedded.home import Home
from mobility_portal.embedded.refusal import Refusal

WORK = "restore-work"  # in MOBILITY_HOME
FULL = "The disk is full; free some space and restore again. What was there before is as it was."


@dataclass
class Restored:
    manifest: Manifest
    erased: int = 0
    not_erased: list[Entry] = field(default_factory=list)
    is_migrated: bool = False
    old_database: str = ""  # with `replace`: its name now
    key_differs: bool = False  # SECRET_KEY of the environment is not the one in the backup


def restore_backup(
    path: Path,
    identity: Identity,
    *,
    replace: bool = False,
    with_secrets: bool = True,
    trust_unsigned: bool = False,
    erasures: Path | None = None,
    say: Callable[[str], None] = lambda line: None,
) -> Restored:
    """Into the database and the folders of the settings. Raises Refusal; then nothing has changed.

    `replace`: what is there moves aside, the database under another name. `erasures`: the list beside the backups.
    """
    path = path.expanduser().absolute()
    home = Home(settings.MOBILITY_HOME)
    home.prepare()
    server = portal_server()
    stamp = timezone.now().strftime("%Y%m%dt%H%M%S")
    connections.close_all()
    is_empty = _look_at(server, replace)
    listed = read_lines(erasures or path.parent / FILE_NAME)
    try:
        with _work_folder(home) as work:
            say("Decrypting and checking every file.")
            manifest = read_archive(path, identity, work, trust_unsigned=trust_unsigned)
            _refuse_newer(manifest)
            with _target(server, is_empty, stamp) as target:
                say(f"Restoring {len(manifest.tables)} tables with {manifest.row_count:,} rows, and comparing each.")
                load_dump(target, work / DUMP, manifest)
                if not is_empty:
                    listed += _listed_in(server)
                placement = Placement(work, home, stamp)
                placement.place(with_secrets=with_secrets)
                try:
                    old = "" if is_empty else _swap(server, target, stamp)
                except BaseException:
                    placement.undo()
                    raise
    except OSError as error:
        if error.errno == errno.ENOSPC:
            raise Refusal(FULL) from error
        raise
    restored = Restored(manifest, old_database=old, key_differs=_take_over_key(home, manifest, with_secrets))
    _forget_sessions_and_cache()
    if needs_migration():
        say("Migrating: the backup was made by an older release.")
        migrate_and_seed()
        restored.is_migrated = True
    restored.erased, restored.not_erased = _erase_again(listed, datetime.fromisoformat(manifest.made_at))
    record_security_event(
        Kind.BACKUP_RESTORED,
        detail={
            "made_at": manifest.made_at,
            "rows": manifest.row_count,
            "erased": restored.erased,
            "replaced": bool(old),
        },
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return restored


def _look_at(server: Server, replace: bool) -> bool:
    """Whether the database is empty. Raises Refusal when the portal runs or something is in the way."""
    with server.connect() as reader, reader.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
            " AND backend_type = 'client backend'"
        )
        if cursor.fetchone()[0]:
            raise Refusal("The database is in use: stop the portal, its workers and beat, then restore.")
        is_empty = tables.is_empty(reader)
    reader.close()
    full = full_folders()
    if replace or (is_empty and not full):
        return is_empty
    where = "The database" if not is_empty else str(full[0])
    raise Refusal(
        f"{where} is not empty. Restore into a new folder with --into, or use --replace: what is there moves aside."
    )


@contextmanager
def _work_folder(home: Home) -> Iterator[Path]:
    work = home.path / WORK
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(mode=0o700)
    try:
        yield work
    finally:
        shutil.rmtree(work, ignore_errors=True)


def _refuse_newer(manifest: Manifest) -> None:
    """A database that knows migrations this code does not know can't be served by it."""
    known = MigrationLoader(None).disk_migrations
    assert known is not None, "read from the disk when the loader was made"
    ours = {app for app, _ in known}
    for app, names in manifest.migrations.items():
        newer = [name for name in names if app in ours and (app, name) not in known and not _is_squashed(name)]
        if newer:
            raise Refusal(
                f"This backup was made by a newer portal (its database has the migration {app} {newer[-1]}): "
                "restore it with that release or a later one."
            )


def _is_squashed(name: str) -> bool:
    return "_squashed_" in name


@contextmanager
def _target(server: Server, is_empty: bool, stamp: str) -> Iterator[Server]:
    """The empty database itself, or a new one beside the old; emptied or dropped again when something fails."""
    if is_empty:
        try:
            yield server
        except BaseException:
            _run(server, sql.SQL("DROP SCHEMA public CASCADE"), sql.SQL("CREATE SCHEMA public"))
            raise
        return
    name = f"{server.database[:30]}_restoring_{stamp}"
    try:
        _run(server, sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(sql.Identifier(name)))
    except psycopg2.errors.InsufficientPrivilege as error:
        raise Refusal(
            "The portal's account may not create a database: make an empty one, name it in DATABASE_URL and restore "
            "without --replace."
        ) from error
    try:
        yield server.named(name)
    except BaseException:
        _run(server, sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
        raise


def _run(server: Server, *statements: sql.Composable) -> None:
    opened = server.connect()
    try:
        opened.autocommit = True
        with opened.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)
    finally:
        opened.close()


def _listed_in(server: Server) -> list[Entry]:
    """Erasures that the database to be replaced knows."""
    with server.connect() as reader, reader.cursor() as cursor:
        cursor.execute("SELECT to_regclass('public.mobility_portal_erasure') IS NOT NULL")
        if not cursor.fetchone()[0]:
            return []
        cursor.execute("SELECT id::uuid, model, object_id, at FROM mobility_portal_erasure")
        return [Entry(UUID(str(pk)), model, object_id, at) for pk, model, object_id, at in cursor.fetchall()]


def _swap(server: Server, target: Server, stamp: str) -> str:
    """The restored database gets the name; returns the one the old has now. Both renames or none."""
    old = f"{server.database[:30]}_before_restore_{stamp}"
    rename = sql.SQL("ALTER DATABASE {} RENAME TO {}")
    ours, beside, aside = map(sql.Identifier, (server.database, target.database, old))
    maintenance = server.named("postgres")
    _run(maintenance, rename.format(ours, aside))
    try:
        _run(maintenance, rename.format(beside, ours))
    except BaseException:
        _run(maintenance, rename.format(aside, ours))
        raise
    return old


def _take_over_key(home: Home, manifest: Manifest, with_secrets: bool) -> bool:
    """From here on this process, too, uses the restored SECRET_KEY; whether the environment names another."""
    if not with_secrets or "secret_key" not in manifest.secrets:
        return False
    restored = home.secret("secret_key")
    differs = settings.SECRET_KEY != restored and os.environ.get("PORTAL_KEY_OF_HOME") != "1"
    settings.SECRET_KEY = restored
    return differs


def _erase_again(listed: list[Entry], since: datetime) -> tuple[int, list[Entry]]:
    """As `replay`; and data of pilots whose day came since the backup, which beat would find only that night."""
    done = replay(listed, since)
    delete_due(now=timezone.now())
    return done


def _forget_sessions_and_cache() -> None:
    """Everybody signs in again: a session that was ended since must not come back. Nothing cached, nothing queued."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_session")
    try:
        redis.Redis.from_url(settings.REDIS_URL, socket_connect_timeout=5, socket_timeout=30).flushdb()
    except redis.RedisError as error:
        raise Refusal(
            "Everything is restored, but the broker does not answer: empty it (FLUSHDB) before the portal starts, or "
            "pages of the time before may be shown."
        ) from error
