"""Where pilots are on their way, from rows."""

from collections.abc import Iterable

from django.utils import timezone

from engagements.models import (
    Pilot,
    PilotAllocation,
    PilotAnalysis,
    PilotDataset,
    PilotResult,
    RegistrationVersion,
    ReplyRequest,
    ResultPublication,
)
from engagements.pilots.rules.canonical import registration_of
from engagements.pilots.rules.registration import DRAWN
from engagements.pilots.rules.way import Standing
from engagements.results.rules.replies import is_settled


def standings(pilots: Iterable[Pilot]) -> dict[int, Standing]:
    """By id of the pilot; eight statements, however many."""
    rows = list(pilots)
    keys = [row.pk for row in rows]
    plans = _plans(keys)
    drawn = set(PilotAllocation.objects.filter(unit_list__pilot__in=keys).values_list("unit_list__pilot", flat=True))
    data = set(PilotDataset.objects.filter(pilot__in=keys).values_list("pilot", flat=True))
    done = PilotAnalysis.objects.filter(pilot__in=keys, role="primary", state="done")
    analyzed = set(done.values_list("pilot", flat=True))
    links = {one.pilot_id: one.result for one in PilotResult.objects.filter(pilot__in=keys).select_related("result")}
    asked = ReplyRequest.objects.filter(result__in=[one.pk for one in links.values()], archived_at=None)
    retracted = _retracted([one.pk for one in links.values()])
    today = timezone.now().date()
    settled = {(one.result_id, one.sentence) for one in asked if is_settled(one.answer, one.due_on, today)}
    return {
        row.pk: Standing(
            is_registered=row.pk in plans,
            is_drawn_design=plans.get(row.pk, False),
            is_drawn=row.pk in drawn,
            has_data=row.pk in data,
            is_analyzed=row.pk in analyzed,
            verdict=links[row.pk].verdict if row.pk in links and links[row.pk].status == "published" else "",
            is_answered=row.pk in links and (links[row.pk].pk, links[row.pk].sentence) in settled,
            is_public=row.state == Pilot.State.PUBLISHED,
            is_stopped=row.stopped_at is not None,
            is_retracted=row.pk in links and links[row.pk].pk in retracted,
        )
        for row in rows
    }


def _retracted(results: list[int]) -> set[int]:
    """Those whose last publication is a retraction: opened again, the result is a draft, and still retracted."""
    last = ResultPublication.objects.filter(result__in=results).order_by("result_id", "-number").distinct("result_id")
    return {
        result for result, kind in last.values_list("result_id", "kind") if kind == ResultPublication.Kind.RETRACTED
    }


def _plans(keys: list[int]) -> dict[int, bool]:
    """Of those registered: whether units are drawn."""
    newest = RegistrationVersion.objects.filter(pilot__in=keys).order_by("pilot_id", "-number").distinct("pilot_id")
    return {one.pilot_id: registration_of(one.content).design in DRAWN for one in newest}
