"""Whether the units of a pilot may be listed and drawn now."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from engagements.models import Pilot
from engagements.pilots.actions.pilots import check_goes_on
from engagements.pilots.queries.units import latest_registration
from engagements.pilots.rules.check_people import people_problems
from engagements.pilots.rules.registration import DRAWN, Registration


def ready_plan(row: Pilot, now: datetime) -> Registration:
    """The latest registration of a pilot whose units may be listed and drawn now. Raises ValidationError."""
    check_goes_on(row)
    plan = latest_registration(row)
    if plan is None:
        raise ValidationError(_("Lock the registration first. Nobody is listed or drawn before."))
    if plan.design not in DRAWN:
        raise ValidationError(_("In this design nobody is drawn."))
    if problem := next(iter(people_problems(plan.human_subjects, now.date())), None):
        raise ValidationError(f"{problem[1]} " + _("Amend the registration."))
    return plan
