"""The ZIP of a city's whole record: every table as CSV and JSON, its history, the files, a dictionary, checksums."""

import csv
import hashlib
import io
import json
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import PurePosixPath
from typing import Any, BinaryIO

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, models, transaction
from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _

from atlas.tables.formula_escape import escape_formula
from engagements.city_records.queries import LEFT_OUT, RecordTable, names_of_people, record_tables
from engagements.models import Document, Engagement, User

_CONTENTS = (
    ("data/", _("each table as CSV (UTF-8, for Excel) and as JSON lines (for programs)")),
    ("history/", _("what each row was after every change, with when, by whom and why (pgh_context)")),
    ("documents/", _("the files themselves, named by their id in data/Document.csv")),
    ("people.csv", _("names behind the ids of people")),
    ("data_dictionary.csv", _("every column: type, values, what it means, which table it points to")),
    ("left_out.csv", _("tables that are not in here, and why")),
    ("checksums.csv", _("bytes and SHA-256 of every file above")),
)
MOST_BYTES = 4_000_000_000
_CHUNK = 1 << 20
_BATCH = 500  # rows in memory at once


class TooLarge(Exception):
    """The text says it and what to do."""


class _Archive:
    """Counts and hashes what is written, for checksums.csv."""

    def __init__(self, out: BinaryIO, now: datetime):
        self.zip, self.out, self.now = zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED), out, now
        self.written: list[tuple[str, int, str]] = []

    def write(self, path: str, chunks: Iterable[bytes]) -> None:
        info = zipfile.ZipInfo(path, self.now.timetuple()[:6])
        info.compress_type, info.external_attr = zipfile.ZIP_DEFLATED, 0o600 << 16
        digest, size = hashlib.sha256(), 0
        with self.zip.open(info, "w", force_zip64=True) as into:
            for chunk in chunks:
                digest.update(chunk)
                size += len(chunk)
                into.write(chunk)
        self.written.append((path, size, digest.hexdigest()))
        if self.out.tell() > MOST_BYTES:
            raise TooLarge("The record has more than 4 GB. Ask whoever runs the portal for it: manage.py city_record.")


def write_city_record(out: BinaryIO, engagement: Engagement, *, now: datetime) -> int:
    """How many rows are in it. The caller has checked that this may be read. Raises TooLarge."""
    with _one_snapshot():
        return _write(_Archive(out, now), engagement, now)


@contextmanager
def _one_snapshot() -> Iterator[None]:
    """All tables as of one moment; inside another transaction its own level holds."""
    if connection.in_atomic_block:
        yield
        return
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield


def _write(archive: _Archive, engagement: Engagement, now: datetime) -> int:
    people: set[int] = set()
    counted = 0
    tables = list(record_tables())
    for table in tables:
        counted += _write_table(archive, table, engagement.pk, people)
    missing = _write_documents(archive, engagement.pk)
    archive.write("people.csv", _csv(("id", "name", "title", "organization"), names_of_people(people)))
    archive.write("data_dictionary.csv", _csv(_DICTIONARY, _dictionary(tables)))
    archive.write("left_out.csv", _csv(("table", "why"), sorted(LEFT_OUT.items())))
    context = {"engagement": engagement, "now": now, "rows": counted, "missing": missing, "contents": _CONTENTS}
    archive.write("README.txt", [render_to_string("engagements/city_records/readme.txt", context).encode()])
    listed = list(archive.written)
    archive.write("checksums.csv", _csv(("file", "bytes", "sha256"), listed))
    archive.zip.close()
    return counted


def _write_table(archive: _Archive, table: RecordTable, engagement_id: int, people: set[int]) -> int:
    """As CSV for people and as JSON lines for programs. Read twice: neither is kept in memory."""
    folder, count = "history" if table.is_history else "data", 0
    columns = table.columns
    keys = (field for field in columns if isinstance(field, models.ForeignKey))
    of_people = [field.attname for field in keys if field.related_model is User]

    def rows() -> Iterator[dict[str, Any]]:
        names = [field.attname for field in columns]
        yield from table.rows(engagement_id).values(*names).iterator(chunk_size=_BATCH)

    def cells() -> Iterator[list[Any]]:
        nonlocal count
        for row in rows():
            count += 1
            people.update(row[name] for name in of_people if row[name] is not None)
            yield [_cell(value) for value in row.values()]

    archive.write(f"{folder}/{table.name}.csv", _csv([field.attname for field in columns], cells()))
    if count:
        lines = (json.dumps(row, cls=_Encoder, ensure_ascii=False) + "\n" for row in rows())
        archive.write(f"{folder}/{table.name}.jsonl", (line.encode() for line in lines))
    return count


class _Encoder(DjangoJSONEncoder):
    """Ranges, bytes and whatever a column may hold besides: as text."""

    def default(self, o: Any) -> Any:
        try:
            return super().default(o)
        except TypeError:
            return str(o)


def _write_documents(archive: _Archive, engagement_id: int) -> int:
    """Also archived ones; how many have lost their bytes."""
    missing = 0
    for row in Document.objects.filter(engagement=engagement_id).order_by("pk").iterator():
        try:
            content = row.file.storage.open(row.file.name, "rb")
        except FileNotFoundError:
            missing += 1
            continue
        with content:
            path = f"documents/{row.pk}{PurePosixPath(row.original_name).suffix.lower()[:10]}"
            archive.write(path, _chunks(content))
    return missing


def _chunks(content: Any) -> Iterator[bytes]:
    while chunk := content.read(_CHUNK):
        yield chunk


_DICTIONARY = ("table", "column", "type", "may be empty", "points to", "values", "meaning")


def _dictionary(tables: Iterable[RecordTable]) -> Iterator[tuple[str, ...]]:
    for table in tables:
        for field in table.columns:
            related = field.related_model
            choices = "; ".join(f"{value} = {label}" for value, label in field.flatchoices) if field.choices else ""
            yield (
                table.name,
                field.attname,
                field.get_internal_type(),
                "yes" if field.null or field.blank else "no",
                related.__name__ if isinstance(related, type) else "",
                choices,
                str(field.help_text),
            )


def _cell(value: Any) -> Any:
    if isinstance(value, dict | list):
        return json.dumps(value, cls=_Encoder, ensure_ascii=False)
    return value.isoformat() if isinstance(value, datetime) else value


def _csv(head: Iterable[str], rows: Iterable[Iterable[Any]]) -> Iterator[bytes]:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(list(head))
    yield out.getvalue().encode("utf-8-sig")
    for row in rows:
        out.seek(0)
        out.truncate()
        writer.writerow([escape_formula(cell) if isinstance(cell, str) else cell for cell in row])
        yield out.getvalue().encode()
