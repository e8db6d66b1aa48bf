"""The source files that compute a finding, found by their imports: what a bundle carries so that anyone can run it."""

import ast
from collections.abc import Iterator
from functools import cache
from importlib.metadata import version
from pathlib import Path

from engagements.pilots.rules.estimators.methods import FUNCTIONS

ROOT = Path(__file__).resolve().parents[3]
OWN = ("engagements", "atlas")
# Imported by the estimators; the versions in use go into the bundle.
LIBRARIES = ("numpy", "pandas", "scipy", "statsmodels")


@cache
def source_files() -> dict[str, bytes]:
    """Path within the repository -> content, of every module that `analyze_files` may import, and their packages."""
    rules = "engagements.pilots.rules"
    waiting = [f"{rules}.{name}" for name in ("outside", "same_numbers")]
    waiting += [f"{rules}.estimators.{module}" for module, _ in FUNCTIONS.values()]
    found: dict[str, bytes] = {}
    while waiting:
        path = _path_of(waiting.pop())
        if path is None or str(path) in found:
            continue
        content = (ROOT / path).read_bytes()
        found[str(path)] = content
        waiting += _imported(content)
    return dict(sorted(found.items()))


def requirements() -> str:
    """One line per library, at the version in use here."""
    return "".join(f"{name}=={version(name)}\n" for name in LIBRARIES)


def _path_of(module: str) -> Path | None:
    place = Path(*module.split("."))
    for path in (place.with_suffix(".py"), place / "__init__.py"):
        if (ROOT / path).is_file():
            return path
    return None


def _imported(content: bytes) -> Iterator[str]:
    """Own modules that are imported anywhere in a file, each with the packages that it lies in."""
    for node in ast.walk(ast.parse(content)):
        names: list[str] = []
        if isinstance(node, ast.Import):
            names = [one.name for one in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names = [node.module, *(f"{node.module}.{one.name}" for one in node.names)]
        for name in names:
            parts = name.split(".")
            if parts[0] in OWN:
                yield from (".".join(parts[:end]) for end in range(1, len(parts) + 1))
