"""manage.py bench [--data FOLDER] [--only PART]: the numbers asked for, measured here. Nothing fails for being slow."""

import time
from collections.abc import Callable
from importlib import import_module
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.test import override_settings
from django.test.utils import setup_databases, setup_test_environment, teardown_databases, teardown_test_environment

from atlas.ingest.pipeline import run
from atlas.ingest.scanning import find_files
from engagements.seeds.initiative import seed

# A home that never ran the portal has no collected files; names of files cost no time either way.
_PLAIN_STATIC = "django.contrib.staticfiles.storage.StaticFilesStorage"
ALONE = ("coverage", "plans")  # need no database
PARTS = ("digest", "engagements", "ledger", "portfolio")


def part(name: str):
    """A part, loaded when it runs: the memory of an import is measured without the libraries of reports."""
    return import_module(f"mobility_portal.bench.{name}")


class Command(BaseCommand):
    help = (
        "Measures imports and pages on a scratch database, with the publishers' files of ATLAS_DATA_DIR, "
        "and how often 95% intervals hold the truth."
    )

    def add_arguments(self, parser):
        parser.add_argument("--data", type=Path, default=settings.ATLAS_DATA_DIR, help="folder of publishers' files")
        parser.add_argument("--only", choices=[*ALONE, *PARTS], help="a part that needs no files")

    def handle(self, *, data: Path | None, only: str | None, **options):
        if only in ALONE:
            part(only).report(self.stdout.write)
            if only == "plans":
                self._on_scratch(lambda: part("plans").report_page(self.stdout.write))
            return
        if only is not None:
            self._on_scratch(lambda: part(only).report(self.stdout.write))
            return
        if data is None or not data.is_dir():
            raise CommandError("Give the folder of the publishers' files with --data FOLDER or ATLAS_DATA_DIR.")
        self._on_scratch(lambda: self._measure(data))

    def _on_scratch(self, work: Callable[[], None]) -> None:
        setup_test_environment()
        old = setup_databases(verbosity=0, interactive=False)
        try:
            connection.ensure_connection()
            with override_settings(STORAGES=settings.STORAGES | {"staticfiles": {"BACKEND": _PLAIN_STATIC}}):
                work()
        finally:
            teardown_databases(old, verbosity=0)
            teardown_test_environment()

    def _measure(self, data: Path) -> None:
        part("imports").report(self.stdout.write)
        # The generated list of tracts is not the publisher's: what it made known must not meet the real files.
        call_command("flush", interactive=False, verbosity=0, reset_sequences=False)
        seed()
        for folder in ("atlas/national", "atlas", "county", "geo", "context"):
            start = time.perf_counter()
            reports = [run(path, commit=True) for path in find_files([data / folder])]
            live = sum(report.outcome == "activated" for report in reports)
            self.stdout.write(f"{folder}: {live} files live in {time.perf_counter() - start:.1f} s")
        for name in ("pages", "engagements", "plans"):
            part(name).report(self.stdout.write)
        part("plans").report_page(self.stdout.write)
        for name in ("ledger", "portfolio", "coverage"):
            part(name).report(self.stdout.write)
