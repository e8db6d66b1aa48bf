from pathlib import Path

from django.core.management.base import BaseCommand

from engagements.security_log.actions.recording import Kind, record_security_event
from mobility_portal.backup.make import make_backup
from mobility_portal.database import needs_migration


class Command(BaseCommand):
    help = "Writes one encrypted file with the database, documents, reports, media and secrets. The portal may run."

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path, help="a new file")
        parser.add_argument("--recipient", default="", help="an age recipient (age1...); otherwise that of backup_key")
        parser.add_argument(
            "--without-secrets",
            action="store_true",
            help="leave out SECRET_KEY and the key that signs backups; docs/backup.md says what then is lost",
        )
        parser.add_argument("--no-verify", action="store_true", help="no trial restore into a scratch server")

    def handle(self, **options):
        row = make_backup(
            options["file"],
            recipient=options["recipient"],
            verify=not options["no_verify"],
            with_secrets=not options["without_secrets"],
        )
        if not needs_migration():  # a database before an upgrade is saved as it is
            row.save()
            record_security_event(Kind.BACKUP_MADE, thing=row, detail={"scheduled": False, "bytes": row.size})
        said = "restored into a scratch server and equal" if row.verified_at else "not tried"
        self.stdout.write(
            f"{options['file']}: {row.size:,} bytes, {row.table_count} tables with {row.row_count:,} rows, "
            f"{row.file_count} files, {said}; {row.seconds:.1f} s."
        )
