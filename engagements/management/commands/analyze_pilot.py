"""manage.py analyze_pilot SPEC.toml DATA.csv: the finding of a pilot from two files, without touching any database.

Ends with 0 where something was computed, also a refusal (its reason is in the output); with 2 where a file cannot be
used, each problem a sentence on stderr. docs/pilots.md describes both files and the output.
"""

import sys
from datetime import UTC, datetime
from pathlib import Path

from django.core.management.base import BaseCommand

from engagements.pilots.rules.outside import FilesRefused, analyze_files, as_json, as_page

UNUSABLE = 2


class Command(BaseCommand):
    help = "Computes the finding of a pilot from the file that describes it and its data; no database is touched."
    requires_system_checks = ()

    def add_arguments(self, parser):
        parser.add_argument("spec", type=Path, help="TOML: the registration and its facts; see docs/pilots.md")
        parser.add_argument("data", type=Path, help="CSV: counts by group, or one line per person")
        parser.add_argument("--json", action="store_true", help="all numbers as JSON instead of a page of text")

    def handle(self, *, spec: Path, data: Path, json: bool, **options) -> None:
        try:
            values = analyze_files(spec, data, datetime.now(UTC).date())
        except FilesRefused as refused:
            for sentence in refused.sentences:
                self.stderr.write(sentence)
            sys.exit(UNUSABLE)
        self.stdout.write((as_json if json else as_page)(values).rstrip("\n"))
