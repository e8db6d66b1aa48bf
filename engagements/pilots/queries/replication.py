"""What a replication guide is made of: a published pilot with its registrations, result and analysis."""

from dataclasses import dataclass
from datetime import UTC

from django.contrib.auth.models import AnonymousUser
from django.db.models import Min, Q

from engagements.access.errors import NotFound
from engagements.access.pilots import is_made_up, pilot_for
from engagements.access.roles import engagements_with
from engagements.models import Engagement, Pilot, PilotResult, User
from engagements.people.queries.cities import city_choices
from engagements.permissions import EDIT_PILOT
from engagements.pilots.queries.analysis_inputs import locked_plans
from engagements.pilots.queries.findings import published_analysis
from engagements.pilots.queries.public_findings import public_finding_of
from engagements.pilots.rules.canonical import registration_of
from engagements.pilots.rules.facts import registered_by
from engagements.pilots.rules.registration import Registration
from engagements.pilots.rules.replication import Amendment, Guide, Told, guide
from engagements.results.queries.published import published_results

Viewer = User | AnonymousUser


@dataclass(frozen=True)
class Replication:
    """`version`: number of the registration the analysis followed. `homes`: (slug, name) where the viewer may begin a
    pilot with this plan."""

    pilot: Pilot
    result: int
    version: int
    registration: Registration
    guide: Guide
    published_on: str
    is_made_up: bool
    homes: tuple[tuple[str, str], ...]


def replication(viewer: Viewer, pk: int) -> Replication:
    """Raises NotFound, also for a pilot that is not published: before its verdict there is nothing to repeat."""
    pilot = pilot_for(viewer, pk)
    link = PilotResult.objects.filter(pilot=pilot).first()
    found = published_results(Q(result=link.result_id)) if link else ()
    versions = list(pilot.versions.order_by("number"))
    if pilot.state != Pilot.State.PUBLISHED or link is None or not found or found[0].is_retracted or not versions:
        raise NotFound("We can’t find this. It may have moved, or it isn’t shared with you.")
    result = found[0]
    _told, analysis = published_analysis(pilot)
    version = analysis.registration if analysis else versions[-1]
    registration = registration_of(version.content)
    first_data = pilot.datasets.aggregate(at=Min("uploaded_at"))["at"]
    before = registered_by(locked_plans(versions, version.number), first_data)
    names = dict(city_choices()) if len(registration.cities) > 1 else {}
    kept = public_finding_of(analysis, registration, registration_of(versions[-1].content)) if analysis else None
    told = Told(
        result.city,
        result.sentence,
        result.fields,
        result.confirmed,
        versions[0].sha256,
        versions[0].locked_at.astimezone(UTC).date(),
        f"{'Yes' if before.is_so else 'No'}. {before.why}",
        tuple(Amendment(one.number, one.locked_at.astimezone(UTC).date(), one.reason) for one in versions[1:]),
        pilot.stopped_reason,
        kept.finding if kept else None,
        tuple(names.get(key, key) for key in registration.cities) if names else (),
        kept.arms if kept else (),
    )
    return Replication(
        pilot,
        result.pk,
        version.number,
        registration,
        guide(registration, told),
        f"{result.published_at:%Y-%m-%d}",
        result.is_fictional or pilot.is_fictional,
        _homes(viewer, pilot),
    )


def _homes(viewer: Viewer, pilot: Pilot) -> tuple[tuple[str, str], ...]:
    """Made-up plans go into made-up engagements only, so that nothing invented stands among real work."""
    if not viewer.is_authenticated:
        return ()
    rows = Engagement.objects.filter(pk__in=engagements_with(viewer, EDIT_PILOT).values("pk"))
    if is_made_up(pilot):
        rows = rows.filter(is_fictional=True)
    found = rows.select_related("city", "initiative").order_by("city__name", "slug")
    return tuple((one.slug, f"{one.city.name}: {one.initiative.name}") for one in found)
