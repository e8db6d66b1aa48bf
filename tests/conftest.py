"""For every test: private servers in a throw-away home, no network beyond this machine.

The first process starts the servers and its xdist workers inherit their addresses; with
DATABASE_URL and REDIS_URL set, those servers are used instead. The home disappears afterwards.
"""

import os
import shutil
import socket
import tempfile
from pathlib import Path

import pytest
from django.conf import settings

from mobility_portal.embedded import Refusal, environment

_LOOPBACK = ("127.", "::1", "localhost")
_real_connect = socket.socket.connect
_homes: list[Path] = []

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


def own_cache(worker: str) -> None:
    """Each process has a cache database of its own: clearing one must not forget what another counts.

    Set in the settings, not in the environment: a worker inherits the name of the settings and has read them already.
    """
    server, _, number = settings.CACHES["default"]["LOCATION"].rpartition("/")
    settings.CACHES["default"]["LOCATION"] = f"{server}/{int(number or 0) + int(worker.removeprefix('gw')) + 1}"


if os.environ.get("PYTEST_XDIST_WORKER", "").startswith("gw"):
    own_cache(os.environ["PYTEST_XDIST_WORKER"])

# A busy machine must not let a cache that is there count as away: limits are tested by what it counts.
settings.CACHES["default"]["OPTIONS"].update(socket_timeout=10, socket_connect_timeout=10)
assert settings.INSTALLED_APPS, "reads the settings now, so that pytest-django knows to set Django up"


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
    """Each test begins without remembered pages. The key space is this run's own unless REDIS_URL is given."""
    yield
    from django.core.cache import cache

    cache.clear()
