"""Every worker of this machine in one family: `python -m mobility_portal.background.workers [group ...]`.

The code is read once and shared: each group of queues (`queues.GROUPS`) is a worker of its own, forked from here. One
that ends is forked again after a pause; told to stop, all of them are.
"""

import gc
import os
import signal
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from types import FrameType

from mobility_portal.background.queues import GROUPS, Group
from mobility_portal.embedded.processes import die_with_parent
from mobility_portal.front import sizes
from mobility_portal.supervisor.child import CALM, PAUSES, describe

_PASSED_ON = (signal.SIGTERM, signal.SIGINT, signal.SIGQUIT)
_PATIENCE = 3.0  # seconds for a worker to end after its portal was killed, before it is told again
_OPTIONS = ("--loglevel=INFO", "--without-mingle", "--without-gossip")


@dataclass
class _Worker:
    group: Group
    pid: int = 0
    started_at: float = 0.0
    failures: int = 0
    start_at: float = 0.0

    @property
    def is_running(self) -> bool:
        return self.pid > 0


class Family:
    """`work` runs one group's worker in its own process and returns its status."""

    def __init__(self, groups: tuple[Group, ...], work: Callable[[Group], int]):
        self._workers = [_Worker(group) for group in groups]
        self._work = work
        self._stop = False
        self._parent, self._orphaned_at = os.getppid(), 0.0

    def run(self) -> None:
        """Until it was told to stop and all have ended."""
        for number in _PASSED_ON:
            signal.signal(number, self._pass_on)
        while True:
            self._collect()
            self._hurry_without_parent()
            if self._stop and not any(worker.is_running for worker in self._workers):
                return
            for worker in self._workers:
                if not self._stop and not worker.is_running and time.monotonic() >= worker.start_at:
                    self._start(worker)
            time.sleep(0.1)

    def _pass_on(self, number: int, _frame: FrameType | None) -> None:
        self._stop = True
        for worker in self._workers:
            if worker.is_running:
                os.kill(worker.pid, number)

    def _hurry_without_parent(self) -> None:
        """Nobody is left who would insist: what a worker is at when its portal was killed is taken up again later."""
        if not self._stop or os.getppid() == self._parent:
            return
        now = time.monotonic()
        self._orphaned_at = self._orphaned_at or now
        number = signal.SIGKILL if now - self._orphaned_at > 2 * _PATIENCE else signal.SIGQUIT
        if now - self._orphaned_at > _PATIENCE:
            for worker in self._workers:
                if worker.is_running:
                    os.kill(worker.pid, number)

    def _start(self, worker: _Worker) -> None:
        sys.stdout.flush()
        sys.stderr.flush()
        end_with_us = die_with_parent()
        # Held back until both sides know what to do with a signal.
        signal.pthread_sigmask(signal.SIG_BLOCK, _PASSED_ON)
        pid = os.fork()
        if pid == 0:
            status = 1
            try:
                end_with_us()
                for number in _PASSED_ON:
                    signal.signal(number, signal.SIG_DFL)
                signal.pthread_sigmask(signal.SIG_UNBLOCK, _PASSED_ON)
                status = self._work(worker.group)
            finally:
                sys.stdout.flush()
                sys.stderr.flush()
                os._exit(status)  # what the parent arranged for its own end is not ours
        worker.pid, worker.started_at = pid, time.monotonic()
        signal.pthread_sigmask(signal.SIG_UNBLOCK, _PASSED_ON)

    def _collect(self) -> None:
        for worker in self._workers:
            if not worker.is_running:
                continue
            pid, status = os.waitpid(worker.pid, os.WNOHANG)
            if pid == 0:
                continue
            now = time.monotonic()
            worker.failures = 0 if now - worker.started_at > CALM else worker.failures
            pause = PAUSES[min(worker.failures, len(PAUSES) - 1)]
            worker.pid, worker.failures, worker.start_at = 0, worker.failures + 1, now + pause
            if not self._stop:
                how = describe(os.waitstatus_to_exitcode(status))
                print(f"The worker of {worker.group.name} ended ({how}), starting again in {pause:g} s.", flush=True)


def _work(group: Group) -> int:
    from mobility_portal.celery import app

    try:
        app.worker_main(["worker", *group.arguments, *_OPTIONS])
    except SystemExit as ended:
        return ended.code if isinstance(ended.code, int) else int(ended.code is not None)
    return 0


def main(names: list[str]) -> None:
    """Raises SystemExit for a group that does not exist."""
    wanted = tuple(group for group in GROUPS if not names or group.name in names)
    size = sizes.worker_concurrency()
    groups = tuple(replace(group, processes=size) if group.is_sized else group for group in wanted)
    if set(names) - {group.name for group in groups}:
        raise SystemExit(f"There are the groups {', '.join(group.name for group in GROUPS)}.")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mobility_portal.settings")
    os.environ.setdefault("PORTAL_PROCESS", "worker")  # time limits of the database
    from mobility_portal.celery import app

    app.loader.import_default_modules()  # Django's own checks too
    os.environ["CELERY_SKIP_CHECKS"] = "1"  # once is enough
    app.finalize()
    from django.db import connections

    connections.close_all()  # none may be used by two processes
    gc.collect()
    gc.freeze()  # what was read so far stays in memory that all share
    Family(groups, _work).run()


if __name__ == "__main__":
    main(sys.argv[1:])
