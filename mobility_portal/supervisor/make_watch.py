"""Notice that `make`, our parent, was told to stop although nobody told us.

A terminal signals make and us alike. A signal sent to make alone is different: make passes on only
SIGTERM; for SIGINT and SIGHUP it silently waits for us, and by kill -9 it just vanishes.
"""

import os
from pathlib import Path

_CAUGHT = "SigCgt:"


class MakeWatch:
    """`wants_stop()` turns true when make is gone or has begun to end.

    When make handles a stop signal it first gives that signal back its default action, which shows
    in the mask of caught signals in /proc. Without /proc only its death is noticed.
    """

    def __init__(self) -> None:
        self.pid = os.getppid()
        self.caught = self._read_caught()

    def wants_stop(self) -> bool:
        if os.getppid() != self.pid:
            return True
        return bool(self.caught & ~self._read_caught())

    def _read_caught(self) -> int:
        """Bit mask of INT (2), HUP (1) and QUIT (3) that make catches."""
        try:
            lines = Path(f"/proc/{self.pid}/status").read_text().splitlines()
        except OSError:
            return 0  # no /proc, or make just ended: getppid tells
        masks = [int(line.split()[1], 16) for line in lines if line.startswith(_CAUGHT)]
        return masks[0] & 0b111 if masks else 0
