"""manage.py sql_reader: a database role that may read the views of docs/sql.md and nothing else."""

import os
import secrets

from django.core.management.base import BaseCommand
from django.db import connection, transaction
from psycopg2 import sql

ROLE = "portal_reader"
VIEWS = ("atlas_values", "atlas_context")


class Command(BaseCommand):
    help = f"Makes or renews the read-only role {ROLE}; its password is PORTAL_READER_PASSWORD, or a new one, printed."

    @transaction.atomic
    def handle(self, **options):
        password = os.environ.get("PORTAL_READER_PASSWORD") or secrets.token_urlsafe(18)
        role = sql.Identifier(ROLE)
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [ROLE])
            if cursor.fetchone() is None:
                cursor.execute(sql.SQL("CREATE ROLE {}").format(role))
            statements = [
                sql.SQL("ALTER ROLE {} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION PASSWORD {}").format(
                    role, sql.Literal(password)
                ),
                sql.SQL("ALTER ROLE {} SET default_transaction_read_only = on").format(role),
                sql.SQL("ALTER ROLE {} SET statement_timeout = '60s'").format(role),
                sql.SQL("GRANT CONNECT ON DATABASE {} TO {}").format(
                    sql.Identifier(connection.settings_dict["NAME"]), role
                ),
                sql.SQL("REVOKE TEMPORARY ON DATABASE {} FROM PUBLIC").format(
                    sql.Identifier(connection.settings_dict["NAME"])
                ),
                sql.SQL("GRANT USAGE ON SCHEMA public TO {}").format(role),
                *(sql.SQL("GRANT SELECT ON {} TO {}").format(sql.Identifier(view), role) for view in VIEWS),
            ]
            for statement in statements:
                cursor.execute(statement)
        host, port = connection.settings_dict["HOST"], connection.settings_dict["PORT"]
        self.stdout.write(
            f"Role {ROLE} reads {', '.join(VIEWS)} of {connection.settings_dict['NAME']} at {host}:{port}."
        )
        if not os.environ.get("PORTAL_READER_PASSWORD"):
            self.stdout.write(f"Password, shown once: {password}")
