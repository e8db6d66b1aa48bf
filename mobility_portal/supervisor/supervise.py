"""Run web, worker and beat until told to stop."""

import http.client
import secrets
import signal
import sys
import time
from collections.abc import Callable
from enum import Enum
from pathlib import Path

from mobility_portal.embedded.processes import last_line
from mobility_portal.embedded.refusal import Refusal
from mobility_portal.supervisor import start_proof
from mobility_portal.supervisor.child import Child
from mobility_portal.supervisor.preflight import port_in_use
from mobility_portal.supervisor.rotating_log import copy_aside

READY_PATIENCE = 60.0  # seconds
SERVER_LOGS_EVERY = 30.0  # seconds


class StopRequested(BaseException):
    """Ctrl-C, SIGTERM or SIGHUP. Not an Exception: nothing between may take it for an error."""


def stop_on_signals() -> None:
    def request_stop(number, frame):
        ignore_signals()  # a second Ctrl-C must not break the orderly end
        raise StopRequested

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        # `nohup` asked to survive the terminal: that wish stands.
        if number == signal.SIGHUP and signal.getsignal(number) is signal.SIG_IGN:
            continue
        signal.signal(number, request_stop)


def ignore_signals() -> None:
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)


def describe_children(port: int, run: Path, log: Path) -> list[Child]:
    """In the order they start. What one of them hands on while all stop waits in the database for the next start."""
    python = [sys.executable, "-m"]
    celery = [*python, "celery", "-A", "mobility_portal", "--quiet"]
    return [
        Child(
            "web",
            [
                *python,
                "gunicorn",
                "mobility_portal.wsgi:application",
                "--config=python:mobility_portal.gunicorn_settings",
                f"--bind=127.0.0.1:{port}",
                "--graceful-timeout=2",
            ],
            log / "web.log",
            patience=3.0,
        ),
        Child(
            "beat",
            [*celery, "beat", f"--schedule={run / 'beat-schedule'}", "--pidfile=", "--loglevel=INFO"],
            log / "beat.log",
            patience=1.0,
        ),
        Child(
            "worker",
            [*python, "mobility_portal.background.workers"],
            log / "worker.log",
            patience=2.5,
            impatient_signal=signal.SIGQUIT,
        ),
    ]


class Answer(Enum):
    NONE = "nothing, or not well"
    OURS = "this portal is well"
    FOREIGN = "another program"


def wait_until_ready(port: int, web: Child, others_are_well: Callable[[], None]) -> None:
    """Until this start's own /healthz answers 200. A web server that ends meanwhile refuses the start with its last
    words, or says that another program took the port after it was looked at."""
    deadline = time.monotonic() + READY_PATIENCE
    while (answer := _ask(port)) is not Answer.OURS:
        if not web.is_running() or time.monotonic() > deadline:
            if answer is Answer.FOREIGN:
                raise Refusal(port_in_use(port))
            what = "ended" if not web.is_running() else "does not answer"
            if not web.is_running():
                web.wait_for_log()
            reason = last_line(web.log, ("Error", "error", "refused"))
            raise Refusal(f"The web server {what}: {reason}; see {web.log}.")
        others_are_well()
        time.sleep(0.05)


def _ask(port: int) -> Answer:
    challenge = secrets.token_urlsafe(16)
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/healthz", headers={start_proof.CHALLENGE: challenge})
        response = connection.getresponse()
        if not start_proof.is_proof(challenge, response.getheader(start_proof.PROOF)):
            return Answer.FOREIGN
        return Answer.OURS if response.status == 200 else Answer.NONE
    except OSError:
        return Answer.NONE
    except http.client.HTTPException:  # it speaks something else
        return Answer.FOREIGN
    finally:
        connection.close()


class ServerLogs:
    """Those of the private servers, which run on when the portal's own processes start again."""

    def __init__(self, log: Path):
        self._logs = (log / "postgres.log", log / "valkey.log")
        self._next = 0.0

    def look_after(self) -> str:
        """Every half minute; returns a line to show, or ""."""
        if time.monotonic() < self._next:
            return ""
        self._next = time.monotonic() + SERVER_LOGS_EVERY
        for log in self._logs:
            try:
                copy_aside(log)
            except OSError as error:
                return f"{log} could not be moved aside: {error.strerror}"
        return ""


def look_after(children: list[Child], check_more: Callable[[], None]) -> None:
    """Until StopRequested."""
    while True:
        for child in children:
            line = child.look_after()
            if line:
                print(line, file=sys.stderr, flush=True)
        check_more()
        time.sleep(0.2)
