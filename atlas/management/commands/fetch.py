"""manage.py fetch [NAME...] [--to FOLDER] [--commit] [--json] [--list]"""

import json
import sys
import time
from dataclasses import asdict
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from atlas.fetching.errors import DiskFullError, FetchError
from atlas.fetching.fetch import FetchResult, fetch_all
from atlas.ingest import fetches
from atlas.ingest.pipeline import run
from atlas.sources.downloads import Download


class Command(BaseCommand):
    help = "Fetches the source files; --commit imports them. Exit status 0 only when every file is there."

    def add_arguments(self, parser):
        parser.add_argument("names", nargs="*", metavar="NAME", help="as --list shows them; all when none is given")
        parser.add_argument("--to", type=Path, metavar="FOLDER", help="default: downloads/ in MOBILITY_HOME")
        parser.add_argument("--commit", action="store_true", help="import what was fetched and put it in use")
        parser.add_argument("--json", action="store_true", dest="as_json", help="print the results as JSON")
        parser.add_argument("--list", action="store_true", dest="only_list", help="show the files and where they are")

    def handle(self, *, names, to, commit, as_json, only_list, **options):
        wanted = _chosen(names)
        if only_list:
            self._list(wanted, as_json)
            return
        folder = to or fetches.downloads_folder()
        results, reports = [], []
        line = _ProgressLine()
        try:
            for fetched in fetch_all(wanted, folder, settings.PUBLISHER_MIRRORS, line.show):
                line.clear()
                results.append(fetched)
                self._say(as_json, f"{fetched.file_name}: {fetched.sentence()}")
        except (DiskFullError, FetchError) as problem:
            raise CommandError(str(problem)) from problem
        except OSError as error:
            raise CommandError(f"{folder} can't be written: {error.strerror}.") from error
        if commit:
            for fetched in filter(lambda f: f.succeeded, results):
                reports.append(run(folder / fetched.file_name, commit=True))
                self._say(as_json, f"{fetched.file_name}: {reports[-1].sentence()}")
        if as_json:
            found = {"files": [asdict(f) for f in results], "reports": [r.as_dict() for r in reports]}
            self.stdout.write(json.dumps(found, indent=2))
        self._end(results, reports)

    def _list(self, wanted: tuple[Download, ...], as_json: bool) -> None:
        if as_json:
            self.stdout.write(json.dumps({"files": [asdict(download) for download in wanted]}, indent=2))
            return
        for download in wanted:
            self.stdout.write(f"{download.name}  {' '.join(download.addresses)}")

    def _say(self, as_json: bool, line: str) -> None:
        if not as_json:
            self.stdout.write(line)

    def _end(self, results: list[FetchResult], reports) -> None:
        failed = sum(not fetched.succeeded for fetched in results)
        refused = sum(report.refused for report in reports)
        if failed or refused:
            raise CommandError(
                f"{failed} of {len(results)} files could not be fetched, {refused} were refused.", returncode=1
            )


def _chosen(names: list[str]) -> tuple[Download, ...]:
    known = fetches.default_files()
    called = {alias for d in known for alias in (d.name, d.file_name, d.kind)}
    if unknown := [name for name in names if name not in called]:
        raise CommandError(f"There is no file '{unknown[0]}'; manage.py fetch --list shows them.")
    return tuple(d for d in known if not names or {d.name, d.file_name, d.kind} & set(names))


class _ProgressLine:
    """One line on a terminal, rewritten in place; nothing where the output goes to a file."""

    def __init__(self):
        self._on, self._last = sys.stderr.isatty(), 0.0

    def show(self, download: Download, done: int, total: int | None) -> None:
        if self._on and time.monotonic() - self._last > 0.2:
            self._last = time.monotonic()
            share = f", {100 * done / total:.0f}%" if total else ""
            sys.stderr.write(f"\r\x1b[K{download.file_name}: {done / 1e6:,.1f} MB{share}")

    def clear(self) -> None:
        if self._on:
            sys.stderr.write("\r\x1b[K")
