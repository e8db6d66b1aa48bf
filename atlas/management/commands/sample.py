"""manage.py sample [FOLDER] [--commit]: generated files in the publishers' formats, to look around with."""

from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from atlas.ingest import provenance
from atlas.ingest.pipeline import run
from atlas.sample.shipped_files import write_sample


class Command(BaseCommand):
    help = "Writes the synthetic sample data (default folder: sample/ in MOBILITY_HOME); with --commit imports it."

    def add_arguments(self, parser):
        parser.add_argument("folder", nargs="?", type=Path, metavar="FOLDER")
        parser.add_argument("--commit", action="store_true", help="put it in use where no published data are")

    def handle(self, *, folder, commit, **options):
        folder = folder or settings.MOBILITY_HOME / "sample"
        try:
            written = write_sample(folder)
        except OSError as error:
            raise CommandError(f"{folder} can't be written: {error.strerror}.") from error
        self.stdout.write(f"Wrote {len(written)} sample data files to {folder}.")
        if not commit:
            return
        reports = [run(path, commit=True) for path in written if path.name != provenance.MANIFEST]
        for report in reports:
            if report.outcome != "skipped":
                self.stdout.write(f"{Path(report.path).name}: {report.sentence()}")
        if any(report.refused for report in reports):
            raise CommandError("Some files were refused; the others are as said above.", returncode=1)
