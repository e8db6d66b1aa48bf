"""Writes the generated part of the Python client; `make client`. Needs ruff, so requirements-dev.txt."""

from django.conf import settings
from django.core.management.base import BaseCommand

from mobility_portal.client_source import client_source
from mobility_portal.schema_view import api_document

FILE = settings.BASE_DIR / "clients" / "python" / "src" / "mobility_portal_client" / "operations.py"


class Command(BaseCommand):
    help = "Writes clients/python's operations from the API's own description."
    requires_system_checks = ()

    def handle(self, **options) -> None:
        FILE.write_text(client_source(api_document()), "utf-8")
        self.stdout.write(f"Wrote {FILE.relative_to(settings.BASE_DIR)}.")
