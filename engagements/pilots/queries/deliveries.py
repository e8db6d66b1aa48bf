"""What a file of data is held against: the registration that counts, the draw, agreements that hold, and versions
before.

The registration that counts is the one that is analyzed: the last that was locked before the first data. What was
amended later changes neither what a file must have nor the verdict. Only the protection of people is read from the
newest wording, because it may have been renewed; and of its limits the stricter holds.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from engagements.models import DataAgreement, Pilot, PilotAssignment, PilotDataset
from engagements.pilots.queries.analysis_inputs import counting_version
from engagements.pilots.queries.dataset_tables import table_of
from engagements.pilots.rules.canonical import registration_of
from engagements.pilots.rules.check_people import people_problems
from engagements.pilots.rules.data import PilotData
from engagements.pilots.rules.delivery import DrawnUnits
from engagements.pilots.rules.reading import DataRefused
from engagements.pilots.rules.registration import DRAWN, Registration
from engagements.pilots.rules.released import Released, release_each, tables_of


@dataclass(frozen=True)
class Ready:
    """A pilot whose data may come in now."""

    pilot: Pilot
    registration: Registration
    drawn: DrawnUnits | None


def plan_of_data(pilot: Pilot) -> Registration | None:
    """What every delivery is read by, first to last: the plan that gives the verdict. None for a draft.

    With the stricter of its limit of small cells and that of the newest amendment.
    """
    version, newest = counting_version(pilot), newest_plan(pilot)
    if version is None or newest is None:
        return None
    plan = registration_of(version.content)
    limit = max(plan.limits.smallest_cell, newest.limits.smallest_cell)
    return replace(plan, limits=replace(plan.limits, smallest_cell=limit))


def newest_plan(pilot: Pilot) -> Registration | None:
    """As amended last: what protects people today."""
    version = pilot.versions.order_by("-number").first()
    return registration_of(version.content) if version else None


def ready_for_data(pilot: Pilot, now: datetime) -> Ready:
    """Raises ValidationError with what has to come first; the database asks for the same."""
    plan, newest = plan_of_data(pilot), newest_plan(pilot)
    if plan is None or newest is None:
        raise ValidationError(_("Lock the registration first. No data come in before."))
    if problem := next(iter(people_problems(newest.human_subjects, now.astimezone(UTC).date())), None):
        raise ValidationError(f"{problem[1]} " + _("Amend the registration. No data come in before."))
    drawn = drawn_units(pilot, plan)
    if plan.design in DRAWN and drawn is None:
        raise ValidationError(_("Draw the groups first. Data are held against the draw."))
    return Ready(pilot, plan, drawn)


def drawn_units(pilot: Pilot, registration: Registration) -> DrawnUnits | None:
    """None where the portal drew nothing. One statement."""
    rows = PilotAssignment.objects.filter(allocation__unit_list__pilot=pilot).values_list(
        "arm", "unit__salted_id", "unit__cluster", "unit__city__city__slug"
    )
    arm_of, arm_of_cluster = {}, {}
    several = len(registration.cities) > 1
    for arm, name, cluster, city in rows:
        arm_of[name] = arm
        arm_of_cluster[city if several else "", cluster or name] = arm
    return DrawnUnits(arm_of, arm_of_cluster) if arm_of else None


def open_agreements(pilot: Pilot, today: date) -> QuerySet[DataAgreement]:
    """Of cities that take part; not ended, not expired, with a day of deletion that is still to come."""
    cities = pilot.cities.filter(accepted_at__isnull=False).values("engagement")
    rows = DataAgreement.objects.filter(engagement__in=cities, archived_at=None, delete_on__gt=today)
    return rows.filter(Q(expires_on=None) | Q(expires_on__gte=today)).order_by("title", "pk")


def smallest_cell(registration: Registration, agreement: DataAgreement | None) -> int:
    """The stricter of registration, agreement and house limit of 10."""
    return max(10, registration.limits.smallest_cell, agreement.smallest_cell if agreement else 0)


def released_counts(dataset: PilotDataset) -> Released | None:
    """Counts that may be shown of a delivery that is still there; None where it was deleted or cannot be read by the
    registration any more. Earlier versions of the pilot count as released."""
    plan = plan_of_data(dataset.pilot)
    if plan is None or dataset.deleted_at is not None:
        return None
    try:
        table = table_of(dataset, plan)
    except (DataRefused, FileNotFoundError):
        return None
    key = plan.outcome.key
    return released_outcomes(dataset, plan, {key: table.outcomes[key]})[key]


def released_outcomes(
    dataset: PilotDataset, plan: Registration, outcomes: Mapping[str, PilotData]
) -> dict[str, Released]:
    """What may be shown of each outcome of a delivery, on a page or in a bundle."""
    limit = smallest_cell(plan, dataset.agreement)
    return release_each(outcomes, plan, limit, earlier_tables(dataset.pilot, plan, dataset.number))


def earlier_tables(pilot: Pilot, plan: Registration, before: int | None = None) -> dict[str, list]:
    """By outcome what was released of the versions before this one, as it was kept when they came; deleted ones too."""
    rows = PilotDataset.objects.filter(pilot=pilot).order_by("number")
    if before is not None:
        rows = rows.filter(number__lt=before)
    found: dict[str, list] = {}
    for checks in rows.values_list("checks", flat=True):
        kept = {plan.outcome.key: checks.get("released", {}), **checks.get("released_secondary", {})}
        for key, tables in kept.items():
            found.setdefault(key, []).append(tables_of(tables))
    return found
