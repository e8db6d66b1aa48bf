"""manage.py ingest PATH... [--source NAME] [--commit] [--accept-losses] [--accept-implausible] [--reason TEXT] ..."""

import json
from dataclasses import replace
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from atlas.ingest.pipeline import run
from atlas.ingest.report import IngestReport
from atlas.ingest.scanning import find_files, looks_like_data
from atlas.sources.detect import source_names


class Command(BaseCommand):
    help = "Reads source files. A dry run unless --commit; exit status 0 only when nothing was refused."

    def add_arguments(self, parser):
        parser.add_argument("paths", nargs="+", type=Path, metavar="PATH", help="a file, or a folder of files")
        parser.add_argument(
            "--source", default="", choices=["", *source_names()], help="read as this source, not by header"
        )
        parser.add_argument("--commit", action="store_true", help="import valid files and put them in use")
        parser.add_argument("--accept-losses", action="store_true", help="even if tracts or columns in use are dropped")
        parser.add_argument(
            "--accept-implausible",
            action="store_true",
            help="even if percentiles or standard errors are out of range",
        )
        parser.add_argument("--reason", default="", help="why; shown on /data/errata/ if published values change")
        parser.add_argument("--json", action="store_true", dest="as_json", help="print the reports as JSON")

    def handle(self, *, paths, source, commit, accept_losses, accept_implausible, reason, as_json, **options):
        missing = [path for path in paths if not path.exists()]
        if missing:
            raise CommandError(f"{missing[0]} does not exist.")
        reports: list[IngestReport] = []
        for path in find_files(paths):
            report = run(
                path,
                source=source,
                commit=commit,
                accept_losses=accept_losses,
                accept_implausible=accept_implausible,
                reason=reason,
            )
            if report.refused and path not in paths and not looks_like_data(path):
                report = replace(report, outcome="skipped")
            reports.append(report)
            if not as_json:
                self.stdout.write(f"{path.name}: {report.sentence()}")
                for note in report.notes():
                    self.stdout.write(f"  {note}")
        if as_json:
            self.stdout.write(json.dumps({"commit": commit, "reports": [r.as_dict() for r in reports]}, indent=2))
        named = {path for path in paths if path.is_file()}
        unknown = [r for r in reports if r.outcome == "skipped" and Path(r.path) in named]
        refused = [r for r in reports if r.refused]
        if refused or unknown:
            count = len(refused) + len(unknown)
            raise CommandError(f"{count} of {len(reports)} files refused; the others are as said above.", returncode=1)
        if not commit and not as_json:
            self.stdout.write("Dry run: nothing was written. Add --commit to import it.")
