"""Reads the lock that `make lock` writes: one package with its hashes after the other."""

import re
from dataclasses import dataclass
from pathlib import Path

from packaging.markers import Marker
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parent.parent.parent
RUNTIME, DEVELOPMENT = ROOT / "requirements.txt", ROOT / "requirements-dev.txt"
_PIN = re.compile(r"([A-Za-z0-9._-]+)(?:\[[^]]*])?==([^\s;]+)(?: ; (.+?))? \\")
_HASH = re.compile(r"    --hash=sha256:([0-9a-f]{64})(?: \\)?")
_ASKED_BY = re.compile(r"    # (?:  |via )(\S.*)")


@dataclass
class LockedPackage:
    """`marker`: where it is installed, None everywhere. `asked_by`: packages and .in files that ask for it."""

    name: str
    version: str
    marker: str | None
    hashes: list[str]
    asked_by: list[str]

    @property
    def is_for_here(self) -> bool:
        """Whether this Python on this system installs it."""
        return self.marker is None or Marker(self.marker).evaluate()


def read_lock(path: Path = RUNTIME) -> list[LockedPackage]:
    """Every package of the lock in its order. Raises ValueError for a line that no lock has."""
    found: list[LockedPackage] = []
    for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
        if pin := _PIN.fullmatch(line):
            found.append(LockedPackage(canonicalize_name(pin[1]), pin[2], pin[3], [], []))
        elif found and (hashed := _HASH.fullmatch(line)):
            found[-1].hashes.append(hashed[1])
        elif found and (asked := _ASKED_BY.fullmatch(line)):
            found[-1].asked_by.append(asked[1])
        elif line.strip() and not line.startswith("#") and line.strip() != "# via":
            raise ValueError(f"{path.name}, line {number}: no package, no hash and no comment: {line.strip()[:80]}")
    return found


def read_reasons(path: Path) -> dict[str, tuple[str, str]]:
    """Of an .in file: name -> version and reason. Raises ValueError for a line without a pin or a reason."""
    found = {}
    for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
        if not line.strip() or line.startswith(("#", "-r ")):
            continue
        said = re.fullmatch(r"([\w.-]+)(?:\[[\w,.-]+])?==([\w.]+)\s+# (\S.*)", line)
        if said is None:
            raise ValueError(f"{path.name}, line {number}: not pinned, or without a reason: {line}")
        found[canonicalize_name(said[1])] = (said[2], said[3])
    return found
