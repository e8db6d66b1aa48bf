"""Writes docs/accessibility.md from the declaration."""

from django.conf import settings
from django.core.management.base import BaseCommand

from mobility_portal.accessibility.paper import paper

FILE = settings.BASE_DIR / "docs" / "accessibility.md"


class Command(BaseCommand):
    help = "Writes docs/accessibility.md: how far the portal meets WCAG 2.2 and Section 508."
    requires_system_checks = ()

    def handle(self, **options) -> None:
        FILE.write_text(paper(), "utf-8")
        self.stdout.write(f"Wrote {FILE.relative_to(settings.BASE_DIR)}.")
