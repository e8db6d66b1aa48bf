"""The draw: once, by the registered scheme, with a seed that did not exist before the list was locked."""

import secrets
from datetime import UTC, datetime

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from engagements.access.pilots import pilot_for
from engagements.base.audited_transaction import add_activity, audited_transaction
from engagements.base.editing import lock
from engagements.models import Pilot, PilotAllocation, PilotAssignment, PilotUnitList, User
from engagements.permissions import DRAW_PILOT
from engagements.pilots.actions.readiness import ready_plan
from engagements.pilots.queries.units import draw_units
from engagements.pilots.rules.drawing.allocate import allocate
from engagements.pilots.rules.drawing.public_seed import public_seed, seed_day_problem, seed_source
from engagements.pilots.rules.drawing.units import DrawRefused
from engagements.pilots.rules.readable import day_words
from engagements.pilots.rules.registration import Registration

_BATCH = 2_000


def draw(*, pk: int, numbers: str, by: User, now: datetime) -> PilotAllocation:
    """Once. `numbers`: of the public draw that the registration names; "" where it names none: then the portal makes
    the seed now.

    Raises NotFound, ValidationError by field.
    """
    seen = pilot_for(by, pk, DRAW_PILOT)
    with audited_transaction(by):
        row = lock(seen)
        plan = ready_plan(row, now)
        units = PilotUnitList.objects.select_for_update().filter(pilot=row).first()
        if units is None or units.locked_at is None:
            raise ValidationError(_("Lock the list first. A seed that is known before could be used to choose."))
        if PilotAllocation.objects.filter(unit_list=units).exists():
            raise ValidationError(_("The groups were drawn already. There is one draw."))
        seed, seed_from = _seed(plan, numbers.strip(), units.locked_at, now)
        try:
            drawn = allocate(plan, draw_units(units), seed)
        except DrawRefused as refused:
            raise ValidationError(str(refused)) from refused
        made = PilotAllocation.objects.create(
            unit_list=units,
            registration=row.versions.latest("number"),
            scheme=drawn.scheme,
            algorithm=drawn.algorithm,
            algorithm_version=drawn.algorithm_version,
            seed=seed,
            seed_from=seed_from,
            result_sha256=drawn.result_sha256,
            drawn_by=by,
            drawn_at=now,
        )
        ids = dict(units.units.values_list("salted_id", "pk"))
        PilotAssignment.objects.bulk_create(
            [
                PilotAssignment(allocation=made, unit_id=ids[name], arm=given.arm, starts_in=given.starts_in)
                for name, given in sorted(drawn.arms.items())
            ],
            batch_size=_BATCH,
        )
        if row.state == Pilot.State.REGISTERED:
            row.state = Pilot.State.ALLOCATED
            row.save(update_fields=["state"])
        add_activity(by=by, now=now, verb="drew the arms of", thing=row, engagement_id=row.engagement_id)
    return made


def _seed(plan: Registration, typed: str, locked_at: datetime, now: datetime) -> tuple[str, str]:
    """The seed's text, and in words where it is from."""
    if not plan.draw.seed_from:
        if typed:
            raise ValidationError(_("The registration names no public draw. The portal makes the seed."))
        return secrets.token_hex(16), ""
    if problem := seed_day_problem(plan.draw, locked_at.astimezone(UTC).date()):
        raise ValidationError(f"{problem} " + _("Make a new pilot from this one."))
    if plan.draw.seed_on is not None and plan.draw.seed_on > now.astimezone(UTC).date():
        day = day_words(plan.draw.seed_on)
        raise ValidationError({"value": _("The public draw is held on {day}. Come back then.").format(day=day)})
    try:
        return public_seed(plan.draw, typed), seed_source(plan.draw)
    except DrawRefused as refused:
        raise ValidationError({"value": str(refused)}) from refused
