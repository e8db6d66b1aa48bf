"""A Postgres server and the tools of its own version. Knows nothing of Django."""

import os
import re
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg2
from psycopg2.extensions import parse_dsn

from mobility_portal.embedded.binaries import find_bundled_postgres
from mobility_portal.embedded.processes import clean_environment, die_with_parent
from mobility_portal.embedded.refusal import Refusal

# libpq's name -> the variable its programs read: a password among the arguments would show in the process list.
_VARIABLES = {
    "host": "PGHOST",
    "port": "PGPORT",
    "user": "PGUSER",
    "password": "PGPASSWORD",
    "dbname": "PGDATABASE",
    "sslmode": "PGSSLMODE",
    "sslrootcert": "PGSSLROOTCERT",
    "sslcert": "PGSSLCERT",
    "sslkey": "PGSSLKEY",
}


@dataclass(frozen=True)
class Server:
    """A database of a server, by libpq's parameters."""

    parameters: Mapping[str, str]

    @classmethod
    def of_url(cls, url: str) -> "Server":
        return cls._of(parse_dsn(url))

    @classmethod
    def of_settings(cls, settings: Mapping[str, Any]) -> "Server":
        """`settings`: an entry of Django's DATABASES. Its time limits for statements are the web's and not taken."""
        named = {name: settings.get(name.upper()) for name in ("host", "port", "user", "password")}
        return cls._of({**(settings.get("OPTIONS") or {}), **named, "dbname": settings["NAME"]})

    @classmethod
    def _of(cls, given: Mapping[str, Any]) -> "Server":
        return cls({name: str(given[name]) for name in _VARIABLES if given.get(name)})

    def named(self, database: str) -> "Server":
        """Another database of the same server."""
        return Server({**self.parameters, "dbname": database})

    @property
    def database(self) -> str:
        return self.parameters["dbname"]

    def connect(self) -> Any:
        """A psycopg2 connection. Raises Refusal when nobody answers."""
        try:
            return psycopg2.connect(**self.parameters, connect_timeout=10, application_name="backup")
        except psycopg2.OperationalError as error:
            reason = " ".join(str(error).split()) or "no reason given"
            raise Refusal(f"The database does not answer: {reason}.") from error

    def run_tool(self, name: str, *arguments: str | Path) -> None:
        """`pg_dump` or `pg_restore` of the server's major version. Raises Refusal with what it said."""
        with self.connect() as connection:
            major = connection.server_version // 10000
        connection.close()
        result = subprocess.run(  # noqa: S603 - a program of Postgres, our own arguments
            [find_tools(major) / name, *map(str, arguments)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            errors="replace",
            cwd="/",
            env={**clean_environment(), **{_VARIABLES[key]: value for key, value in self.parameters.items()}},
            preexec_fn=die_with_parent(),
        )
        if result.returncode:
            raise Refusal(_explain(name, result.stderr))


def find_tools(major: int) -> Path:
    """The folder with `pg_dump` and `pg_restore` of this major version. Raises Refusal.

    Only the same version is sound both ways: an older `pg_dump` refuses a newer server, and what a newer one writes
    an older server may not take back.
    """
    on_path = shutil.which("pg_dump")
    folders = [
        Path(os.environ["POSTGRES_BIN"]) if os.environ.get("POSTGRES_BIN") else None,
        find_bundled_postgres(),
        Path(f"/usr/lib/postgresql/{major}/bin"),
        Path(on_path).resolve().parent if on_path else None,
        Path(on_path).parent if on_path else None,
    ]
    for folder in folders:
        if folder and _major(folder / "pg_dump") == major and (folder / "pg_restore").exists():
            return folder
    raise Refusal(
        f"The database is Postgres {major} and this machine has no pg_dump {major}: install postgresql-client-{major}, "
        "and run the command again."
    )


def _major(program: Path) -> int | None:
    try:
        result = subprocess.run([program, "--version"], capture_output=True, text=True, env=clean_environment())  # noqa: S603 - a program of Postgres
    except OSError:
        return None
    found = re.search(r"\) (\d+)", result.stdout)
    return int(found.group(1)) if found and result.returncode == 0 else None


def _explain(name: str, output: str) -> str:
    if "No space left" in output or "could not extend file" in output:
        return "The disk is full; free some space and run the command again. Nothing was left behind."
    lines = [line.strip() for line in output.splitlines() if "error" in line.lower()] or output.splitlines()[-1:]
    return f"{name} stopped: {(lines or ['it gave no reason'])[0][:300]}"
