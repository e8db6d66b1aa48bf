"""One process that `up` looks after: started, watched, restarted with growing pauses, stopped with its group."""

import os
import signal
import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path

from mobility_portal.embedded.home import PROJECT_DIR
from mobility_portal.embedded.processes import die_with_parent
from mobility_portal.supervisor.rotating_log import KEPT, MOST_BYTES, LogPipe, RotatingLog

PAUSES = (0.5, 1.0, 2.0, 5.0, 10.0, 30.0)  # seconds before the first, second, ... restart
CALM = 60.0  # seconds of running after which the pauses start over


@dataclass
class Child:
    name: str
    command: list[str]
    log: Path
    patience: float  # seconds between the polite signal and the next one
    impatient_signal: int | None = None  # tried before SIGKILL: ends a worker without waiting for its task
    process: subprocess.Popen | None = None
    started_at: float = 0.0
    restart_at: float | None = None
    failures: int = field(default=0)
    log_bytes: int = MOST_BYTES
    logs_kept: int = KEPT
    pipe: LogPipe | None = None

    def start(self) -> None:
        self.pipe = LogPipe(RotatingLog(self.log, self.log_bytes, self.logs_kept))
        try:
            # Its own session: Ctrl-C reaches `up` only, which stops things in order.
            self.process = subprocess.Popen(  # noqa: S603 - our own words, no shell
                self.command,
                stdin=subprocess.DEVNULL,
                stdout=self.pipe.write_end,
                stderr=self.pipe.write_end,
                cwd=PROJECT_DIR,
                start_new_session=True,
                preexec_fn=die_with_parent(),
            )
        finally:
            self.pipe.close_write_end()
        self.started_at, self.restart_at = time.monotonic(), None

    def is_running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def look_after(self) -> str:
        """Restart when due; returns a line to show, or "" when all is well."""
        if self.is_running():
            return ""
        now = time.monotonic()
        if self.restart_at is None:
            ended = self._process()
            self._signal_group(signal.SIGKILL)  # nothing of the old one may hold a port or a job
            self.wait_for_log()
            self.failures = 0 if now - self.started_at > CALM else self.failures
            pause = PAUSES[min(self.failures, len(PAUSES) - 1)]
            self.failures += 1
            self.restart_at = now + pause
            how = describe(ended.returncode)
            return f"{self.name} ended ({how}), starting again in {pause:g} s; see {self.log}"
        if now >= self.restart_at:
            self.start()
        return ""

    def ask_to_stop(self) -> None:
        """The polite signal, without waiting: several can end at the same time."""
        self.restart_at = None
        if self.is_running():
            self._process().send_signal(signal.SIGTERM)

    def stop(self) -> None:
        """Wait for one that was asked, insist, kill; afterward no process of its group is left."""
        if self.process is None:
            return
        for stop_signal, seconds in ((None, self.patience), (self.impatient_signal, 0.8)):
            if not self.is_running():
                break
            if stop_signal is not None:
                self.process.send_signal(stop_signal)
            try:
                self.process.wait(seconds)
            except subprocess.TimeoutExpired:
                continue
        self._signal_group(signal.SIGKILL)
        self.process.wait()
        self.wait_for_log()

    def wait_for_log(self) -> None:
        """Until the last words of a process that ended are in its file."""
        if self.pipe is not None:
            self.pipe.wait(1.0)

    def _process(self) -> subprocess.Popen:
        """The process, started before. Raises RuntimeError when it never was."""
        if self.process is None:
            raise RuntimeError(f"{self.name} was never started.")
        return self.process

    def _signal_group(self, stop_signal: int) -> None:
        try:
            os.killpg(self._process().pid, stop_signal)
        except ProcessLookupError:
            pass  # the whole group is gone


def describe(returncode: int) -> str:
    """How a process ended, in words."""
    return f"signal {signal.Signals(-returncode).name}" if returncode < 0 else f"status {returncode}"
