from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from engagements.city_records.archive import write_city_record
from engagements.models import Engagement


class Command(BaseCommand):
    help = "Writes the whole record of one city's work as a ZIP: tables, history, documents, dictionary, checksums."

    def add_arguments(self, parser):
        parser.add_argument("engagement", help="its slug, as in /engagements/SLUG/")
        parser.add_argument("file", type=Path, help="a new file")

    def handle(self, **options):
        found = Engagement.objects.select_related("city", "initiative").filter(slug=options["engagement"]).first()
        if found is None:
            raise CommandError(f"There is no engagement {options['engagement']}.")
        draft = options["file"].with_name(f"{options['file'].name}.partial")
        if options["file"].exists():
            raise CommandError(f"{options['file']} exists already; choose another name.")
        try:
            draft.touch(mode=0o600)
            with draft.open("w+b") as out:
                rows = write_city_record(out, found, now=timezone.now())
            draft.rename(options["file"])
        finally:
            draft.unlink(missing_ok=True)
        self.stdout.write(f"{options['file']}: {rows:,} rows, {options['file'].stat().st_size:,} bytes.")
