"""manage.py verify_security_log: whether anybody changed, removed, moved or cut off entries of the security log."""

from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from engagements.security_log.actions.anchors import read_anchors
from engagements.security_log.queries.verification import verify


class Command(BaseCommand):
    help = "Reads the chain of the security log and its anchors. Ends with an error when it is not as it was written."

    def add_arguments(self, parser):
        parser.add_argument(
            "--anchors", type=Path, help="a copy of the anchors kept elsewhere; default: SECURITY_LOG_ANCHORS"
        )

    def handle(self, *, anchors: Path | None, **options):
        path = anchors or settings.SECURITY_LOG_ANCHORS
        try:
            known = read_anchors(path)
        except (ValueError, KeyError, TypeError) as broken:
            raise CommandError(f"{path} is not as the portal writes it: {broken}") from broken
        found = verify(anchors=known, now=timezone.now())
        for problem in found.problems:
            self.stderr.write(problem)
        if found.problems:
            raise CommandError(f"The security log is not as it was written: {len(found.problems)} findings.")
        self.stdout.write(
            f"The security log is as it was written: {found.links} events in the chain, {found.waiting} waiting for "
            f"their place, {found.anchors} anchors. Last hash: {found.last_hash or 'none'}"
        )
        if not found.anchors:
            self.stdout.write(f"No anchors at {path}: a cut-off end would not be seen.")
