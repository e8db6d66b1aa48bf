"""Pilots as the API answers them: one page of them in a constant number of statements."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import Min, OuterRef, QuerySet, Subquery

from engagements.access.pilots import team_pilots
from engagements.models import Pilot, PilotAnalysis, PilotResult, RegistrationVersion, ResultPublication, User
from engagements.pilots.queries.analysis_inputs import counting_of, locked_plans
from engagements.pilots.queries.findings import analysis_name
from engagements.pilots.queries.public_findings import public_finding_of
from engagements.pilots.rules.canonical import registration_of
from engagements.pilots.rules.facts import RegisteredBefore, registered_by
from engagements.pilots.rules.registration import Registration
from engagements.pilots.rules.sentences import design_words
from engagements.pilots.rules.stored_finding import finding_json
from engagements.results.records import ResultFields, from_content

Viewer = User | AnonymousUser
_NOT_LOCKED = RegisteredBefore(False, "No plan was locked.")


@dataclass(frozen=True)
class VersionAnswer:
    number: int
    sha256: str
    previous_sha256: str
    locked_at: datetime
    reason: str


@dataclass(frozen=True)
class PilotAnswer:
    """`plan`, `before` and `versions` are the locked ones; `said`: what the last publication says, with `sentence`
    and why it was corrected or retracted;
    `finding`: the analysis behind it, as `public_finding` lets it out. `is_team`: whoever reads may see states before
    that."""

    pilot: Pilot
    is_team: bool
    plan: Registration | None
    before: RegisteredBefore
    versions: tuple[VersionAnswer, ...]
    result: int | None
    said: ResultFields | None
    sentence: str
    published_at: datetime | None
    is_retracted: bool
    why: str
    finding: dict[str, Any] | None

    @property
    def design(self) -> str:
        return design_words(self.plan) if self.plan else ""


def pilot_answers(viewer: Viewer, rows: QuerySet[Pilot]) -> tuple[PilotAnswer, ...]:
    """`rows`: pilots this person may see. Six statements at most, however many they are."""
    rows = rows.annotate(first_data=Min("datasets__uploaded_at"))
    pilots = list(rows.select_related("engagement__city"))
    keys = [one.pk for one in pilots]
    versions = _by_pilot(RegistrationVersion.objects.filter(pilot__in=keys).order_by("number"))
    of_team = set(team_pilots(viewer).filter(pk__in=keys).values_list("pk", flat=True))
    told = _publications(keys)
    analyses = _analyses([pilot for pilot in told])
    return tuple(
        _answer(one, one.pk in of_team, versions.get(one.pk, []), told.get(one.pk), analyses.get(one.pk, []))
        for one in pilots
    )


def _by_pilot(rows: QuerySet[Any]) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = {}
    for row in rows:
        found.setdefault(row.pilot_id, []).append(row)
    return found


def _publications(pilots: Sequence[int]) -> dict[int, ResultPublication]:
    """By pilot: the last publication of its result."""
    last = ResultPublication.objects.filter(result=OuterRef("result_id")).order_by("-number").values("pk")[:1]
    links = PilotResult.objects.filter(pilot__in=pilots).annotate(last=Subquery(last)).values_list("last", "pilot_id")
    pilot_of = {publication: pilot for publication, pilot in links if publication}
    return {pilot_of[row.pk]: row for row in ResultPublication.objects.filter(pk__in=pilot_of)}


def _analyses(pilots: Sequence[int]) -> dict[int, list[PilotAnalysis]]:
    done = PilotAnalysis.objects.filter(
        pilot__in=pilots, role=PilotAnalysis.Role.PRIMARY, state=PilotAnalysis.State.DONE
    )
    return _by_pilot(done.select_related("registration", "dataset__agreement").order_by("-asked_at", "-pk"))


def _answer(
    pilot: Any,
    is_team: bool,
    versions: list[RegistrationVersion],
    told: ResultPublication | None,
    analyses: list[PilotAnalysis],
) -> PilotAnswer:
    plan = registration_of(versions[-1].content) if versions else None
    before = _NOT_LOCKED
    if counting := counting_of(versions, pilot.first_data):
        before = registered_by(locked_plans(versions, counting.number), pilot.first_data)
    said = from_content(told.content) if told else None
    analysis = next((one for one in analyses if said and analysis_name(one).words() == said.own_data), None)
    kept = (
        public_finding_of(analysis, registration_of(analysis.registration.content), plan) if analysis and plan else None
    )
    return PilotAnswer(
        pilot,
        is_team,
        plan,
        before,
        tuple(
            VersionAnswer(one.number, one.sha256, one.previous_sha256, one.locked_at, one.reason) for one in versions
        ),
        told.result_id if told else None,
        said,
        told.sentence if told else "",
        told.published_at if told else None,
        told is not None and told.kind == "retracted",
        told.why if told else "",
        finding_json(kept.finding, kept.arms) if kept else None,
    )
