"""Copies documents and reports from DOCUMENTS_DIR into the bucket, once, when a portal moves to one."""

import hashlib

from django.apps import apps
from django.conf import settings
from django.core.files import File
from django.core.files.storage import FileSystemStorage, storages
from django.core.management.base import BaseCommand, CommandError
from django.db import models


class Command(BaseCommand):
    help = (
        "Copies every document, preview, report and export from DOCUMENTS_DIR into DOCUMENTS_BUCKET. Files that are "
        "there with the same content are left alone: it can be run again. Nothing is deleted."
    )

    def handle(self, *args, **options):
        if "bucket" not in settings.STORAGES:
            raise CommandError("Name the bucket first: DOCUMENTS_BUCKET and what goes with it, see docs/operations.md.")
        folder, bucket = FileSystemStorage(location=settings.DOCUMENTS_DIR, base_url=None), storages["bucket"]
        copied, there, lost = 0, 0, []
        for name in sorted(kept_names()):
            try:
                content = folder.open(name, "rb")
            except FileNotFoundError:
                if not bucket.exists(name):
                    lost.append(name)
                continue
            with content:
                if is_same(bucket, name, content):
                    there += 1
                    continue
                bucket.save(name, File(content))
                if not is_same(bucket, name, content):
                    raise CommandError(f"{name} is not in the bucket as it was sent. Run it again.")
                copied += 1
        self.stdout.write(f"{copied} files copied, {there} were there already.")
        if lost:
            first = ", ".join(lost[:5])
            raise CommandError(f"{len(lost)} files that the database names are in neither place: {first}.")


def kept_names() -> set[str]:
    """The name of every file that a row of the database speaks of."""
    fields = [
        (model, field.name)
        for model in apps.get_models()
        for field in model._meta.get_fields()
        if isinstance(field, models.FileField)
    ]
    return {
        name
        for model, field in fields
        for name in model._base_manager.exclude(**{field: ""}).values_list(field, flat=True)
    }


def is_same(bucket, name: str, content: File) -> bool:
    """Whether the bucket holds exactly these bytes; `content` is at its beginning afterward."""
    content.seek(0)
    wanted = digest(content)
    content.seek(0)
    try:
        with bucket.open(name, "rb") as found:
            return digest(found) == wanted
    except FileNotFoundError:
        return False


def digest(content: File) -> bytes:
    found = hashlib.sha256()
    for chunk in content.chunks():
        found.update(chunk)
    return found.digest()
