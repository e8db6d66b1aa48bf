"""manage.py load_first_data: on a portal that never held data, import what there is.

The files of ATLAS_DATA_DIR; without it, or when that folder is empty, the publishers' own files are fetched by a job.
"""

from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand
from kombu.exceptions import OperationalError

from atlas.ingest import fetches, jobs
from atlas.tasks import fetch_files, ingest_file


class Command(BaseCommand):
    help = "Queues the first imports, once: the files of ATLAS_DATA_DIR, else the publishers' files."

    def handle(self, **options):
        if not jobs.is_new_portal():
            return
        folder = settings.ATLAS_DATA_DIR
        try:
            if folder is None:
                self._fetch()
            elif not Path(folder).is_dir():
                self.stderr.write(f"ATLAS_DATA_DIR={folder} is not a folder: no data are imported.")
            elif not any(Path(folder).iterdir()):
                self._fetch()  # an empty mounted folder is how docker compose says "none"
            else:
                self._import(Path(folder))
        except OperationalError:
            self.stderr.write("The broker does not answer: the jobs start when it does.")

    def _import(self, folder: Path) -> None:
        queued, skipped = jobs.queue_folder(folder)
        self.stdout.write(f"{len(queued)} files of {folder} are being imported, see /data/; {len(skipped)} left alone.")
        for job in queued:
            ingest_file.delay(str(job.pk))

    def _fetch(self) -> None:
        if not settings.FETCH_FIRST_DATA:
            return
        job = fetches.create_first_fetch()
        if job is not None:
            self.stdout.write("The publishers' files are being fetched (the sample when none answers), see /data/.")
            fetch_files.delay(str(job.pk))
