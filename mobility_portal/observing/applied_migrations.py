"""Whether the database has every migration of this code, by the names of the files: no migration is imported for it."""

import time
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.db import connection

_AGAIN = 60.0  # seconds for which "yes" is believed; a database may be replaced by an older one under a running portal
_believed_until: dict[str, float] = {}  # by name of the database


def are_applied() -> bool:
    """One statement at most once a minute while the answer is yes. Raises django.db.Error."""
    database = str(connection.settings_dict["NAME"])
    if time.monotonic() < _believed_until.get(database, 0.0):
        return True
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT app, name FROM django_migrations WHERE app = ANY(%s)", [sorted({a for a, _ in _needed()})]
        )
        applied = _needed() <= set(cursor.fetchall())
    if applied:
        _believed_until[database] = time.monotonic() + _AGAIN
    return applied


@lru_cache(maxsize=1)
def _needed() -> frozenset[tuple[str, str]]:
    """Of our own apps: what libraries bring is applied in the same run."""
    found = set()
    for name in settings.OWN_APPS:
        label = apps.get_app_config(name).label
        spec = find_spec(f"{name}.migrations") if (Path(settings.BASE_DIR) / name / "migrations").is_dir() else None
        for folder in spec.submodule_search_locations or () if spec else ():
            found |= {(label, path.stem) for path in Path(folder).glob("[0-9]*.py")}
    return frozenset(found)
