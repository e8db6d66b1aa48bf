"""Which code computed a figure: part of the key of everything cached, so that a release reads none of another's."""

import hashlib
import os
from pathlib import Path

APPS = ("mobility_portal", "dashboards", "engagements", "atlas")
FOLDERS = (*APPS, "templates", "static")  # kept pages name the static files
FILES = ("requirements.txt",)
LENGTH = 16  # hexadecimal digits


def code_version(root: Path, build_id: str = "") -> str:
    """The build's id, or else the first 16 hexadecimal digits of a SHA-256 over names and contents of the source.

    The source: every file of the four apps, of `templates` and of `static` below `root`, compiled Python left out, and
    `requirements.txt`, since another release of a library can compute another figure. Reads about 4 MB.
    """
    if build_id:
        return build_id
    digest = hashlib.sha256()
    for name in _source_files(root):
        content = (root / name).read_bytes()
        digest.update(f"{name}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()[:LENGTH]


def _source_files(root: Path) -> list[str]:
    """Paths below `root`, sorted, so that each machine reads them in one order."""
    found = [*FILES]
    for folder in FOLDERS:
        for parent, folders, names in os.walk(root / folder):
            folders[:] = [name for name in folders if name != "__pycache__"]
            found += [(Path(parent) / name).relative_to(root).as_posix() for name in names if name[-4:] != ".pyc"]
    return sorted(found)
