from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils import timezone

from mobility_portal.backup.keys import make_key
from mobility_portal.embedded.home import Home


class Command(BaseCommand):
    help = "Makes the key pair of backups. FILE opens them: keep it off this machine. The portal keeps the public half."
    requires_system_checks = ()

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path, help="a new file, outside MOBILITY_HOME")
        parser.add_argument("--replace", action="store_true", help="another key for later backups")

    def handle(self, **options):
        home = Home(settings.MOBILITY_HOME)
        home.prepare()
        recipient = make_key(home, options["file"], timezone.now(), replace=options["replace"])
        self.stdout.write(
            f"{options['file']} opens the backups of this portal. Move it to a safe place off this machine, twice: "
            f"without it no backup can be read.\nThe public half, kept here and for BACKUP_RECIPIENT: {recipient}"
        )
