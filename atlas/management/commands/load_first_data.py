"""manage.py load_first_data: on a portal that never held data, import what there is.

The files of ATLAS_DATA_DIR; without it, or when that folder is empty, the starter set that came with the portal, and
the publishers' own files are fetched by a job. While the starter set is all there is, every start asks them again.
"""

from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import transaction
from kombu.exceptions import OperationalError

from atlas.ingest import fetches, jobs
from atlas.starter.manifest import MANIFEST, SHIPPED
from atlas.tasks import fetch_files, ingest_file


class Command(BaseCommand):
    help = "Queues the first imports: the files of ATLAS_DATA_DIR, else the starter set and the source files."

    def handle(self, **options):
        folder = settings.ATLAS_DATA_DIR
        is_new = jobs.is_new_portal()
        try:
            if folder is None or _is_empty(Path(folder)):
                self._start_without_files(is_new)
            elif is_new and not Path(folder).is_dir():
                self.stderr.write(f"ATLAS_DATA_DIR={folder} is not a folder: no data are imported.")
            elif is_new:
                self._import(Path(folder))
        except OperationalError:
            self.stderr.write("The broker does not answer: the jobs start when it does.")

    def _import(self, folder: Path) -> None:
        queued, skipped = jobs.queue_folder(folder)
        self.stdout.write(f"{len(queued)} files of {folder} are being imported, see /data/; {len(skipped)} left alone.")
        for job in queued:
            ingest_file.delay(str(job.pk))

    def _start_without_files(self, is_new: bool) -> None:
        """Both are in the database before the broker hears of either: with it away, both start when it is back."""
        with transaction.atomic():
            queued = jobs.queue_starter_set() if is_new and settings.STARTER_SET else []
            fetch = fetches.create_first_fetch() if settings.FETCH_FIRST_DATA else None
        if is_new and settings.STARTER_SET and not queued:
            self.stderr.write(f"The starter set is not whole: {SHIPPED / MANIFEST} can't be read.")
        if queued:
            self.stdout.write(f"The {len(queued)} files of the starter set are being imported, see /data/.")
        if fetch is not None:
            self.stdout.write("The source files are being fetched, see /data/.")
        for job in queued:
            ingest_file.delay(str(job.pk))
        if fetch is not None:
            fetch_files.delay(str(fetch.pk))


def _is_empty(folder: Path) -> bool:
    """An empty mounted folder is how docker compose says "none"."""
    return folder.is_dir() and not any(folder.iterdir())
