"""manage.py make_lead EMAIL INITIATIVE: the first lead of an initiative, who invites everybody else on pages."""

from datetime import UTC

import pghistory
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from engagements.models import EngagementRole, Initiative, User
from engagements.permissions import Role


class Command(BaseCommand):
    help = "Makes somebody with an account a lead of an initiative. Leads create the next one at /initiatives/new/."

    def add_arguments(self, parser):
        parser.add_argument("email", help="of an account that is there: manage.py createsuperuser makes one")
        parser.add_argument("initiative", help="its slug, as in /portfolio/SLUG/")

    @transaction.atomic
    def handle(self, *, email: str, initiative: str, **options):
        user = User.objects.filter(email=email.strip().lower(), is_active=True).first()
        if user is None:
            raise CommandError(f"There is no active account with the address {email}.")
        within = Initiative.objects.filter(slug=initiative, archived_at=None).first()
        if within is None:
            known = ", ".join(
                Initiative.objects.filter(archived_at=None).order_by("slug").values_list("slug", flat=True)
            )
            raise CommandError(f"There is no initiative {initiative}. There are: {known or 'none'}.")
        held = {"user": user, "role": Role.LEAD.value, "initiative": within, "engagement": None}
        if EngagementRole.objects.open().filter(**held).exists():
            self.stdout.write(f"{user} is a lead of {within} already.")
            return
        with pghistory.context(why="manage.py make_lead"):
            EngagementRole.objects.create(**held, began_on=timezone.localdate(timezone=UTC))
        self.stdout.write(f"{user} is a lead of {within}.")
