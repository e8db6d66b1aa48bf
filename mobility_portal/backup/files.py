"""Which folders and secrets a backup holds, and where they go back to."""

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Literal, cast

from django.conf import settings
from django.core.files.base import File

from engagements.models.documents import document_storage
from mobility_portal.backup.manifest import FOLDERS, KNOWN_SECRETS, SECRETS, Source
from mobility_portal.embedded.home import Home
from mobility_portal.embedded.refusal import Refusal

# Source files until they are imported, as those of a folder, and data of pilots until somebody keeps them: they are
# deleted within a day, and a backup would keep them for years.
_WAITING = ("uploads/", "waiting/")


@dataclass(frozen=True)
class InBucket:
    """A file of the bucket; over 2 MB it waits on the disk of this host while it is read."""

    name: str

    def open(self, mode: Literal["rb"], /) -> BinaryIO:
        return cast(BinaryIO, document_storage().open(self.name, mode))


def has_bucket() -> bool:
    """Whether documents and reports lie in a bucket instead of DOCUMENTS_DIR."""
    return "bucket" in settings.STORAGES


def folders() -> dict[str, Path]:
    """Name in the archive -> folder on this host."""
    found = dict(zip(FOLDERS, (Path(settings.DOCUMENTS_DIR), Path(settings.MEDIA_ROOT)), strict=True))
    if has_bucket():
        del found[FOLDERS[0]]
    return found


def list_files() -> Iterator[tuple[str, Source]]:
    """Name in the archive and where every file is; links are not followed and not saved. Raises OSError."""
    if has_bucket():
        names = (name for name in _names_in_bucket("") if not name.startswith(_WAITING))
        yield from ((f"{FOLDERS[0]}/{name}", InBucket(name)) for name in names)
    for name, folder in folders().items():
        for parent, below, files in os.walk(folder):
            below[:] = sorted(name for name in below if Path(parent) != folder or f"{name}/" not in _WAITING)
            for file in sorted(files):
                path = Path(parent) / file
                if path.is_file() and not path.is_symlink():
                    yield f"{name}/{path.relative_to(folder).as_posix()}", path


def _names_in_bucket(folder: str) -> Iterator[str]:
    below, files = document_storage().listdir(folder)
    prefix = f"{folder}/" if folder else ""
    yield from (f"{prefix}{name}" for name in sorted(files) if name)
    for name in sorted(below):
        yield from _names_in_bucket(f"{prefix}{name}")


def list_secrets(home: Home) -> list[tuple[str, Source]]:
    return [(f"{SECRETS}/{name}", home.secrets / name) for name in KNOWN_SECRETS if (home.secrets / name).exists()]


def full_folders() -> list[Path]:
    """Those that hold anything. A bucket may: a restore adds what is missing in it."""
    return [folder for folder in folders().values() if folder.is_dir() and any(folder.iterdir())]


class Placement:
    """Puts folders and secrets where they belong; `undo` takes all of it back."""

    def __init__(self, source: Path, home: Home, stamp: str):
        self.source, self.home, self.stamp = source, home, stamp
        self.done: list[tuple[Path, Path]] = []  # from, to

    def place(self, *, with_secrets: bool) -> None:
        """What was there moves aside first, under its name with the time. Raises Refusal."""
        try:
            if has_bucket():
                self._fill_bucket()
            for name, target in folders().items():
                self._aside(target)
                source = self.source / name
                source.mkdir(mode=0o700, exist_ok=True)
                self._move(source, target)
            for name in KNOWN_SECRETS if with_secrets else ():
                kept, target = self.source / SECRETS / name, self.home.secrets / name
                if kept.exists() and not (target.exists() and target.read_bytes() == kept.read_bytes()):
                    self._aside(target)  # also the unused one of a new home: another process may have read it
                    self._move(kept, target)
        except OSError as error:
            self.undo()
            raise Refusal(f"The files cannot be put in place ({error.strerror}: {error.filename}).") from error

    def _fill_bucket(self) -> None:
        """Names are random and their bytes never change: writing one again harms nothing, and nothing is removed."""
        root = self.source / FOLDERS[0]
        for path in sorted(root.rglob("*")) if root.exists() else ():
            if path.is_file():
                with path.open("rb") as content:
                    name = path.relative_to(root).as_posix()
                    if document_storage().exists(name):
                        document_storage().delete(name)
                    document_storage().save(name, File(content))

    def undo(self) -> None:
        while self.done:
            source, target = self.done.pop()
            shutil.move(target, source)

    def _aside(self, target: Path) -> None:
        if target.is_dir() and not any(target.iterdir()):
            target.rmdir()
        elif target.exists():
            self._move(target, target.with_name(f"{target.name}.before-restore-{self.stamp}"))

    def _move(self, source: Path, target: Path) -> None:
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        shutil.move(source, target)
        self.done.append((source, target))
