"""manage.py confirm [unit LABEL UNIT | suffix SUFFIX MEANING]"""

from django.core.management.base import BaseCommand, CommandError

from atlas.ingest.confirmations import ConfirmationRefused, confirm
from atlas.queries.units import SUFFIX_MEANINGS, suffix_questions, unit_questions
from atlas.shown_labels import UNITS


class Command(BaseCommand):
    help = "Lists labels whose unit nobody has confirmed, or says what one is: confirm unit 'College Rate' share."

    def add_arguments(self, parser):
        parser.add_argument("kind", nargs="?", choices=["unit", "suffix"], help="what is confirmed; nothing lists all")
        parser.add_argument("subject", nargs="?", default="", help="the label as listed, or the suffix")
        parser.add_argument("meaning", nargs="?", default="", help=f"{', '.join((*UNITS, *SUFFIX_MEANINGS))}")

    def handle(self, *, kind, subject, meaning, **options):
        if kind is None:
            self._list()
            return
        try:
            confirm(kind=kind, subject=subject, meaning=meaning)
        except ConfirmationRefused as refused:
            raise CommandError(str(refused)) from refused
        again = " Import the file again to use its second columns." if kind == "suffix" else ""
        self.stdout.write(f"Confirmed: {subject} is {(UNITS | SUFFIX_MEANINGS)[meaning]}.{again}")

    def _list(self) -> None:
        units, suffixes = unit_questions(), suffix_questions()
        for one in units:
            span = f"values {one.low:g} to {one.high:g}" if one.low is not None and one.high is not None else "no value"
            said = f"confirmed: {one.confirmed}" if one.confirmed else f"not confirmed, taken for: {one.guess}"
            self.stdout.write(f"unit    {one.subject}: {said} ({span})")
        for held in suffixes:
            said = f"confirmed: {held.confirmed}" if held.confirmed else "not confirmed, held back"
            self.stdout.write(f"suffix  {held.suffix}: {said} ({held.columns} columns of {held.file_name})")
        if not units and not suffixes:
            self.stdout.write("No open questions: every label's unit is in a codebook.")
