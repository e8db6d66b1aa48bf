"""A private Postgres in the home: made once, started on a free loopback port, stopped without loss."""

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import psycopg2

from mobility_portal.embedded.binaries import find_postgres, major_version
from mobility_portal.embedded.home import Home
from mobility_portal.embedded.processes import (
    Identity,
    choose_identity,
    choose_port,
    clean_environment,
    die_with_parent,
    is_alive,
    last_line,
    open_log,
    reach,
    stop,
    works_in,
)
from mobility_portal.embedded.refusal import Refusal

ROLE = DATABASE = "portal"
START_PATIENCE = 60.0  # seconds; recovery after a crash replays the log first

SETTINGS = {
    "listen_addresses": "127.0.0.1",
    # Sockets would need a folder other users can see, and a short path: loopback with a password does.
    "unix_socket_directories": "",
    # Web, workers and beat take about twenty; tests in which fifty people write at once take one each.
    "max_connections": "200",
    "shared_buffers": "192MB",
    "work_mem": "16MB",
    "maintenance_work_mem": "128MB",
    # Imports write in bursts of some hundred MB: fewer, smoother checkpoints.
    "max_wal_size": "2GB",
    "checkpoint_timeout": "10min",
    "wal_compression": "on",
    # After a crash every file is written through first: one call for the file system instead of one for each file.
    **({"recovery_init_sync_method": "syncfs"} if sys.platform == "linux" else {}),
    # Our queries take milliseconds; compiling them takes longer.
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    # No statement and no value of a row in the log: what is wrong is said without them.
    "log_error_verbosity": "terse",
    "log_min_error_statement": "panic",
}
# For throw-away homes of tests only: a power cut would lose the cluster.
NOT_DURABLE = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
}


def url(home: Home, port: int) -> str:
    return f"postgres://{ROLE}:{home.secret('postgres_password')}@127.0.0.1:{port}/{DATABASE}"


def answers(home: Home, known: dict | None) -> bool:
    """Whether the server in the state file is ours (by its working folder) and really answers."""
    if not known or not works_in(known["pid"], home.postgres / "data"):
        return False
    try:
        psycopg2.connect(url(home, known["port"]), connect_timeout=5).close()
    except psycopg2.OperationalError:
        return False
    return True


def start(home: Home, port_of_last_time: int | None, durable: bool = True) -> dict:
    """Start the server, making its cluster first when there is none; returns its {"pid", "port"}.

    The caller holds the start lock of the home.
    """
    identity = choose_identity(home.postgres)
    choice = home.run / "postgres_bin"
    binaries = find_postgres(identity, Path(choice.read_text()) if choice.exists() else None)
    home.postgres.mkdir(mode=0o700, exist_ok=True)
    identity.own(home.postgres)
    data = home.postgres / "data"
    if not data.exists():
        _make_cluster(home, binaries, identity, durable)
    _check_version(data, binaries)
    if os.environ.get("POSTGRES_BIN"):
        choice.write_text(str(binaries))  # later starts find it without the variable
    _clear_the_way(data)
    deadline = time.monotonic() + START_PATIENCE
    while True:
        known = _launch(home, binaries, identity, choose_port(port_of_last_time), durable, deadline)
        if known:
            _make_database(home, known["port"])
            return known
        # The port was taken in between, or processes of a killed server still hold its memory for a moment.
        port_of_last_time = None
        if time.monotonic() > deadline:
            reason = last_line(home.log / "postgres.log", ("FATAL", "PANIC", "ERROR"))
            raise Refusal(f"Postgres does not start: {reason}; see {home.log / 'postgres.log'}.")
        time.sleep(0.5)


def shut_down(home: Home, known: dict | None) -> None:
    """Fast shutdown: ends sessions, writes a checkpoint, loses nothing."""
    if known:
        stop(known["pid"], home.postgres / "data", signal.SIGINT, patience=8.0)


def _make_cluster(home: Home, binaries: Path, identity: Identity, durable: bool) -> None:
    """initdb beside the final name, then rename: an interrupted initdb leaves nothing that looks like data."""
    draft, password = home.postgres / "data.draft", home.postgres / "password"
    shutil.rmtree(draft, ignore_errors=True)
    password.touch(mode=0o600)
    identity.own(password)
    password.write_text(home.secret("postgres_password"))
    # The built-in provider sorts alike on every machine; servers before 17 know only the C locale.
    locale = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"] if major_version(binaries) >= 17 else []
    try:
        with reach(home.postgres) as (folder, descriptors):
            result = subprocess.run(  # noqa: S603 - our own words, no shell
                [
                    binaries / "initdb",
                    f"--pgdata={folder}/data.draft",
                    f"--username={ROLE}",
                    f"--pwfile={folder}/password",
                    "--auth=scram-sha-256",
                    "--encoding=UTF8",
                    "--locale=C",
                    *locale,
                    *([] if durable else ["--no-sync"]),
                ],
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                env=clean_environment(),
                cwd="/",
                pass_fds=descriptors,
                preexec_fn=die_with_parent(),
                **identity.popen_arguments(),
            )
    finally:
        password.unlink()
    if result.returncode:
        shutil.rmtree(draft, ignore_errors=True)
        lines = [line for line in result.stderr.splitlines() if "error" in line.lower()] or ["no message"]
        if "No space left" in result.stderr:
            raise Refusal(f"The disk of {home.path} is full; free some space or set MOBILITY_HOME to another disk.")
        raise Refusal(f"The database cannot be made in {home.postgres}: {lines[-1].strip()}.")
    draft.rename(home.postgres / "data")


def _check_version(data: Path, binaries: Path) -> None:
    version_file = data / "PG_VERSION"
    theirs = version_file.read_text().strip() if version_file.exists() else "an unknown version"
    ours = str(major_version(binaries))
    if theirs != ours:
        raise Refusal(
            f"The database in {data} was made by Postgres {theirs} and this is Postgres {ours}: name the programs of "
            f"Postgres {theirs} with POSTGRES_BIN, or dump the database with them and restore it here, or set "
            "MOBILITY_HOME to another folder."
        )


def _clear_the_way(data: Path) -> None:
    """Stop a server of this folder that the state file lost, or remove the pid file a killed one left behind.

    Postgres itself forgives a stale file only while no process of its user has the pid again.
    """
    pid_file = data / "postmaster.pid"
    if not pid_file.exists():
        return
    first = pid_file.read_text().partition("\n")[0].strip()
    if first.isdigit() and works_in(int(first), data):
        stop(int(first), data, signal.SIGINT, patience=8.0)
    pid_file.unlink(missing_ok=True)


def _launch(home: Home, binaries: Path, identity: Identity, port: int, durable: bool, deadline: float) -> dict | None:
    """One try: {"pid", "port"} once the server answers, None when it gave up by itself."""
    settings = {**SETTINGS, **({} if durable else NOT_DURABLE), "port": str(port)}
    log = home.log / "postgres.log"
    with reach(home.postgres) as (folder, descriptors), open_log(log) as output:
        process = subprocess.Popen(  # noqa: S603 - our own words, no shell
            [binaries / "postgres", "-D", f"{folder}/data", *(f"--{name}={value}" for name, value in settings.items())],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            env=clean_environment(),
            cwd="/",
            pass_fds=descriptors,
            start_new_session=True,
            **identity.popen_arguments(),
        )
    # Known before it is ready: whoever comes after a crash of this process can stop it.
    state = home.read_state()
    home.write_state({**state, "postgres": {"pid": process.pid, "port": port}})
    while process.poll() is None:
        try:
            psycopg2.connect(
                host="127.0.0.1",
                port=port,
                user=ROLE,
                password=home.secret("postgres_password"),
                dbname="postgres",
                connect_timeout=5,
            ).close()
            # The server outlives this object on purpose; without this Python warns about a running child.
            process.returncode = 0
            return {"pid": process.pid, "port": port}
        except psycopg2.OperationalError as error:
            if "password authentication failed" in str(error) and is_alive(process.pid):
                shut_down(home, {"pid": process.pid, "port": port})
                raise Refusal(
                    f"The database in {home.postgres} does not accept the password in {home.secrets}: both belong to "
                    "the same MOBILITY_HOME, restore them together."
                ) from error
        if time.monotonic() > deadline:
            os.kill(process.pid, signal.SIGQUIT)
            process.wait()
        time.sleep(0.02)
    return None


def _make_database(home: Home, port: int) -> None:
    connection = psycopg2.connect(
        host="127.0.0.1", port=port, user=ROLE, password=home.secret("postgres_password"), dbname="postgres"
    )
    try:
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE])
            if cursor.fetchone() is None:
                cursor.execute(f"CREATE DATABASE {DATABASE}")
    finally:
        connection.close()
