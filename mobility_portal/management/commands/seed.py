from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils import timezone

from engagements.demo.people import demo_people, seed_demo_people, switch_off_demo
from engagements.demo.work import seed_demo_work
from engagements.seeds.initiative import seed
from mobility_portal.demo import demo_password


class Command(BaseCommand):
    help = "Adds what is missing of the public record, and on our own database the demo accounts."

    def handle(self, **options):
        count = seed()
        if settings.DEMO_ACCOUNTS:
            seed_demo_people(demo_password())
            seed_demo_work(demo_people(), timezone.now())
        else:
            switch_off_demo()
        if options["verbosity"]:
            self.stdout.write(f"The public record's {count} cities are there.")
