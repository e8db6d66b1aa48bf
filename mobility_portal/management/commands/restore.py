import time
from pathlib import Path

from django.core.management.base import BaseCommand

from mobility_portal.backup.keys import read_identity
from mobility_portal.backup.restore import restore_backup
from mobility_portal.embedded.refusal import Refusal


class Command(BaseCommand):
    help = "Restores a backup. Everything is checked before anything is touched; the portal must be stopped."
    requires_system_checks = ()

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)
        parser.add_argument("--identity", type=Path, required=True, help="the key file that backup_key made")
        parser.add_argument("--into", metavar="HOME", help="a new MOBILITY_HOME with its own private database")
        parser.add_argument("--replace", action="store_true", help="what is there moves aside; asks first")
        parser.add_argument("--yes", action="store_true", help="with --replace: do not ask")
        parser.add_argument("--without-secrets", action="store_true", help="keep the secrets of this home")
        parser.add_argument("--unsigned", action="store_true", help="also a file that this portal's key did not sign")
        parser.add_argument("--erasures", type=Path, help="the list erasures.jsonl; otherwise the one beside FILE")

    def handle(self, **options):
        begun = time.monotonic()
        if options["replace"] and not options["yes"]:
            answer = input("The database and the files of this portal move aside. Type restore to go on: ")
            if answer.strip() != "restore":
                raise Refusal("Nothing was changed.")
        done = restore_backup(
            options["file"],
            read_identity(options["identity"]),
            replace=options["replace"],
            with_secrets=not options["without_secrets"],
            trust_unsigned=options["unsigned"],
            erasures=options["erasures"],
            say=self.stdout.write,
        )
        manifest = done.manifest
        self.stdout.write(
            f"Restored as of {manifest.made_at}: {len(manifest.tables)} tables with {manifest.row_count:,} rows and "
            f"{manifest.file_count} files, equal by checksum; {done.erased} later deletions repeated; "
            f"{time.monotonic() - begun:.1f} s."
        )
        if done.old_database:
            self.stdout.write(f"The database of before is {done.old_database}; drop it when you no longer need it.")
        if done.key_differs:
            self.stdout.write(
                "SECRET_KEY of the environment is not the one of the backup, which is now in MOBILITY_HOME/secrets/"
                "secret_key: set it to that, or run `manage.py lost_secret_key`."
            )
        if done.not_erased:
            listed = ", ".join(f"{entry.model} {entry.object_id}" for entry in done.not_erased)
            raise Refusal(f"Not deleted again, look at them before anybody signs in: {listed}.")
