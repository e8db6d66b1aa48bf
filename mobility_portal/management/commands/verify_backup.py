import tempfile
import time
from pathlib import Path

from django.core.management.base import BaseCommand

from mobility_portal.backup.keys import read_identity
from mobility_portal.backup.verify import verify_backup


class Command(BaseCommand):
    help = "Restores a backup into a scratch server, compares every table and file by checksum, and deletes it again."
    requires_system_checks = ()

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)
        parser.add_argument("--identity", type=Path, required=True, help="the key file that backup_key made")
        parser.add_argument("--unsigned", action="store_true", help="also a file that this portal's key did not sign")
        parser.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()), help="where there is room")

    def handle(self, **options):
        begun = time.monotonic()
        identity = read_identity(options["identity"])
        manifest = verify_backup(options["file"], identity, options["folder"], trust_unsigned=options["unsigned"])
        self.stdout.write(
            f"Equal by checksum: {len(manifest.tables)} tables with {manifest.row_count:,} rows, {manifest.file_count} "
            f"files. Made {manifest.made_at}; {time.monotonic() - begun:.1f} s."
        )
