from pathlib import Path

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from engagements.privacy.actions.copies import write_copy
from engagements.privacy.queries.people import person_with


class Command(BaseCommand):
    help = "Writes what the portal holds about a person as a ZIP, for a request that came on paper."

    def add_arguments(self, parser):
        parser.add_argument("email", help="of the account")
        parser.add_argument("file", type=Path, help="a new file")

    def handle(self, **options):
        person, file = person_with(options["email"]), options["file"]
        if person is None:
            raise CommandError(f"There is no account with the address {options['email']}.")
        if file.exists():
            raise CommandError(f"{file} exists already; choose another name.")
        draft = file.with_name(f"{file.name}.partial")
        try:
            draft.touch(mode=0o600)
            with draft.open("w+b") as out, transaction.atomic():
                rows = write_copy(out, person=person, by=None, now=timezone.now())
            draft.rename(file)
        except ValidationError as refused:
            raise CommandError(" ".join(refused.messages)) from refused
        finally:
            draft.unlink(missing_ok=True)
        self.stdout.write(f"{file}: {rows:,} rows, {file.stat().st_size:,} bytes.")
