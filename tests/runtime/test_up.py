"""`manage.py up` from end to end: ready, healthy, watched, and gone without a trace."""

import http.client
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from contextlib import closing, suppress
from pathlib import Path

import pytest

from mobility_portal.embedded.processes import choose_port
from tests.runtime.places import PROJECT, environment_for, manage, processes_of, temporary_home, wait_until

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")


LOADED_IN = 1.5  # seconds to import every page of the portal, where a second start took 3.3


def seconds_to_load_the_code() -> float:
    """Of one process that imports every page and ends: how fast this machine is, in the work a start does most of."""
    code = "import django; django.setup(); import mobility_portal.urls"
    environment = environment_for(Path("unused"), DJANGO_SETTINGS_MODULE="mobility_portal.settings", PORTAL_OFFLINE="1")
    taken = []
    for _ in range(2):  # the second finds the files in memory, as a second start does
        started = time.monotonic()
        subprocess.run([sys.executable, "-c", code], cwd=PROJECT, env=environment, check=True)
        taken.append(time.monotonic() - started)
    return taken[-1]


class Up:
    """A running `up`, or `make run` with `command`."""

    def __init__(self, home: Path, command=(sys.executable, "manage.py", "up")):
        self.port = choose_port(None)
        self.started = time.monotonic()
        self.process = subprocess.Popen(
            command,
            cwd=PROJECT,
            env=environment_for(home, PORT=str(self.port)),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.lines = []

    def __enter__(self) -> "Up":
        return self

    def __exit__(self, *failure) -> None:
        """A test that failed leaves nothing running beside the next ones."""
        if self.process.poll() is None:
            self.process.terminate()
            self.process.communicate(timeout=20)
        self.process.stdout.close()

    def wait_until_ready(self) -> float:
        """Seconds from the start to the Ready line."""
        for line in self.process.stdout:
            self.lines.append(line)
            if line.startswith("Ready"):
                assert line == f"Ready: http://127.0.0.1:{self.port}\n"
                return time.monotonic() - self.started
        raise AssertionError(f"ended before it was ready: {''.join(self.lines)}")

    def get(self, path: str) -> http.client.HTTPResponse:
        with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)) as connection:
            connection.request("GET", path)
            response = connection.getresponse()
            response.body = response.read()
            return response

    def health(self, part: str) -> str:
        """One part of /healthz, "no answer" while the web server itself is away."""
        try:
            return json.loads(self.get("/healthz").body)[part]
        except OSError:
            return "no answer"

    def stop(self, number: int = signal.SIGTERM) -> float:
        began = time.monotonic()
        self.process.send_signal(number)
        self.lines += self.process.communicate(timeout=20)[0].splitlines()
        return time.monotonic() - began


def test_up_from_first_start_to_second():
    with temporary_home() as home:
        with Up(home) as first:
            first.wait_until_ready()
            health = first.get("/healthz")
            assert health.status == 200
            assert "default-src 'self'" in health.headers["Content-Security-Policy"]
            # The worker starts once pages answer, and shares two processors with the other tests.
            assert wait_until(lambda: first.health("worker") == "ok", 60)
            assert first.health("database") == first.health("broker") == "ok"

            manifest = json.loads((home / "static" / "staticfiles.json").read_text())["paths"]
            script = first.get(f"/static/{manifest['vendor/plotly.min.js']}")
            assert script.status == 200
            assert "immutable" in script.headers["Cache-Control"]

            second = manage(home, "up", PORT=str(first.port))
            assert second.returncode == 2
            assert re.fullmatch(r"The portal of \S+ already runs; .*\n", second.stderr)

            first.stop()
            assert first.process.returncode == 0
            assert not processes_of(home) or wait_until(lambda: not processes_of(home), 2)

        with Up(home) as again:
            again.wait_until_ready()
            for pid in processes_of(home):  # everything but `up` itself: web, worker, beat, both servers
                if pid != again.process.pid:
                    with suppress(ProcessLookupError):  # it ended when its parent did
                        os.kill(pid, signal.SIGKILL)
            assert wait_until(lambda: again.health("database") == "ok", 60)
            assert wait_until(lambda: again.health("worker") == "ok", 60)
            again.process.kill()
            again.process.communicate()
            assert wait_until(lambda: not processes_of(home), 15), processes_of(home)


@pytest.mark.slow
def test_a_second_start_takes_five_seconds_and_a_stop_less_than_ten():
    """Times hold for a machine that does nothing else: run it alone.

    Five seconds are meant for a machine that loads the portal's code in LOADED_IN; a slower one gets as much more time
    as it takes longer to load it, measured here and now.
    """
    slowness = max(1.0, seconds_to_load_the_code() / LOADED_IN)
    with temporary_home() as home:
        with Up(home) as first:
            first.wait_until_ready()
            assert first.stop() < 10
        with Up(home) as again:
            assert again.wait_until_ready() < 5 * slowness
            assert again.stop() < 10


def test_taken_port_is_one_sentence():
    with temporary_home() as home, socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        result = manage(home, "up", PORT=str(port))
        assert result.returncode == 2
        assert result.stderr == (
            f"Port {port} is in use by another program; choose another with PORT, for example PORT=8001.\n"
        )


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGHUP, signal.SIGTERM])
def test_a_signal_to_make_alone_stops_everything(number):
    with temporary_home() as home:
        makefile = "run:\n\t@exec $(RUN) manage.py up --under-make\n"
        path = home.parent / "Makefile"
        path.write_text(makefile)
        with Up(home, command=("make", "-f", str(path), f"RUN={sys.executable}", "run")) as run:
            run.wait_until_ready()
            assert run.stop(number) < 12


@pytest.mark.parametrize("version", ["3.10", "3.14"])
def test_unsupported_python_is_one_sentence(version):
    """manage.py decides before it imports anything: shown with a pretended version."""
    major, minor = version.split(".")
    script = (
        f"import sys, runpy; sys.version_info = ({major}, {minor}, 0); runpy.run_path('manage.py', run_name='__main__')"
    )
    result = subprocess.run([sys.executable, "-c", script], cwd=PROJECT, capture_output=True, text=True)
    assert result.returncode == 2
    assert result.stderr.startswith(f"The portal needs Python 3.11, 3.12 or 3.13 and this is {version}:")
    assert result.stderr.count("\n") == 1
