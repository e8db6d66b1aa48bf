from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from engagements.privacy.actions.erasing import erase_person
from engagements.privacy.queries.people import person_with
from engagements.privacy.queries.preview import preview_of


class Command(BaseCommand):
    help = "Shows what the erasure of a person would do; with --confirm EMAIL it is done, and cannot be undone."

    def add_arguments(self, parser):
        parser.add_argument("email", help="of the account")
        parser.add_argument("--confirm", metavar="EMAIL", default="", help="the same address again: erase now")

    def handle(self, **options):
        person = person_with(options["email"])
        if person is None:
            raise CommandError(f"There is no account with the address {options['email']}.")
        if not options["confirm"]:
            self._show(person)
            return
        try:
            erase_person(person=person.pk, by=None, now=timezone.now(), confirmation=options["confirm"])
        except ValidationError as refused:
            raise CommandError(" ".join(refused.messages)) from refused
        self.stdout.write(f"Account {person.pk} is erased.")

    def _show(self, person) -> None:
        preview = preview_of(person)
        for head, rows in (("Goes:", preview.goes), ("Stays under “Former member”:", preview.stays)):
            self.stdout.write(head)
            for what, count in rows:
                self.stdout.write(f"  {count:,}: {what}")
        self.stdout.write(f"Open roles that end: {preview.open_roles}. Unfinished work they own: {preview.owned}.")
        for name in preview.only_lead_of:
            self.stdout.write(f"Refused until somebody else leads {name}.")
        self.stdout.write(
            "Free text that names them, for you to read:" if preview.mentions else "No free text names them."
        )
        for row in preview.mentions:
            earlier = ", in its history" if row.is_earlier else ""
            self.stdout.write(f"  {row.model} {row.object_id}: {row.field}{earlier}{row.city and f' ({row.city})'}")
