"""Which files of a folder are worth a look, in an order that lets later files build on earlier ones."""

from collections.abc import Iterable, Iterator
from pathlib import Path

_HIDDEN = (".", "_")


def find_files(paths: Iterable[Path]) -> Iterator[Path]:
    """Every file of `paths`, folders walked, sorted by name; hidden files and links out of a folder left alone."""
    for path in paths:
        if path.is_file():
            yield path
        else:
            root = path.resolve()
            for found in sorted(path.rglob("*")):
                if found.is_file() and not found.name.startswith(_HIDDEN) and found.resolve().is_relative_to(root):
                    yield found


def looks_like_data(path: Path) -> bool:
    """Whether a file that can't be read is worth a refusal: a broken table is, a picture beside it is not."""
    return path.suffix.lower() in (".csv", ".txt", ".gz", ".zip", ".json", ".geojson", ".parquet", ".allitems")
