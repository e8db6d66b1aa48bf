"""manage.py load_first_data: on a portal that never held data, queue everything recognisable in ATLAS_DATA_DIR."""

from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand
from kombu.exceptions import OperationalError

from atlas.ingest import jobs
from atlas.tasks import ingest_file


class Command(BaseCommand):
    help = "Queues the files of ATLAS_DATA_DIR as ingest jobs, once."

    def handle(self, **options):
        folder = settings.ATLAS_DATA_DIR
        if folder is None or not jobs.nothing_was_ever_ingested():
            return
        if not Path(folder).is_dir():
            self.stderr.write(f"ATLAS_DATA_DIR={folder} is not a folder: no data are imported.")
            return
        queued, skipped = jobs.request_folder(Path(folder))
        self.stdout.write(f"{len(queued)} files of {folder} are being imported, see /data/; {len(skipped)} left alone.")
        try:
            for job in queued:
                ingest_file.delay(str(job.pk))
        except OperationalError:
            self.stderr.write("The broker does not answer: the jobs start when it does.")
