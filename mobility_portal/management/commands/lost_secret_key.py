from django.core.management.base import BaseCommand

from mobility_portal.backup.lost_key import find_unreadable, forget_unreadable


class Command(BaseCommand):
    help = "After SECRET_KEY was lost: what can't be read any more. With --commit, people can sign in again."

    def add_arguments(self, parser):
        parser.add_argument("--commit", action="store_true", help="remove unreadable second factors, end every session")

    def handle(self, **options):
        found = find_unreadable()
        self.stdout.write(
            f"Can't be read with this SECRET_KEY: {len(found.authenticators)} authenticator apps and sets of recovery "
            f"codes of {len(found.people)} people, tokens of {len(found.feeds)} feeds, {len(found.webhooks)} webhooks."
        )
        for name, keys in (("feed", found.feeds), ("webhook", found.webhooks)):
            if keys:
                self.stdout.write(f"Enter anew on their pages: {name} {', '.join(map(str, keys))}")
        if found.pilots:
            self.stdout.write(f"Files can no longer be matched: pilot {', '.join(map(str, found.pilots))}")
        if not found.people:
            return
        self.stdout.write("These people set up a new second step: " + ", ".join(found.people))
        if options["commit"]:
            forget_unreadable(found)
            self.stdout.write("Their unreadable second factors are removed and every session has ended.")
        else:
            self.stdout.write("Nothing was changed; --commit removes the unreadable second factors.")
