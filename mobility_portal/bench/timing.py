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
