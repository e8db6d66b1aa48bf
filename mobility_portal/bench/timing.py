"""Timing honestly: several runs, median with minimum and maximum, peak memory of a child process."""

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Timing:
    """Seconds of several runs of one thing."""

    seconds: tuple[float, ...]

    @property
    def median(self) -> float:
        return statistics.median(self.seconds)

    @property
    def p95(self) -> float:
        """The 95th percentile: of 20 runs the slowest but one."""
        return sorted(self.seconds)[max(-(-95 * len(self.seconds) // 100) - 1, 0)]

    def __str__(self) -> str:
        low, high = min(self.seconds), max(self.seconds)
        return f"median {self.median:.3f} s ({low:.3f} to {high:.3f}, {len(self.seconds)} runs)"


def measure_both(work: Callable[[], object], runs: int) -> tuple[Timing, Timing]:
    """Seconds of this process's processor, then seconds on the wall: other work on the machine lengthens these more."""
    spent, passed = [], []
    for _ in range(runs):
        start, began = time.process_time(), time.perf_counter()
        work()
        spent.append(time.process_time() - start)
        passed.append(time.perf_counter() - began)
    return Timing(tuple(spent)), Timing(tuple(passed))


def measure(work: Callable[[], object], runs: int, before: Callable[[], object] | None = None) -> Timing:
    """`before` is not timed."""
    seconds = []
    for _ in range(runs):
        if before:
            before()
        start = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - start)
    return Timing(tuple(seconds))
