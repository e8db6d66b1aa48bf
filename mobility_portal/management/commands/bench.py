"""manage.py bench [--data FOLDER] [--only PART]: the numbers asked for, measured here. Nothing fails for being slow."""

import time
from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.test import override_settings
from django.test.utils import setup_databases, setup_test_environment, teardown_databases, teardown_test_environment

from atlas.ingest.pipeline import run
from atlas.ingest.scanning import files
from engagements.seeding import seed
from mobility_portal.bench import coverage, digest, engagements, imports, ledger, pages, plans

# A home that never ran the portal has no collected files; names of files cost no time either way.
_PLAIN_STATIC = "django.contrib.staticfiles.storage.StaticFilesStorage"


class Command(BaseCommand):
    help = (
        "Measures imports and pages on a scratch database, with the publishers' files of ATLAS_DATA_DIR, "
        "and how often 95% intervals hold the truth."
    )

    def add_arguments(self, parser):
        parser.add_argument("--data", type=Path, default=settings.ATLAS_DATA_DIR, help="folder of publishers' files")
        parser.add_argument(
            "--only",
            choices=["coverage", "digest", "engagements", "ledger", "plans"],
            help="a part that needs no files",
        )

    def handle(self, *, data: Path | None, only: str | None, **options):
        if only in ("coverage", "plans"):
            {"coverage": coverage, "plans": plans}[only].report(self.stdout.write)
            if only == "plans":
                self._on_scratch(lambda: plans.report_page(self.stdout.write))
            return
        if only is not None:
            part = {"digest": digest, "engagements": engagements, "ledger": ledger}[only]
            self._on_scratch(lambda: part.report(self.stdout.write))
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
        imports.report(self.stdout.write)
        # The generated list of tracts is not the publisher's: what it made known must not meet the real files.
        call_command("flush", interactive=False, verbosity=0, reset_sequences=False)
        seed()
        for folder in ("atlas/national", "atlas", "county", "geo", "context"):
            start = time.perf_counter()
            reports = [run(path, commit=True) for path in files([data / folder])]
            live = sum(report.outcome == "activated" for report in reports)
            self.stdout.write(f"{folder}: {live} files live in {time.perf_counter() - start:.1f} s")
        pages.report(self.stdout.write)
        engagements.report(self.stdout.write)
        plans.report(self.stdout.write)
        plans.report_page(self.stdout.write)
        ledger.report(self.stdout.write)
        coverage.report(self.stdout.write)
