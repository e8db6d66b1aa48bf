"""A pilot as its page tells it once it is published: the finding, what was registered, and what the city said."""

from dataclasses import dataclass
from datetime import UTC, date, datetime

from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from engagements.access.errors import NotFound
from engagements.access.pilots import pilot_for
from engagements.access.roles import permissions_in
from engagements.models import Pilot, PilotAnalysis, ReplyRequest, ResultPublication, User
from engagements.permissions import VIEW_PILOT
from engagements.pilots.queries.analysis_inputs import counting_version, was_registered_before
from engagements.pilots.queries.findings import published_analysis
from engagements.pilots.queries.public_findings import public_finding_of
from engagements.pilots.queries.works import works
from engagements.pilots.rules.beside import Beside, beside
from engagements.pilots.rules.canonical import registration_of
from engagements.pilots.rules.estimates import Finding
from engagements.pilots.rules.facts import RegisteredBefore
from engagements.pilots.rules.public_finding import ARMS
from engagements.pilots.rules.registration import Registration
from engagements.pilots.rules.stored_finding import ArmCount
from engagements.results.queries.published import NOT_ASKED, Reply, reply_of
from engagements.results.records import ResultFields, from_content

Viewer = User | AnonymousUser


@dataclass(frozen=True)
class Version:
    """One locked wording. `is_late`: locked after the first data came in."""

    number: int
    locked_at: datetime
    sha256: str
    reason: str
    is_late: bool


@dataclass(frozen=True)
class VerdictPage:
    """`plan`: the wording that gave the verdict. `finding` None: stopped without an analysis. `result`: its number.
    `withheld`: as of `PublicFinding`. `published_on`: the last publication, which may be its retraction; `approved_on`:
    the last that stood."""

    pilot: Pilot
    plan: Registration
    versions: tuple[Version, ...]
    before: RegisteredBefore
    finding: Finding | None
    arms: tuple[ArmCount, ...]
    withheld: frozenset[str]
    analysis: PilotAnalysis | None
    result: int
    fields: ResultFields
    sentence: str
    published_on: date
    approved_on: date | None
    corrected: tuple[tuple[date, str], ...]
    is_retracted: bool
    why: str
    reply: Reply
    beside: Beside | None
    is_team: bool
    city_names: dict[str, str]

    @property
    def amendments(self) -> int:
        return len(self.versions) - 1


def verdict_page(viewer: Viewer, pk: int) -> VerdictPage:
    """Raises NotFound for what is not published."""
    pilot = pilot_for(viewer, pk)
    told, analysis = published_analysis(pilot)
    if pilot.state != Pilot.State.PUBLISHED or told is None:
        raise NotFound
    versions = versions_of(pilot)
    newest = pilot.versions.latest("number")
    plan = registration_of((analysis.registration if analysis else newest).content)
    kept = public_finding_of(analysis, plan, registration_of(newest.content)) if analysis else None
    result = told.result_id
    found = works(viewer, made_up=pilot.is_fictional)
    this = next((row for row in found.rows if row.pk == result), None)
    every = list(ResultPublication.objects.filter(result=result).order_by("number"))
    return VerdictPage(
        pilot=pilot,
        plan=plan,
        versions=versions,
        before=was_registered_before(pilot, analysis.registration if analysis else counting_version(pilot) or newest),
        finding=kept.finding if kept else None,
        arms=kept.arms if kept else (),
        withheld=kept.withheld if kept else _of_unanalyzed(pilot),
        analysis=analysis,
        result=result,
        fields=from_content(told.content),
        sentence=told.sentence,
        published_on=_day(told),
        approved_on=next((_day(one) for one in reversed(every) if one.kind != "retracted"), None),
        corrected=tuple((_day(one), one.why) for one in every if one.kind == "corrected"),
        is_retracted=told.kind == "retracted",
        why=told.why,
        reply=_reply(result, told.sentence),
        beside=beside(this, found.rows) if this else None,
        is_team=viewer.is_authenticated and VIEW_PILOT in permissions_in(viewer, pilot.engagement_id),
        city_names=city_names(pilot),
    )


def _of_unanalyzed(pilot: Pilot) -> frozenset[str]:
    """Of a pilot that was stopped without an analysis: where data came in, nobody says that no one was measured."""
    return frozenset({ARMS}) if pilot.datasets.exists() else frozenset()


def versions_of(pilot: Pilot) -> tuple[Version, ...]:
    """In their order."""
    first = pilot.datasets.order_by("uploaded_at").values_list("uploaded_at", flat=True).first()
    return tuple(
        Version(one.number, one.locked_at, one.sha256, one.reason, first is not None and one.locked_at >= first)
        for one in pilot.versions.order_by("number")
    )


def city_names(pilot: Pilot) -> dict[str, str]:
    """By slug, of all cities that take part."""
    return dict(pilot.cities.values_list("engagement__city__slug", "engagement__city__name"))


def _day(one: ResultPublication) -> date:
    return one.published_at.astimezone(UTC).date()


def _reply(result: int, sentence: str) -> Reply:
    asked = ReplyRequest.objects.filter(result=result, sentence=sentence, archived_at=None)
    row = asked.select_related("organisation").first()
    return reply_of(row, timezone.now().date()) if row else NOT_ASKED
