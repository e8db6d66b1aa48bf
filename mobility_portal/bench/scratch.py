"""A database for one part of the bench: made empty, gone afterward, with nothing remembered of another."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.test import override_settings
from django.test.utils import setup_databases, setup_test_environment, teardown_databases, teardown_test_environment

# A home that never ran the portal has no collected files; names of files cost no time either way.
_PLAIN_STATIC = "django.contrib.staticfiles.storage.StaticFilesStorage"


@contextmanager
def scratch_database() -> Iterator[None]:
    setup_test_environment()
    old = setup_databases(verbosity=0, interactive=False)
    try:
        connection.ensure_connection()
        _forget()
        with override_settings(STORAGES=settings.STORAGES | {"staticfiles": {"BACKEND": _PLAIN_STATIC}}):
            yield
    finally:
        _forget()
        teardown_databases(old, verbosity=0)
        teardown_test_environment()


def _forget() -> None:
    """Figures are remembered by keys of rows, and two databases use the same keys for different rows."""
    cache.clear()
    for name, module in list(sys.modules.items()):
        if name.startswith(("atlas.", "dashboards.", "engagements.")):
            for value in list(vars(module).values()):
                if hasattr(value, "cache_clear") and not isinstance(value, type):
                    value.cache_clear()
