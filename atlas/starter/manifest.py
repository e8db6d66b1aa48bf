"""What a starter set holds and where each file came from: `manifest.json` beside the files. Pure."""

import json
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

MANIFEST = "manifest.json"
SHIPPED = Path(__file__).parent / "data"


@dataclass(frozen=True)
class Original:
    """A file as the publisher gave it, or as it was copied from there."""

    name: str
    byte_count: int
    sha256: str


@dataclass(frozen=True)
class StarterFile:
    """One file of the set: what it is made of, by whose leave, and what of it was kept."""

    name: str
    byte_count: int
    sha256: str
    dataset: str  # key of the data set
    title: str
    publisher: str
    license: str
    license_basis: str  # where the license is said
    citation: str
    vintage: str
    addresses: tuple[str, ...]
    rows: int
    kept: str  # what of the original was kept, with the precision of its numbers
    originals: tuple[Original, ...]


@dataclass(frozen=True)
class LeftOut:
    """A file that was at hand and is not in the set."""

    name: str
    title: str
    publisher: str
    reason: str


@dataclass(frozen=True)
class StarterSet:
    """A whole set, its files in the order they are imported."""

    made_on: date
    files: tuple[StarterFile, ...]
    left_out: tuple[LeftOut, ...] = ()

    @property
    def byte_count(self) -> int:
        return sum(file.byte_count for file in self.files)

    def file_named(self, name: str) -> StarterFile | None:
        return next((file for file in self.files if file.name == name), None)

    def file_with_checksum(self, sha256: str) -> StarterFile | None:
        return next((file for file in self.files if file.sha256 == sha256), None)


def write_manifest(folder: Path, made: StarterSet) -> Path:
    """Two sets of the same files and date give the same bytes."""
    document = {"starter_set": made.made_on.isoformat(), "files": [asdict(f) for f in made.files]}
    document["left_out"] = [asdict(f) for f in made.left_out]
    path = folder / MANIFEST
    path.write_text(json.dumps(document, indent=1, ensure_ascii=False) + "\n", encoding="utf-8", newline="")
    return path


def read_manifest(folder: Path) -> StarterSet | None:
    """The set in a folder; None where no manifest of a starter set is, or none that can be read."""
    try:
        document = json.loads((folder / MANIFEST).read_text("utf-8"))
        return StarterSet(
            date.fromisoformat(document["starter_set"]),
            tuple(_file(entry) for entry in document["files"]),
            tuple(LeftOut(**entry) for entry in document["left_out"]),
        )
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _file(entry: dict[str, Any]) -> StarterFile:
    originals = tuple(Original(**original) for original in entry["originals"])
    return StarterFile(**{**entry, "addresses": tuple(entry["addresses"]), "originals": originals})
