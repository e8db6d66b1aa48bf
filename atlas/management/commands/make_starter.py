"""manage.py make_starter FOLDER: the starter set that comes with the portal, made of the publishers' files."""

from datetime import UTC, date, datetime
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from atlas.ingest.scanning import find_files
from atlas.sources.base import SourceFileError
from atlas.starter.errors import StarterSetError
from atlas.starter.make import make_starter_set
from atlas.starter.manifest import SHIPPED


class Command(BaseCommand):
    help = "Makes the starter set of the source files in a folder; needs no database."
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("folder", type=Path, metavar="FOLDER", help="the source files")
        parser.add_argument("--to", type=Path, metavar="FOLDER", default=SHIPPED, help="default: atlas/starter/data/")
        parser.add_argument("--date", type=date.fromisoformat, metavar="YYYY-MM-DD", help="of the set; default: today")

    def handle(self, *, folder: Path, to: Path, date: date | None, **options):
        if not folder.is_dir():
            raise CommandError(f"{folder} is not a folder.")
        try:
            made = make_starter_set(find_files([folder]), to, date or datetime.now(UTC).date())
        except (StarterSetError, SourceFileError) as problem:
            raise CommandError(f"No starter set was made: {problem}.") from problem
        except OSError as error:
            raise CommandError(f"{to} can't be written: {error.strerror}.") from error
        for file in made.files:
            self.stdout.write(f"{file.name}: {file.byte_count:,} bytes, {file.rows:,} rows. {file.license}.")
        for entry in made.left_out:
            self.stdout.write(f"left out {entry.name}: {entry.reason}.")
        self.stdout.write(f"{len(made.files)} files, {made.byte_count:,} bytes, in {to}.")
