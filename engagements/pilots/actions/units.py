"""The list of units: bringing a file, and locking the list."""

from datetime import UTC, datetime

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from engagements.access.pilots import pilot_city_for, pilot_for
from engagements.base.audited_transaction import add_activity, audited_transaction
from engagements.base.editing import lock
from engagements.base.tables.table import Table
from engagements.models import PilotUnit, PilotUnitList, User
from engagements.permissions import DRAW_PILOT
from engagements.pilots.actions.readiness import ready_plan
from engagements.pilots.actions.salting import salt_of, salted
from engagements.pilots.actions.unit_files import read_unit_file
from engagements.pilots.queries.units import draw_units, list_mark
from engagements.pilots.rules.drawing.allocate import allocate
from engagements.pilots.rules.drawing.pairs import match_pairs
from engagements.pilots.rules.drawing.public_seed import seed_day_problem
from engagements.pilots.rules.drawing.units import DrawRefused, DrawUnit, list_sha256
from engagements.pilots.rules.registration import DesignKind, Registration

MOST_UNITS = 50_000
_BATCH = 2_000


def bring_units(*, pk: int, engagement: int, table: Table, by: User, now: datetime) -> int:
    """The units of one city, in place of those it brought before; how many. Ids are salted at once and not kept.

    Raises NotFound, FileRefused, ValidationError.
    """
    city = pilot_city_for(by, pk, engagement, DRAW_PILOT)
    plan = ready_plan(city.pilot, now)
    read = read_unit_file(plan, table)  # seconds, so before anybody has to wait for the pilot
    with audited_transaction(by):
        row = lock(city.pilot)
        if ready_plan(row, now) != plan:
            raise ValidationError(_("The registration changed since the file was read. Import it again."))
        units = PilotUnitList.objects.filter(pilot=row).first()
        if units is None:
            units = PilotUnitList.objects.create(pilot=row, uploaded_by=by, uploaded_at=now)
        if units.locked_at is not None:
            raise ValidationError(_("The list is locked. It stays as it is."))
        units.units.filter(city_id=engagement).delete()
        if units.units.count() + len(read.units) > MOST_UNITS:
            raise ValidationError(_("A list has at most {most} units.").format(most=f"{MOST_UNITS:,}"))
        key = salt_of(row, now=now)
        made = [
            DrawUnit(salted(key, one.id), city.engagement.city.slug, one.block, one.cluster, numbers=one.numbers)
            for one in read.units
        ]
        if plan.design == DesignKind.PAIRS:
            made = _paired(made, plan)
        if units.units.filter(salted_id__in=[one.id for one in made]).exists():
            raise ValidationError(_("An id of this file is in the list of another city. Make ids of cities differ."))
        PilotUnit.objects.bulk_create(
            [
                PilotUnit(
                    unit_list=units,
                    salted_id=one.id,
                    city_id=engagement,
                    block=one.block,
                    cluster=one.cluster,
                    pair=one.pair,
                    numbers=dict(one.numbers),
                )
                for one in made
            ],
            batch_size=_BATCH,
        )
        units.columns = list(read.kept)
        units.count = units.units.count()
        units.uploaded_by, units.uploaded_at = by, now
        units.save(update_fields=["columns", "count", "uploaded_by", "uploaded_at"])
        add_activity(by=by, now=now, verb="brought units of", thing=row, engagement_id=engagement)
    return len(made)


def lock_units(
    *, pk: int, expected_count: int, by: User, now: datetime, expected_mark: str | None = None
) -> PilotUnitList:
    """After it nobody is added or taken out. Raises NotFound, ValidationError.

    `expected_count`: as it was shown. `expected_mark`: of the list that was shown (`list_mark`), because another file
    may have as many units; None where nobody was shown one.
    """
    seen = pilot_for(by, pk, DRAW_PILOT)
    with audited_transaction(by):
        row = lock(seen)
        plan = ready_plan(row, now)
        units = PilotUnitList.objects.select_for_update().filter(pilot=row).first()
        if units is None or not units.count:
            raise ValidationError(_("Import a list first."))
        if units.locked_at is not None:
            raise ValidationError(_("The list is locked already."))
        if problem := seed_day_problem(plan.draw, now.astimezone(UTC).date()):
            raise ValidationError(f"{problem} " + _("Amend the registration."))
        if units.count != expected_count or expected_mark not in (None, list_mark(units)):
            raise ValidationError(_("The list changed since you saw it. Look at it again."))
        missing = row.cities.exclude(engagement__in=units.units.values("city")).values_list(
            "engagement__city__name", flat=True
        )
        if missing:
            raise ValidationError(_("No units yet of: {cities}.").format(cities=", ".join(missing)))
        drawn_from = draw_units(units)
        try:
            allocate(plan, drawn_from, "only to see whether this list can be drawn from")
            units.sha256 = list_sha256(drawn_from)
        except DrawRefused as refused:
            raise ValidationError(str(refused)) from refused
        units.locked_by, units.locked_at = by, now
        units.save(update_fields=["sha256", "locked_by", "locked_at"])
        add_activity(by=by, now=now, verb="locked the units of", thing=row, engagement_id=row.engagement_id)
    return units


def _paired(made: list[DrawUnit], plan: Registration) -> list[DrawUnit]:
    try:
        return match_pairs(made, plan.draw.pair_by)
    except DrawRefused as refused:
        raise ValidationError(str(refused)) from refused
