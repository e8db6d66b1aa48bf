"""manage.py rebuild_search: what the search box looks in, written anew from what it is about."""

from django.core.management.base import BaseCommand
from django.utils import timezone

from engagements.finding.actions.index import rebuild_search


class Command(BaseCommand):
    help = "Writes the index of the search box anew. Triggers keep it; this is for a database that was restored."

    def handle(self, **options):
        found = rebuild_search(now=timezone.now())
        self.stdout.write(f"{found.entries:,} entries with {found.words:,} different words can be found.")
