"""What is known of a file on disk: written beside it, hidden, so that a scan for data files passes over it."""

import hashlib
import json
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True)
class DownloadRecord:
    """Where a file came from and what it was. `validator` is the ETag or Last-Modified of that answer."""

    address: str
    etag: str = ""
    last_modified: str = ""
    sha256: str = ""
    size: int = 0

    @property
    def validator(self) -> str:
        """For If-Range, which takes strong validators only."""
        return self.etag if self.etag and not self.etag.startswith("W/") else self.last_modified


def part_path(path: Path) -> Path:
    """The file while it arrives."""
    return path.with_name(f".{path.name}.part")


def record_path(path: Path) -> Path:
    return path.with_name(f".{path.name.removeprefix('.')}.json")


def read_record(path: Path) -> DownloadRecord | None:
    """What was written beside `path`, None when nothing readable was."""
    try:
        return DownloadRecord(**json.loads(record_path(path).read_text("utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def write_record(path: Path, known: DownloadRecord) -> None:
    draft = record_path(path).with_suffix(".draft")
    draft.write_text(json.dumps(asdict(known), indent=1), "utf-8")
    draft.replace(record_path(path))


def sha256_of(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def read_verified_record(path: Path) -> DownloadRecord | None:
    """The record of a file that is still, byte for byte, what was fetched."""
    known = read_record(path)
    if known is None or not path.is_file() or path.stat().st_size != known.size or sha256_of(path) != known.sha256:
        return None
    return known


def delete_part(path: Path) -> None:
    part_path(path).unlink(missing_ok=True)
    record_path(part_path(path)).unlink(missing_ok=True)
