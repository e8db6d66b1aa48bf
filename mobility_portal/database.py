"""The tables and the public record, as every start and every command needs them."""

from django.core.management import call_command, get_commands
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from atlas.models.name_search import enable_name_search

MIGRATION_LOCK = 20100614  # any fixed number; two starts on one database migrate one after the other


def migrate_and_seed() -> None:
    """Bring the database up to date, then add what is missing of the public record."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [MIGRATION_LOCK])
        try:
            if needs_migration():
                call_command("migrate", interactive=False, verbosity=0)
            if refused := enable_name_search(connection):
                print(refused, flush=True)
            if "seed" in get_commands():
                call_command("seed")
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [MIGRATION_LOCK])


def needs_migration() -> bool:
    """Whether migrations wait, as in a home where the portal never ran."""
    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))
