"""The copy for a person: a ZIP with what the portal holds about them, as tables for people and for programs."""

import csv
import io
import json
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any, BinaryIO

from django.apps import apps
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.template.loader import render_to_string

from atlas.tables.formula_escape import escape_formula
from engagements.models import Comment, LocalNote, ProgressEntry, Record, User
from engagements.privacy.rules.inventory import INVENTORY

# Their own words, wherever they wrote them: the model, who wrote it, and which columns are words and dates.
_WORDS: tuple[tuple[type[models.Model], str, tuple[str, ...]], ...] = (
    (Comment, "author", ("created_at", "body")),
    (ProgressEntry, "by", ("at", "line", "note")),
    (Record, "written_by", ("on", "title", "body")),
    (LocalNote, "author", ("body",)),
)
_BATCH = 500


class _Encoder(DjangoJSONEncoder):
    def default(self, o: Any) -> Any:
        try:
            return super().default(o)
        except TypeError:
            return str(o)


def write_person_archive(out: BinaryIO, person: User, *, now: datetime) -> int:
    """How many rows are in it. Of others there is nothing in it but ids; of secrets nothing at all."""
    counted: list[tuple[str, str, int]] = []
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:

        def write(path: str, content: bytes) -> None:
            info = zipfile.ZipInfo(path, now.timetuple()[:6])
            info.compress_type, info.external_attr = zipfile.ZIP_DEFLATED, 0o600 << 16
            archive.writestr(info, content)

        for label, held in INVENTORY.items():
            model = apps.get_model(label)
            if held.is_own and held.path:
                columns = [f.attname for f in model._meta.concrete_fields if f.name not in held.secret]
                rows = list(_rows(model, held.path, person, columns))
                if rows:
                    name = label.replace(".", "_")
                    write(f"own/{name}.csv", _csv(columns, rows))
                    write(f"own/{name}.json", _json(rows))
                    counted.append((f"own/{name}", held.what, len(rows)))
        for model, path, texts in _WORDS:
            columns = ["id", *texts]
            rows = list(_rows(model, path, person, columns))
            if rows:
                name = model.__name__
                write(f"words/{name}.csv", _csv(columns, rows))
                write(f"words/{name}.json", _json(rows))
                counted.append((f"words/{name}", INVENTORY[model._meta.label].what, len(rows)))
        done = list(_traces(person))
        write("work.csv", _csv(("table", "as", "id"), done))
        write("work.json", _json(done))
        counted.append(("work", "everything that names you, by table, in which part, and id", len(done)))
        context = {"person": person, "now": now, "tables": counted}
        write("README.txt", render_to_string("engagements/privacy/readme.txt", context).encode())
    return sum(count for _path, _what, count in counted)


def _rows(model: type[models.Model], path: str, person: User, columns: Iterable[str]) -> Iterator[dict[str, Any]]:
    found = model._base_manager.filter(**{path: person.pk}).order_by("pk").values(*columns)
    yield from found.iterator(chunk_size=_BATCH)


def _traces(person: User) -> Iterator[dict[str, Any]]:
    """Every row of the city's record that names the person: which table, in which part, which id; no content."""
    for label, held in INVENTORY.items():
        if held.is_own:
            continue
        model = apps.get_model(label)
        for field in model._meta.concrete_fields:
            if field.related_model is User:
                ids = model._base_manager.filter(**{field.name: person.pk}).order_by("pk").values_list("pk", flat=True)
                for pk in ids.iterator(chunk_size=_BATCH):
                    yield {"table": model.__name__, "as": field.name, "id": pk}


def _json(rows: Sequence[dict[str, Any]]) -> bytes:
    return json.dumps(rows, cls=_Encoder, ensure_ascii=False, indent=1).encode()


def _csv(head: Iterable[str], rows: Iterable[dict[str, Any]]) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(list(head))
    for row in rows:
        writer.writerow([_cell(value) for value in row.values()])
    return out.getvalue().encode("utf-8-sig")


def _cell(value: Any) -> Any:
    if isinstance(value, dict | list):
        value = json.dumps(value, cls=_Encoder, ensure_ascii=False)
    if isinstance(value, datetime):
        return value.isoformat()
    return escape_formula(value) if isinstance(value, str) else value
