"""A dump restored and compared: into the database of a restore, or into a scratch server that goes away again."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from mobility_portal.backup import tables
from mobility_portal.backup.manifest import Manifest, differing_tables
from mobility_portal.backup.servers import Server
from mobility_portal.embedded import postgres
from mobility_portal.embedded.home import Home
from mobility_portal.embedded.refusal import Refusal
from mobility_portal.embedded.services import ensure


@contextmanager
def scratch_server(folder: Path) -> Iterator[Server]:
    """An empty database of the bundled Postgres in `folder`, which is deleted afterward. Raises Refusal."""
    home = Home(folder)
    services = ensure(home, frozenset({"postgres"}), durable=False)
    try:
        yield Server.of_url(postgres.url(home, services.servers["postgres"]["port"]))
    finally:
        services.release()
        shutil.rmtree(folder, ignore_errors=True)


def load_dump(server: Server, dump: Path, manifest: Manifest) -> None:
    """Into an empty database; every table is compared with the list. Raises Refusal."""
    server.run_tool(
        "pg_restore",
        "--no-owner",
        "--no-privileges",  # the SQL role is the server's: `manage.py sql_reader` gives it its rights again
        "--no-comments",  # on extensions, which managed servers refuse
        "--exit-on-error",
        "--jobs=2",
        f"--dbname={server.database}",
        dump,
    )
    connection = server.connect()
    try:
        connection.set_session(isolation_level="REPEATABLE READ", readonly=True)
        differing = differing_tables(manifest.tables, tables.checksums(connection))
    finally:
        connection.close()
    if differing:
        more = f" and {len(differing) - 3} more" if len(differing) > 3 else ""
        raise Refusal(f"What was restored is not what was saved: {', '.join(differing[:3])}{more} differ.")
