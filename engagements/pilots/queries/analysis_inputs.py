"""What an analysis is made of beside its data: the plan that counts, and the facts that data cannot say."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime

from django.db.models import Case, Count, F, When

from engagements.models import Pilot, PilotAssignment, PilotDataset, RegistrationVersion
from engagements.pilots.rules.canonical import registration_of
from engagements.pilots.rules.estimators.starts import with_starts
from engagements.pilots.rules.facts import PilotFacts, RegisteredBefore, earliest_window, registered_by
from engagements.pilots.rules.power.drawn import DrawnCluster, with_planned_sizes
from engagements.pilots.rules.registration import DesignKind, Registration


def counting_version(pilot: Pilot) -> RegistrationVersion | None:
    """The last wording that was locked before the first data came in: what was changed after that gives no verdict.

    Where none was, the first: its verdict is capped. None for a draft.
    """
    return counting_of(list(pilot.versions.order_by("number")), first_data_at(pilot))


def counting_of(versions: Sequence[RegistrationVersion], first_data: datetime | None) -> RegistrationVersion | None:
    """As `counting_version`, of all versions in order."""
    in_time = [one for one in versions if first_data is None or one.locked_at < first_data]
    if in_time:
        return in_time[-1]
    return versions[0] if versions else None


def locked_plans(versions: Iterable[RegistrationVersion], last: int) -> list[tuple[Registration, datetime]]:
    """Of versions in order those up to number `last`, as `rules.facts` reads them."""
    return [(registration_of(one.content), one.locked_at) for one in versions if one.number <= last]


def first_data_at(pilot: Pilot) -> datetime | None:
    return (
        PilotDataset.objects.filter(pilot=pilot).order_by("uploaded_at").values_list("uploaded_at", flat=True).first()
    )


def was_registered_before(pilot: Pilot, version: RegistrationVersion) -> RegisteredBefore:
    """Of the version that gives the verdict: from its lock, the first data and the earliest window of the outcome."""
    return registered_by(_locked(pilot, version), first_data_at(pilot))


def _locked(pilot: Pilot, version: RegistrationVersion) -> list[tuple[Registration, datetime]]:
    return locked_plans(pilot.versions.order_by("number"), version.number)


def facts_of(pilot: Pilot, version: RegistrationVersion, at: datetime, dataset: PilotDataset) -> PilotFacts:
    """As they stood `at`, by the version that gives the verdict. Stopped before outcomes began: the pilot says nothing
    else."""
    locked = _locked(pilot, version)
    registration = locked[-1][0]
    before = registered_by(locked, first_data_at(pilot))
    begins = earliest_window(locked)
    stopped = pilot.stopped_at
    is_early = stopped is not None and (begins is None or stopped.date() < begins)
    return PilotFacts(
        today=at.date(),
        data_on=data_day(dataset, registration),
        is_registered_before=before.is_so,
        registered_why=before.why,
        stopped_because=pilot.stopped_reason if is_early else "",
        drawn={arm: float(count) for arm, count in drawn_sizes(pilot, registration).items()},
    )


def data_day(dataset: PilotDataset, registration: Registration) -> date:
    """The day on which it came in; of values of feeds that stop before the outcome's window does, that on which they
    stop."""
    day, until = dataset.uploaded_at.astimezone(UTC).date(), registration.outcome.window_to
    through = date.fromisoformat(dataset.checks["through"]) if dataset.checks.get("through") else None
    return min(day, through) if through and until and through < until else day


def with_drawn_starts(pilot: Pilot, registration: Registration) -> Registration:
    """Of phased starts the plan with the period that was drawn for each group, which the data must agree with."""
    if registration.design != DesignKind.PHASED:
        return registration
    rows = PilotAssignment.objects.filter(allocation__unit_list__pilot=pilot).values_list(
        "unit__cluster", "unit__salted_id", "unit__city__city__slug", "starts_in"
    )
    several = len(registration.cities) > 1
    starts = {
        f"{city}: {cluster or name}" if several else cluster or name: start for cluster, name, city, start in rows
    }
    return with_starts(registration, starts) if starts else registration


def drawn_sizes(pilot: Pilot, registration: Registration) -> dict[str, int]:
    """Units drawn to each arm: groups where groups were drawn. Empty before the draw, and where nobody draws."""
    if registration.design == DesignKind.CLUSTERS:
        return dict(Counter(one.arm for one in drawn_clusters(pilot, registration)))
    return dict(
        Counter(PilotAssignment.objects.filter(allocation__unit_list__pilot=pilot).values_list("arm", flat=True))
    )


def drawn_clusters(pilot: Pilot, registration: Registration) -> list[DrawnCluster]:
    """Every group that was drawn; its size is what it counts in the list of units, or the planned one if the list is
    of groups alone."""
    if registration.design != DesignKind.CLUSTERS:
        return []
    named = Case(When(unit__cluster="", then=F("unit__salted_id")), default=F("unit__cluster"))
    rows = (
        PilotAssignment.objects.filter(allocation__unit_list__pilot=pilot)
        .annotate(group=named)
        .values("arm", "group", "unit__city__city__slug", "unit__block")
        .annotate(size=Count("pk"))
        .values_list("arm", "group", "unit__city__city__slug", "unit__block", "size")
    )
    found = sorted((arm, group, f"{city} {block}".strip(), size) for arm, group, city, block, size in rows)
    counted = [DrawnCluster(arm, float(size), block) for arm, _group, block, size in found]
    return with_planned_sizes(registration, counted)
