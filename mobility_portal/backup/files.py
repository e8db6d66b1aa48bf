"""Which folders and secrets a backup holds, and where they go back to."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

from mobility_portal.backup.manifest import FOLDERS, KNOWN_SECRETS, SECRETS
from mobility_portal.embedded.home import Home
from mobility_portal.embedded.refusal import Refusal


def folders() -> dict[str, Path]:
    """Name in the archive -> folder."""
    return dict(zip(FOLDERS, (Path(settings.DOCUMENTS_DIR), Path(settings.MEDIA_ROOT)), strict=True))


def list_files() -> Iterator[tuple[str, Path]]:
    """Name in the archive and path of every regular file; links are not followed and not saved."""
    for name, folder in folders().items():
        for parent, below, files in os.walk(folder):
            below.sort()
            for file in sorted(files):
                path = Path(parent) / file
                if path.is_file() and not path.is_symlink():
                    yield f"{name}/{path.relative_to(folder).as_posix()}", path


def list_secrets(home: Home) -> list[tuple[str, Path]]:
    return [(f"{SECRETS}/{name}", home.secrets / name) for name in KNOWN_SECRETS if (home.secrets / name).exists()]


def full_folders() -> list[Path]:
    """Those that hold anything."""
    return [folder for folder in folders().values() if folder.is_dir() and any(folder.iterdir())]


class Placement:
    """Puts folders and secrets where they belong; `undo` takes all of it back."""

    def __init__(self, source: Path, home: Home, stamp: str):
        self.source, self.home, self.stamp = source, home, stamp
        self.done: list[tuple[Path, Path]] = []  # from, to

    def place(self, *, with_secrets: bool) -> None:
        """What was there moves aside first, under its name with the time. Raises Refusal."""
        try:
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
