"""A small portal is brought in through the real pipeline once per process; later tests get its rows and files back.

What comes back is what the pipeline wrote, row by row, keys too. So remembered results that hang on the keys of
releases are forgotten first: in production a key never comes twice, here a test may have changed what is behind it.
"""

import io
import shutil
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from pathlib import Path

from django.apps import apps
from django.db import connection, transaction

from atlas.models import City

# Results of these hang on no row: drawing the nation's outline and the typesetter's fonts again takes long.
_OF_NO_ROW = ("atlas.sources.", "dashboards.exports.typeset", "dashboards.methods.worked_examples")


@dataclass(frozen=True)
class _Kept:
    """Rows of the tables as COPY writes them, and the folder the files were read from."""

    city: int
    rows: dict[str, bytes]
    folder: Path


_kept: dict[tuple, _Kept] = {}
_folders: list[tempfile.TemporaryDirectory] = []  # until the process ends


def remembered(build: Callable[..., City]) -> Callable[..., City]:
    """For `build(folder, **choices)`: the pipeline runs for the first call with these choices in a process.

    A database that holds anything of the atlas, or a city of the caller's own, is always built through the pipeline.
    """

    @wraps(build)
    def build_or_restore(folder: Path, city: City | None = None, **choices) -> City:
        if city is not None:
            return build(folder, city, **choices)
        if not _is_empty():
            return build(folder, **choices)
        key = (build.__module__, *sorted(choices.items()))
        if key in _kept:
            return _restore(_kept[key], folder)
        before = set(folder.rglob("*"))
        city = build(folder, **choices)
        if not before:  # only the files of the build itself are to come back
            _kept[key] = _keep(city, folder)
        return city

    return build_or_restore


def _is_empty() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT " + " OR ".join(f'EXISTS (SELECT FROM "{table}")' for table in _tables()))
        return not cursor.fetchone()[0]


def _tables() -> list[str]:
    return [
        model._meta.db_table
        for model in apps.get_app_config("atlas").get_models(include_auto_created=True)
        if model._meta.managed
    ]


def _keep(city: City, folder: Path) -> _Kept:
    rows = {}
    with connection.cursor() as cursor:
        for table in _tables():
            held = io.BytesIO()
            cursor.copy_expert(f'COPY "{table}" TO STDOUT', held)
            if held.getvalue():
                rows[table] = held.getvalue()
    _folders.append(tempfile.TemporaryDirectory(prefix="remembered-"))
    shutil.copytree(folder, _folders[-1].name, dirs_exist_ok=True)
    told = {table: text.replace(str(folder).encode(), _folders[-1].name.encode()) for table, text in rows.items()}
    return _Kept(city.pk, told, Path(_folders[-1].name))


def _restore(kept: _Kept, folder: Path) -> City:
    shutil.copytree(kept.folder, folder, dirs_exist_ok=True)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        for table, rows in kept.rows.items():
            there = io.BytesIO(rows.replace(str(kept.folder).encode(), str(folder).encode()))
            cursor.copy_expert(f'COPY "{table}" FROM STDIN', there)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    _forget()
    return City.objects.get(pk=kept.city)


def _forget() -> None:
    for name, module in list(sys.modules.items()):
        if name.startswith(("atlas.", "dashboards.")) and not name.startswith(_OF_NO_ROW):
            for value in list(vars(module).values()):
                if hasattr(value, "cache_clear") and not isinstance(value, type):
                    value.cache_clear()
