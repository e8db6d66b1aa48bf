"""manage.py bench [--data FOLDER] [--only PART]: the numbers asked for, measured here. Nothing fails for being slow."""

import os
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from mobility_portal.bench.parts import PARTS, Part, RunningPortal, UnknownPart, choose_parts
from mobility_portal.bench.results import Results
from mobility_portal.bench.scratch import scratch_database
from mobility_portal.embedded.home import find_home

NO_PORTAL = "name one that runs with --portal http://127.0.0.1:8000 or BENCH_PORTAL"
NO_FILES = "give the folder of the sources' files with --data FOLDER or ATLAS_DATA_DIR"


class Command(BaseCommand):
    help = (
        "Measures imports, pages and statistics, each part on a scratch database of its own. Prints a table and "
        "writes bench.json into MOBILITY_HOME."
    )

    def add_arguments(self, parser):
        parser.add_argument("--data", type=Path, default=settings.ATLAS_DATA_DIR, help="folder of sources' files")
        parser.add_argument(
            "--only",
            action="append",
            metavar="PART",
            help=f"one or more of {', '.join(part.name for part in PARTS)}: with commas, or given again",
        )
        parser.add_argument("--portal", default=os.environ.get("BENCH_PORTAL", ""), help="address of a running portal")
        parser.add_argument("--sessions", type=int, default=40, help="how many people come (the full size: 200)")
        parser.add_argument("--draws", type=int, default=20_000, help="made-up trials a setting, in the part pilots")
        parser.add_argument("--seconds", type=float, default=60.0, help="for how long (the full size: 300)")

    def handle(
        self,
        *,
        data: Path | None,
        only: list[str] | str | None,
        portal: str = "",
        sessions: int = 40,
        seconds: float = 60.0,
        draws: int = 20_000,
        **options,
    ):
        try:
            parts = choose_parts(only)
        except UnknownPart as unknown:
            raise CommandError(str(unknown), returncode=2) from unknown
        missing = [part.name for part in parts if part.needs_files and (data is None or not data.is_dir())]
        if missing and only:
            raise CommandError(f"The part {', '.join(missing)} reads real files: {NO_FILES}.", returncode=2)
        running = RunningPortal(portal.rstrip("/"), sessions, seconds)
        results = Results(self.stdout.write)
        for part in parts:
            if part.needs_portal and not portal:
                results.say(f"{part.name}: not measured; {NO_PORTAL}.")
                continue
            if part.name in missing:
                results.say(f"{part.name}: not measured; {NO_FILES}.")
                continue
            given: tuple = (results, draws) if part.takes_draws else (results,)
            if part.needs_files:
                given = (results, data)
            if part.needs_portal:
                given = (results, running)
            self._measure(part, given)
            results.save(find_home().path / "bench.json")  # after each part: an interrupted run keeps what it has

    def _measure(self, part: Part, given: tuple) -> None:
        report = part.load()
        if part.needs_database:
            with scratch_database():
                report(*given)
        else:
            report(*given)
