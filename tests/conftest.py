"""For every test: private servers in a throw-away home, no network beyond this machine.

The first process starts the servers and its xdist workers inherit their addresses; with
DATABASE_URL and REDIS_URL set, those servers are used instead. The home disappears afterward.
"""

import gc
import os
import shutil
import socket
import sys
import tempfile
from pathlib import Path

import pytest
from django.conf import settings
from xdist.scheduler import LoadFileScheduling

from mobility_portal.embedded import Refusal, environment
from tests import properties  # noqa: F401 - registers the profiles before a test module is read

# Their files are started first: a long one that is begun last would leave the other process without work.
_LONGEST = (
    "tests/runtime/test_up.py",
    "tests/real/",
    "tests/runtime/",
    "tests/browser/",
    "tests/engagements/access/test_every_page.py",
    "tests/test_addresses.py",
    "tests/dashboards/plans/test_pages.py",
    "tests/engagements/home/test_pages.py",
    "tests/engagements/indicators/test_pages.py",
    "tests/engagements/milestones/test_api.py",
    "tests/atlas/ingest/",
)
_TOGETHER = ("tests/real/atlas/",)
_LOOPBACK = ("127.", "::1", "localhost", "10.77.")  # 10.77: bridges of tests/deploy/hosts.py, on this machine only
_real_connect = socket.socket.connect
_homes: list[Path] = []

pytest_plugins = ["tests.time_limit"]

# The tests start some fifty processes of the portal: without compiled modules each would compile all of them again.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False

# At import, not in a hook: pytest-django sets Django up as soon as it finds settings.
os.environ["DJANGO_SETTINGS_MODULE"] = "mobility_portal.settings"
os.environ["STATIC_FROM_SOURCE"] = "1"
if not os.environ.get("PYTEST_XDIST_WORKER"):
    _homes.append(Path(tempfile.mkdtemp(prefix="mobility-tests-")))
    os.environ["MOBILITY_HOME"] = str(_homes[0])
    try:
        environment.bootstrap(durable=False)
    except Refusal as refusal:
        pytest.exit(str(refusal), returncode=2)


_CACHES, _BROKERS = range(1, 8), range(8, 15)  # databases of a Redis, which has 16


def own_databases(worker: str) -> None:
    """Each process has a database of Redis of its own for its cache, and one for its queues and notes.

    Clearing one must not forget what another process counts, and what one waits for must not be taken by another.

    Set in the settings too, not in the environment alone: a worker inherits the name of the settings and has read them.
    """
    turn = int(worker.removeprefix("gw"))
    if turn >= len(_CACHES):
        pytest.exit(
            f"At most {len(_CACHES)} processes: -n {len(_CACHES)}. Each needs databases of Redis of its own.", 2
        )
    server = settings.REDIS_URL.rpartition("/")[0]
    settings.CACHES["default"]["LOCATION"] = f"{server}/{_CACHES[turn]}"
    broker = f"{server}/{_BROKERS[turn]}"
    settings.REDIS_URL = settings.CELERY_BROKER_URL = os.environ["REDIS_URL"] = broker


if os.environ.get("PYTEST_XDIST_WORKER", "").startswith("gw"):
    own_databases(os.environ["PYTEST_XDIST_WORKER"])

# A busy machine must not let a Redis that is there count as away: limits are tested by what it counts.
for _timeouts in (
    settings.REDIS_TIMEOUTS,
    settings.CACHES["default"]["OPTIONS"],
    settings.CELERY_BROKER_TRANSPORT_OPTIONS,
):
    _timeouts.update(socket_timeout=10, socket_connect_timeout=10)
# One test reads more pages than a person; tests/heavy_pages/ sets the limit.
settings.HEAVY_PAGES_PER_MINUTE = 0
# Passwords of tests are hashed quickly; those of the portal's own processes are still understood.
settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher", *settings.PASSWORD_HASHERS]
assert settings.INSTALLED_APPS, "reads the settings now, so that pytest-django knows to set Django up"


_OF_THE_MODELS = ("django_content_type", "auth_permission")  # what migrating writes for each model, and no test changes


def _empty_what_has_rows(self, style, tables, **choices) -> list[str]:
    """Statements that empty a database after a test with real commits: only tables with rows, and without TRUNCATE,
    which makes new files for each of the more than hundred tables and their indexes. Triggers must not refuse it,
    which a superuser may say; servers of DATABASE_URL may have none. What migrating wrote stays, so that nothing has
    to be written again."""
    tables = [table for table in tables if table not in _OF_THE_MODELS]
    with self.connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('is_superuser') = 'on'")
        if not cursor.fetchone()[0]:
            return self.flush_by_truncating(style, tables, **choices)
        cursor.execute(" UNION ALL ".join(f"(SELECT '{table}' FROM \"{table}\" LIMIT 1)" for table in tables))
        held = [table for (table,) in cursor.fetchall()]
    return [
        "SET LOCAL session_replication_role = replica",
        *(f'DELETE FROM "{table}"' for table in held),
        "UPDATE atlas_generation SET n = nextval('atlas_generation_seq')",  # as the triggers would have done
        "SET LOCAL session_replication_role = origin",
    ]


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings, django_db_blocker):
    from django.core.management.commands import flush
    from django.db.backends.postgresql.operations import DatabaseOperations

    flush.emit_post_migrate_signal = lambda *said, **more: None
    DatabaseOperations.flush_by_truncating = DatabaseOperations.sql_flush
    DatabaseOperations.sql_flush = _empty_what_has_rows
    from tests import migrated_database

    with django_db_blocker.unblock():
        migrated_database.wait_for_turn()


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    from tests import migrated_database

    with django_db_blocker.unblock():
        migrated_database.keep_copy()


@pytest.fixture(scope="module")
def module_rows(django_db_setup, django_db_blocker):
    """For module fixtures that make rows: tests of the module each begin with them, and they go away after its last.

    A transaction around the tests' own ones, so not for tests that commit.
    """
    from django.db import transaction

    around = transaction.atomic()
    around._from_testcase = True  # durable blocks are allowed inside, as in the transaction of one test
    with django_db_blocker.unblock():
        around.__enter__()
    yield django_db_blocker
    with django_db_blocker.unblock():
        transaction.set_rollback(True)
        around.__exit__(None, None, None)


class _ByFile(LoadFileScheduling):
    """A file is one process's work, and so is a folder whose files share what was brought in."""

    def _split_scope(self, nodeid: str) -> str:
        scope = super()._split_scope(nodeid)
        return next((folder for folder in _TOGETHER if scope.startswith(folder)), scope)


def pytest_xdist_make_scheduler(config, log):
    return _ByFile(config, log) if config.getvalue("dist") == "loadfile" else None


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items):
    items.sort(key=lambda item: next((n for n, path in enumerate(_LONGEST) if item.nodeid.startswith(path)), 99))


def pytest_collection_finish(session):
    """Modules and collected tests stay to the end: the garbage collector need not look through them again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


def pytest_unconfigure(config):
    environment.release()
    for home in _homes:
        shutil.rmtree(home)
    _homes.clear()


def _connect_to_this_machine(self, address):
    if self.family in (socket.AF_INET, socket.AF_INET6) and not str(address[0]).startswith(_LOOPBACK):
        raise AssertionError(f"A test tried to reach {address[0]}: tests use no network.")
    return _real_connect(self, address)


socket.socket.connect = _connect_to_this_machine


@pytest.fixture(autouse=True)
def empty_cache():
    """Each test begins without remembered pages, and writes its notes although the one before took Redis away. The key
    space is this run's own unless REDIS_URL is given."""
    yield
    from django.core.cache import cache

    from mobility_portal.observing import notes

    cache.clear()
    notes._pause_until = 0.0
