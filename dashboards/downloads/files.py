"""The written files of a version: made once, named by what is in them, and kept.

A version is the checksum of its estimates, so its address never answers with other bytes. Files of the last versions
stay in MOBILITY_HOME/downloads; every server makes the same ones.
"""

import hashlib
import json
import os
import shutil
import tempfile
from dataclasses import asdict
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from atlas.queries.live import Generation, live_generation
from atlas.tables.datapackage import FileFacts, describe_package, facts_of
from atlas.tables.formats import FORMATS
from atlas.tables.json_file import dump
from atlas.web.converters import PACKAGE
from atlas.web.table_files import TableFile, write_file
from dashboards.downloads.tables import TITLE, estimate_table, measure_table

KEPT = 10  # versions
WHOLE, MEASURES = "estimates", "measures"
WHOLE_FORMATS = ("parquet", "csv")
CITY_FORMATS = ("csv", "parquet", "json")
_LENGTH = 12  # characters of the checksum that name a version


class NotKept(LookupError):
    """A version, or a file of it, that is not here (any more)."""


def current_version(address: str) -> str:
    """The version of what is live now; its whole files are written when it is first asked for.

    `address` of the page of downloads stands in the files.
    """
    return _current(live_generation(), address)


def facts(version: str) -> dict[str, FileFacts]:
    """Size and checksum of each whole file, by its name. Raises NotKept."""
    held = json.loads(read(version, "facts.json"))
    return {name: FileFacts(**one) for name, one in held.items()}


def read(version: str, name: str) -> bytes:
    """A file as it was written. Raises NotKept."""
    path = _folder(version) / name
    if not path.is_file():
        raise NotKept(f"{version}/{name}")
    return path.read_bytes()


def city_file(version: str, city: str, extension: str, address: str) -> bytes:
    """The estimates of one city: from the disk, or written now where the version is the current one. Raises NotKept."""
    name = f"{city}.{extension}"
    try:
        return read(version, name)
    except NotKept:
        if version != current_version(address):
            raise
    try:
        found = estimate_table(address, city)
    except KeyError as unknown:
        raise NotKept(f"{version}/{name}") from unknown
    content = write_file(found, extension)
    _write(_folder(version) / name, content)
    return content


@lru_cache(maxsize=2)
def _current(generation: Generation, address: str) -> str:
    whole, measures = estimate_table(address), measure_table(address)
    written = {f"{WHOLE}.{end}": (whole, end, write_file(whole, end)) for end in WHOLE_FORMATS}
    written |= {f"{MEASURES}.{end}": (measures, end, write_file(measures, end)) for end in WHOLE_FORMATS}
    every = hashlib.sha256(b"".join(content for _, _, content in written.values()))
    version = every.hexdigest()[:_LENGTH]
    if not (_folder(version) / "facts.json").is_file():
        _keep(version, written, address)
    return version


def _keep(version: str, written: dict[str, tuple[TableFile, str, bytes]], address: str) -> None:
    """All files of a version, then the list of facts, which says that they are whole."""
    found: dict[str, FileFacts] = {}
    for name, (_, end, content) in written.items():
        _write(_folder(version) / name, content)
        found[name] = facts_of(content, name, end, FORMATS[end].media_type.partition(";")[0])
    files = [(written[name][0].table, one) for name, one in found.items()]
    package = describe_package("mobility-portal-estimates", TITLE, files, version=version, homepage=address)
    _write(_folder(version) / PACKAGE, dump(package))
    _write(_folder(version) / "facts.json", dump({name: asdict(one) for name, one in found.items()}))
    _remove_old()


def _remove_old() -> None:
    versions = sorted(_root().iterdir(), key=lambda folder: folder.stat().st_mtime, reverse=True)
    for folder in versions[KEPT:]:
        shutil.rmtree(folder)


def _write(path: Path, content: bytes) -> None:
    """Whole or not at all: two servers may write the same file at once."""
    path.parent.mkdir(parents=True, exist_ok=True)
    number, draft = tempfile.mkstemp(dir=path.parent)
    with os.fdopen(number, "wb") as stream:
        stream.write(content)
    Path(draft).chmod(0o644)
    Path(draft).replace(path)


def _folder(version: str) -> Path:
    return _root() / version


def _root() -> Path:
    return Path(settings.MOBILITY_HOME) / "downloads"
