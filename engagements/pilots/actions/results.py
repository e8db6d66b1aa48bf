"""From a done analysis to the result that the city answers and a second person publishes; and to its correction."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db.models import Value
from django.db.models.functions import Lower
from django.db.models.lookups import Exact
from django.utils.translation import gettext as _

from engagements import limits
from engagements.access.pilots import pilot_for
from engagements.access.results import result_for
from engagements.base.audited_transaction import add_activity, audited_transaction
from engagements.base.editing import change, lock
from engagements.models import Pilot, PilotAnalysis, PilotResult, Project, RegistrationVersion, Result, User
from engagements.permissions import ANALYZE_PILOT, EDIT_RESULT
from engagements.pilots.actions.analysis import determination_problem
from engagements.pilots.queries.analysis_inputs import counting_version, was_registered_before
from engagements.pilots.queries.deliveries import plan_of_data, smallest_cell
from engagements.pilots.queries.findings import analysis_name, done_analysis
from engagements.pilots.rules.canonical import registration_of
from engagements.pilots.rules.checks import cannot_be_analyzed
from engagements.pilots.rules.result_fields import result_fields, smallest_arm, stopped_fields
from engagements.pilots.rules.sentences import Told, sentence_of
from engagements.pilots.rules.stored_finding import arms_of, finding_of
from engagements.results.actions.projects import add_project
from engagements.results.actions.results import add_result, columns_of
from engagements.results.records import ProjectFields, ResultFields
from engagements.verdicts import Verdict

# What a correction takes anew; what people wrote beside the numbers stays.
_ANEW = (
    "finding outcome tried against design design_words arms participants unit wanted effect low high level"
    " measured_from measured_to own_data verdict sources"
).split()


@dataclass(frozen=True)
class _Said:
    """What a result says, and the analysis that says it: none for a pilot that was stopped without one."""

    fields: ResultFields
    sentence: str
    analysis: PilotAnalysis | None


def write_result(
    *,
    pilot: int,
    by: User,
    now: datetime,
    analysis: int | None = None,
    seen: int | None = None,
    why: str = "",
    submission: UUID | None = None,
) -> Result:
    """A draft result that says what the analysis found, the newest done one without `analysis`; then comes the review.

    Where there is one of an earlier analysis this is its correction, with its reason once it was public.
    `seen`: the newest done one when a person looked, 0 for none; None where nobody was shown any.
    Raises NotFound, ValidationError.
    """
    found = pilot_for(by, pilot, ANALYZE_PILOT)
    pilot_for(by, pilot, EDIT_RESULT)
    with audited_transaction(by, why):
        row = lock(found)
        _refuse_unseen(row, seen)
        link = PilotResult.objects.filter(pilot=row).select_related("result").first()
        said = _said(row, _project(row, by, now), analysis, now)
        if link is not None:
            return _correct(link, said, by, now, why)
        made = add_result(
            engagement=row.engagement_id,
            fields=said.fields,
            by=by,
            now=now,
            submission=submission,
            sentence=said.sentence,
        )
        PilotResult.objects.create(pilot=row, result=made, analysis=said.analysis, made_by=by, made_at=now)
        made.refresh_from_db()
    return made


def _refuse_unseen(pilot: Pilot, seen: int | None) -> None:
    """Under the pilot's lock. Raises ValidationError where another analysis is the newest by now."""
    newest = done_analysis(pilot)
    if seen is not None and seen != (newest.pk if newest else 0):
        raise ValidationError(_("Another analysis is done since you opened the page. Look at what it found first."))


def _said(pilot: Pilot, project: int, analysis: int | None, now: datetime) -> _Said:
    """Raises ValidationError."""
    found = done_analysis(pilot, analysis)
    version = found.registration if found else counting_version(pilot)
    if version is None or (found is None and pilot.stopped_at is None):
        raise ValidationError(_("Run the analysis first."))
    plan = registration_of(version.content)
    if found is None or found.result is None:
        has_data = pilot.datasets.filter(deleted_at=None).exists()
        # What was measured is told, also of a stopped pilot, as long as it may be analyzed: nobody can amend its plan.
        if has_data and not determination_problem(pilot, now) and not cannot_be_analyzed(plan):
            raise ValidationError(_("Data of this pilot came in. Run the analysis first. Nothing was saved."))
        return _stopped(pilot, version, project, has_data)
    finding, arms = finding_of(found.result), arms_of(found.result)
    limit = smallest_cell(plan_of_data(pilot) or plan, found.dataset.agreement)
    if finding.verdict == Verdict.STOPPED:
        arms = ()  # nothing was measured to an end: no group is told, however large
    elif smallest_arm(arms) < limit:
        sentence = _(
            "A group has fewer than {most} people measured. Its result is not published: people could be known."
        )
        raise ValidationError(sentence.format(most=limit))
    fields = result_fields(plan, finding, arms, analysis_name(found), project)
    return _Said(fields, finding.sentence, found)


def _stopped(pilot: Pilot, version: RegistrationVersion, project: int, has_data: bool) -> _Said:
    assert pilot.stopped_at is not None
    plan = registration_of(version.content)
    told = Told(
        Verdict.STOPPED,
        (pilot.stopped_reason,),
        was_registered_before(pilot, version).is_so,
        stopped=pilot.stopped_reason,
        has_data=has_data,
    )
    sentence, day = sentence_of(plan, told), pilot.stopped_at.astimezone(UTC).date()
    return _Said(stopped_fields(plan, sentence, day, project, has_data), sentence, None)


def _correct(link: PilotResult, said: _Said, by: User, now: datetime, why: str) -> Result:
    """Raises ValidationError by field."""
    row = lock(result_for(by, link.result_id, EDIT_RESULT))
    if row.status == "in_review":
        raise ValidationError(_("Its result is in review. The reviewer can send it back to draft."))
    if said.analysis is None or link.analysis_id == said.analysis.pk:
        raise ValidationError(_("The result says this already."))
    if row.publications.exists() and not why.strip():
        raise ValidationError({"why": _("Say what was wrong: the correction is public.")})
    before = row.status
    opened: dict[str, Any] = {"status": "draft", "reviewed_by": None, "reviewed_at": None, "written_by": by}
    change(row, opened, None)
    link.analysis = said.analysis
    link.save(update_fields=["analysis"])
    columns = columns_of(said.fields)
    change(row, {name: columns[name] for name in _ANEW} | {"sentence": said.sentence}, None)
    add_activity(
        by=by,
        now=now,
        verb="changed",
        thing=row,
        engagement_id=row.engagement_id,
        why=why,
        changes={"status": (before, row.status)},
    )
    return row


def _project(pilot: Pilot, by: User, now: datetime) -> int:
    """A result belongs to a project: the pilot's, one of its name, or a new one."""
    if pilot.project_id is not None:
        return pilot.project_id
    same = Project.objects.filter(engagement_id=pilot.engagement_id, archived_at=None)
    found: Project | None = same.filter(Exact(Lower("title"), Lower(Value(pilot.title)))).first()
    version = pilot.versions.order_by("number").first()
    if found is None:
        tried = registration_of(version.content).arms[1].gets if version else ""
        fields = ProjectFields(pilot.title[: limits.TITLE], tried=tried, status="running", test="running")
        found = add_project(engagement=pilot.engagement_id, fields=fields, by=by, now=now)
    change(pilot, {"project": found}, None)
    return found.pk
