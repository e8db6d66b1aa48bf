"""Analyses of a pilot: those that are done, and the one that the public reads."""

from datetime import UTC

from engagements.models import Pilot, PilotAnalysis, PilotResult, ResultPublication
from engagements.pilots.rules.result_fields import AnalysisName


def done_analysis(pilot: Pilot, pk: int | None = None) -> PilotAnalysis | None:
    """The registered one of this number, or the newest."""
    rows = pilot.analyses.filter(role=PilotAnalysis.Role.PRIMARY, state=PilotAnalysis.State.DONE)
    rows = rows.select_related("registration", "dataset__agreement", "asked_by").order_by("-asked_at", "-pk")
    return (rows.filter(pk=pk) if pk else rows).first()


def analysis_name(analysis: PilotAnalysis) -> AnalysisName:
    return AnalysisName(
        analysis.pk,
        analysis.dataset.number,
        analysis.registration.sha256,
        analysis.dataset.content_sha256,
        analysis.asked_at.astimezone(UTC).date(),
    )


def published_analysis(pilot: Pilot) -> tuple[ResultPublication | None, PilotAnalysis | None]:
    """The last publication and the analysis it names: while a correction is a draft, not the one that it follows."""
    link = PilotResult.objects.filter(pilot=pilot).first()
    if link is None:
        return None, None
    told = ResultPublication.objects.filter(result_id=link.result_id).order_by("-number").first()
    if told is None:
        return None, None
    rows = pilot.analyses.filter(role=PilotAnalysis.Role.PRIMARY, state=PilotAnalysis.State.DONE)
    rows = rows.select_related("registration", "dataset__agreement", "asked_by").order_by("-asked_at", "-pk")
    return told, next((one for one in rows if analysis_name(one).words() == told.content.get("own_data")), None)
