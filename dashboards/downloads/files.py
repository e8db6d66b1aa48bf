"""The written files of a version: made once, named by what is in them, and kept.

A version is the checksum of its estimates, so its address never answers with other bytes; the same estimates in dollars
of today are a version of their own. Files of the last versions stay in MOBILITY_HOME/exports; every server makes the
same ones, whatever name a reader calls it by.
"""

import hashlib
import json
import os
import shutil
import tempfile
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path

from django.conf import settings

from atlas.queries.live import Generation, live_generation
from atlas.queries.prices import price_level
from atlas.tables.datapackage import FileFacts, describe_package, facts_of
from atlas.tables.formats import FORMATS
from atlas.tables.json_file import dump
from atlas.web.converters import PACKAGE
from atlas.web.table_files import TableFile, write_file
from dashboards.base.chosen_dollars import dollars_of
from dashboards.downloads.tables import TITLE, estimate_table, measure_table, page_address
from dashboards.formatting.shown_dollars import PUBLISHED, ShownDollars, cached_by_dollars, showing

KEPT = 10  # versions
WHOLE, MEASURES = "estimates", "measures"
WHOLE_FORMATS = ("parquet", "csv")
CITY_FORMATS = ("csv", "parquet", "json")
_LENGTH = 12  # characters of the checksum that name a version
_FACTS = "facts.json"  # written last: a version that has it is whole


class NotKept(LookupError):
    """A version, or a file of it, that is not here (any more)."""


def current_version() -> str:
    """The version of what is live now; its whole files are written when it is first asked for."""
    version = _current(live_generation())
    if not _is_whole(version):  # somebody cleared the folder since
        _current.cache_clear()
        version = _current(live_generation())
    return version


def facts(version: str) -> dict[str, FileFacts]:
    """Size and checksum of each whole file, by its name. Raises NotKept."""
    held = json.loads(read(version, _FACTS))
    return {name: FileFacts(**one) for name, one in held.items()}


def read(version: str, name: str) -> bytes:
    """A file as it was written. Raises NotKept."""
    path = _folder(version) / name
    if not path.is_file():
        raise NotKept(f"{version}/{name}")
    return path.read_bytes()


def city_file(version: str, city: str, extension: str) -> bytes:
    """The estimates of one city: from the disk, or written now where the version is the current one. Raises NotKept."""
    name = f"{city}.{extension}"
    try:
        return read(version, name)
    except NotKept:
        dollars = _dollars_of(version)
        if dollars is None:
            raise
    try:
        with showing(dollars):
            content = write_file(estimate_table(city), extension)
    except KeyError as unknown:
        raise NotKept(f"{version}/{name}") from unknown
    _write(_folder(version) / name, content)
    return content


def _dollars_of(version: str) -> ShownDollars | None:
    """In which dollars a version is the current one; None for one that is not. Its address says nothing of them."""
    level = price_level()
    for dollars in (PUBLISHED, dollars_of(level) if level is not None else PUBLISHED):
        with showing(dollars):
            if version == current_version():
                return dollars
    return None


@cached_by_dollars(maxsize=4)
def _current(generation: Generation) -> str:
    whole, measures = estimate_table(), measure_table()
    written = {f"{WHOLE}.{end}": (whole, end, write_file(whole, end)) for end in WHOLE_FORMATS}
    written |= {f"{MEASURES}.{end}": (measures, end, write_file(measures, end)) for end in WHOLE_FORMATS}
    every = hashlib.sha256(b"".join(content for _, _, content in written.values()))
    version = every.hexdigest()[:_LENGTH]
    if not _is_whole(version):
        _keep(version, written)
    return version


def _is_whole(version: str) -> bool:
    return (_folder(version) / _FACTS).is_file()


def _keep(version: str, written: dict[str, tuple[TableFile, str, bytes]]) -> None:
    """All files of a version, then the list of facts, which says that they are whole."""
    found: dict[str, FileFacts] = {}
    for name, (_, end, content) in written.items():
        _write(_folder(version) / name, content)
        found[name] = facts_of(content, name, end, FORMATS[end].media_type.partition(";")[0])
    files = [(written[name][0].table, one) for name, one in found.items()]
    package = describe_package("mobility-portal-estimates", TITLE, files, version=version, homepage=page_address())
    _write(_folder(version) / PACKAGE, dump(package))
    _write(_folder(version) / _FACTS, dump({name: asdict(one) for name, one in found.items()}))
    _remove_old()


def _remove_old() -> None:
    """Two servers may do this at once: what the other one removed meanwhile is no fault."""
    made: dict[Path, float] = {}
    for folder in _root().iterdir():
        with suppress(FileNotFoundError):
            made[folder] = folder.stat().st_mtime
    for folder in sorted(made, key=made.__getitem__, reverse=True)[KEPT:]:
        with suppress(FileNotFoundError):
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
    return Path(settings.MOBILITY_HOME) / "exports"
