from django.core.management.base import BaseCommand

from engagements.seeding import seed


class Command(BaseCommand):
    help = "Adds the cities and engagements of the public record that are not there yet."

    def handle(self, **options):
        count = seed()
        if options["verbosity"]:
            self.stdout.write(f"The public record's {count} cities are there.")
