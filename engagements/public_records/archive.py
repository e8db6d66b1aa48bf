"""The ZIP for a public-records request: what is shared with its checksum, what is withheld by kind, date and reason."""

import csv
import hashlib
import io
import zipfile
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, tzinfo
from pathlib import PurePosixPath
from typing import Any, BinaryIO

from django.template.loader import render_to_string

from atlas.tables.formula_escape import escape_formula
from engagements.models import PublicRecordExport
from engagements.models.public_records import RecordNoun
from engagements.public_records.queries.entries import Entry
from engagements.public_records.queries.nouns import rows_of
from engagements.public_records.queries.words import words_of
from engagements.public_records.rules import without_contacts

MOST_BYTES = 1_000_000_000
_CHUNK = 1 << 20


class TooMuch(Exception):
    """The text says it and what to do."""


@dataclass(frozen=True)
class Shared:
    """`path` within the archive, "" where the bytes are lost."""

    entry: Entry
    number: int
    title: str
    path: str
    sha256: str
    size: int

    @property
    def marked(self) -> str:
        return f"by {self.entry.marked_by}" if self.entry.marked_by else "by default of its kind"


def write_archive(out: BinaryIO, export: PublicRecordExport, entries: Sequence[Entry], *, now: datetime) -> None:
    """Of what is withheld neither title nor author nor content is in it. `now`: in the zone of who asks.

    Raises TooMuch.
    """
    rows = _rows(export.engagement_id, entries)
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        shared = []
        for number, entry in enumerate((e for e in entries if e.decision.is_shareable), start=1):
            shared.append(_share(archive, number, entry, rows[entry.noun][entry.pk], now))
            if out.tell() > MOST_BYTES:
                raise TooMuch("The export has more than 1 GB. Choose fewer days and ask for several exports.")
        withheld = [entry for entry in entries if not entry.decision.is_shareable]
        archive.writestr(_info("index.csv", now), _shared_table(shared))
        reasons = [(entry.kind_label, entry.on, without_contacts(entry.reason_label)) for entry in withheld]
        archive.writestr(_info("withheld.csv", now), _withheld_table(reasons))
        context = {"export": export, "shared": shared, "withheld": reasons, "now": now}
        page = render_to_string("engagements/public_records/archive_index.html", context)
        archive.writestr(_info("index.html", now), page)


def _rows(engagement_id: int, entries: Sequence[Entry]) -> dict[str, dict[int, Any]]:
    """By noun and id, only what is shared. One statement each."""
    wanted: dict[str, list[int]] = defaultdict(list)
    for entry in entries:
        if entry.decision.is_shareable:
            wanted[entry.noun].append(entry.pk)
    return {noun: rows_of(noun, engagement_id).in_bulk(ids) for noun, ids in wanted.items()}


def _share(archive: zipfile.ZipFile, number: int, entry: Entry, row: Any, now: datetime) -> Shared:
    title = without_contacts(" ".join(entry.title.split()))[:200]
    entry = replace(entry, author=without_contacts(entry.author))  # whoever has no name stands as an email address
    if entry.noun == RecordNoun.DOCUMENT:
        path = f"documents/{number:04d}-{entry.pk}{PurePosixPath(row.original_name).suffix.lower()[:10]}"
        digest, size = _copy(archive, path, row, now)
        return Shared(entry, number, title, path if size else "", digest, size)
    path = f"texts/{number:04d}-{entry.kind}-{entry.pk}.txt"
    content = _text(entry, row, now.tzinfo or UTC).encode()
    archive.writestr(_info(path, now), content)
    return Shared(entry, number, title, path, hashlib.sha256(content).hexdigest(), len(content))


def _copy(archive: zipfile.ZipFile, path: str, row: Any, now: datetime) -> tuple[str, int]:
    """Checksum and bytes of what went in; the kept checksum and 0 where the file is no longer on the disk."""
    digest, size = hashlib.sha256(), 0
    try:
        content = row.file.storage.open(row.file.name, "rb")
    except FileNotFoundError:
        return row.sha256, 0
    with content, archive.open(_info(path, now), "w") as into:
        while chunk := content.read(_CHUNK):
            digest.update(chunk)
            size += len(chunk)
            into.write(chunk)
    return digest.hexdigest(), size


def _info(path: str, now: datetime) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(path, now.timetuple()[:6])
    info.compress_type = zipfile.ZIP_DEFLATED
    info.external_attr = 0o600 << 16
    return info


def _text(entry: Entry, row: Any, zone: tzinfo) -> str:
    """Kind, day and author, then the words, without anybody's contact data."""
    head = ", ".join(part for part in (entry.kind_label, entry.on.isoformat(), entry.author) if part)
    return without_contacts("\n\n".join((head, *words_of(entry.noun, row, zone)))) + "\n"


def _shared_table(shared: Sequence[Shared]) -> bytes:
    head = ("number", "kind", "date", "title", "author", "file", "bytes", "sha256", "marked")
    rows = (
        (
            one.number,
            one.entry.kind_label,
            one.entry.on.isoformat(),
            one.title,
            one.entry.author or "not shown",
            one.path or "the bytes are no longer on the disk",
            one.size,
            one.sha256,
            one.marked,
        )
        for one in shared
    )
    return _table(head, rows)


def _withheld_table(withheld: Sequence[tuple[str, date, str]]) -> bytes:
    rows = ((kind, on.isoformat(), reason) for kind, on, reason in withheld)
    return _table(("kind", "date", "reason"), rows)


def _table(head: tuple[str, ...], rows) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(head)
    for row in rows:
        writer.writerow([escape_formula(cell) if isinstance(cell, str) else cell for cell in row])
    return out.getvalue().encode("utf-8-sig")
