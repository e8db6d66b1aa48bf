"""The database of the release before comes forward, is read by every role, and goes back; the old code could stay.

`previous_release.sql.xz` is made by scripts/dump_release.py at each release. What migrations may do is looked at in the
database itself, whatever they were written with: they add; what they take away waits until no release uses it.
"""

import lzma
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.test import Client

from engagements.models import Engagement, User
from mobility_portal.backup import tables
from mobility_portal.backup.make import portal_server
from mobility_portal.backup.manifest import Table
from mobility_portal.backup.servers import Server, find_tools
from mobility_portal.embedded.processes import clean_environment

pytestmark = pytest.mark.django_db(transaction=True)
DUMP = Path(__file__).parent / "previous_release.sql.xz"
ACCOUNTS = ("lead", "adviser", "expert", "staff.detroit", "partner.detroit", "funder")
# What was taken away or made stricter on purpose, with the release in which nothing used it any more.
EXCEPTIONS: dict[str, str] = {}
_COLUMNS = """
    SELECT c.table_name, c.column_name, c.udt_name, c.is_nullable = 'YES',
           c.column_default IS NOT NULL OR c.is_identity = 'YES' OR c.is_generated = 'ALWAYS'
    FROM information_schema.columns c WHERE c.table_schema = 'public'
"""


@dataclass(frozen=True)
class Column:
    kind: str
    may_be_null: bool
    has_default: bool


Schema = dict[tuple[str, str], Column]


def run(server: Server, statement: str) -> list[tuple]:
    opened = server.connect()
    try:
        opened.autocommit = True
        with opened.cursor() as cursor:
            cursor.execute(statement)
            return cursor.fetchall() if cursor.description else []
    finally:
        opened.close()


def schema_of(server: Server) -> Schema:
    return {(table, name): Column(*rest) for table, name, *rest in run(server, _COLUMNS)}


def contents_of(server: Server) -> list[Table]:
    opened = server.connect()
    try:
        return tables.checksums(opened)
    finally:
        opened.close()


@pytest.fixture
def previous() -> Iterator[Server]:
    """The portal's connection on the database of the release before, beside the test's own."""
    ours = portal_server()
    server = ours.named(f"{ours.database}_previous")
    maintenance = ours.named("postgres")
    run(maintenance, f'DROP DATABASE IF EXISTS "{server.database}"')
    run(maintenance, f'CREATE DATABASE "{server.database}" TEMPLATE template0')
    major = run(ours, "SHOW server_version_num")[0][0][:2]
    variables = {f"PG{name.upper()}": value for name, value in server.parameters.items() if name != "dbname"}
    subprocess.run(
        [find_tools(int(major)) / "psql", "--quiet", "--no-psqlrc", "--set=ON_ERROR_STOP=1", "--output=/dev/null"],
        input=lzma.decompress(DUMP.read_bytes()),
        env={**clean_environment(), **variables, "PGDATABASE": server.database},
        check=True,
    )
    connection.close()
    connection.settings_dict["NAME"] = server.database
    ContentType.objects.clear_cache()
    try:
        yield server
    finally:
        connection.close()
        connection.settings_dict["NAME"] = ours.database
        ContentType.objects.clear_cache()
        run(maintenance, f'DROP DATABASE "{server.database}" WITH (FORCE)')


def test_the_release_before_comes_forward_is_read_by_every_role_and_goes_back(previous: Server):
    before = schema_of(previous)
    was = {table.name: table.rows for table in contents_of(previous)}
    with connection.cursor() as cursor:
        cursor.execute("SELECT app, name FROM django_migrations")
        applied = set(cursor.fetchall())
    call_command("migrate", verbosity=0)

    assert refused(before, schema_of(previous)) == {}
    now = {table.name: table.rows for table in contents_of(previous)}
    assert {name for name in was if now[name] < was[name]} == set()  # nothing was lost on the way

    slug = Engagement.objects.get(city__slug="detroit", is_fictional=True).slug
    for name in ACCOUNTS:
        client = Client()
        client.force_login(User.objects.get(email=f"{name}@demo.example"))
        for address in ("/", "/cities/", "/evidence/", f"/engagements/{slug}/"):
            assert client.get(address, follow=True).status_code == 200, (name, address)
    assert Client().get("/").status_code == 200

    graph = MigrationLoader(connection).graph
    leaves = {app: [key for key in graph.nodes if key in applied and key[0] == app] for app, _ in graph.leaf_nodes()}
    for app, keys in leaves.items():
        known = set(keys)
        last = [key for key in keys if not any(child.key in known for child in graph.node_map[key].children)]
        call_command("migrate", app, last[0][1] if last else "zero", verbosity=0)
    assert schema_of(previous).keys() == before.keys()


def refused(before: Schema, after: Schema) -> dict[str, str]:
    """Column -> why the release before could not run on this database any more."""
    old_tables = {table for table, _ in before}
    found = {}
    for (table, name), column in before.items():
        now = after.get((table, name))
        if now is None:
            found[f"{table}.{name}"] = "is gone"
        elif now.kind != column.kind:
            found[f"{table}.{name}"] = f"was {column.kind} and is {now.kind}"
        elif column.may_be_null and not now.may_be_null:
            found[f"{table}.{name}"] = "may not be empty any more"
    for (table, name), column in after.items():
        is_new = table in old_tables and (table, name) not in before
        if is_new and not column.may_be_null and not column.has_default:
            found[f"{table}.{name}"] = "is new, must be filled and has no default in the database (db_default)"
    return {name: why for name, why in found.items() if name not in EXCEPTIONS}


def test_what_a_release_may_not_do_is_found():
    text, needed = Column("text", True, False), Column("text", False, False)
    before: Schema = {("a", "x"): text, ("a", "y"): text, ("b", "z"): text}
    assert refused(before, before) == {}
    assert refused(before, before | {("a", "new"): text, ("a", "with"): Column("text", False, True)}) == {}
    assert refused(before, before | {("c", "of a new table"): needed}) == {}
    assert refused(before, before | {("a", "new"): needed}).keys() == {"a.new"}
    assert refused(before, before | {("a", "x"): needed}).keys() == {"a.x"}
    assert refused(before, before | {("a", "x"): Column("int8", True, False)}).keys() == {"a.x"}
    assert refused(before, {("a", "x"): text, ("b", "z"): text}).keys() == {"a.y"}
