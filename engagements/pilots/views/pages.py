"""Reading pilots: those of an engagement, one with its next step, and its registration as it was locked."""

from datetime import UTC

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from atlas.web.parameters import takes_parameters
from engagements.access.pilots import version_for
from engagements.access.roles import permissions_in
from engagements.base.views.decorators import open_to_all, signed_in
from engagements.base.views.signed_in_request import SignedInRequest
from engagements.discussion.views.form_page import breadcrumbs_of
from engagements.models import Engagement
from engagements.people.queries.cities import city_choices
from engagements.permissions import DRAW_PILOT, EDIT_PILOT, READ_PILOT_UNITS
from engagements.pilots.forms.registration_rows import label_of
from engagements.pilots.presenters import power_shown
from engagements.pilots.queries.analysis_inputs import drawn_clusters
from engagements.pilots.queries.pilots import PilotPage, engagement_pilots, pilot_page
from engagements.pilots.queries.way import standings
from engagements.pilots.rules.aea import aea_csv, aea_fields
from engagements.pilots.rules.canonical import registration_of
from engagements.pilots.rules.readable import readable
from engagements.pilots.rules.registration import DRAWN
from engagements.pilots.views.shown_way import shown_way
from engagements.verdicts import VERDICTS, Shown, Verdict


def pilot_crumbs(within: Engagement, held: frozenset[str]) -> tuple[tuple[str, str], ...]:
    if not held:
        return ()
    return (*breadcrumbs_of(within), (f"/engagements/{within.slug}/pilots/", _("Pilots")))


@require_safe
@signed_in
def index(request: SignedInRequest, slug: str) -> HttpResponse:
    within, rows = engagement_pilots(request.user, slug)
    at = standings(rows)
    context = {
        "engagement": within,
        "crumbs": breadcrumbs_of(within),
        "pilots": [(row, shown_way(row.pk, at[row.pk]), _verdict(at[row.pk].verdict)) for row in rows],
        "may_edit": EDIT_PILOT in permissions_in(request.user, within.pk),
    }
    return render(request, "engagements/pilots/list.html", context)


def _verdict(word: str) -> Shown | None:
    """None before a verdict is published."""
    return VERDICTS[Verdict(word)] if word else None


@require_safe
@open_to_all
def read(request: HttpRequest, pk: int) -> HttpResponse:
    page = pilot_page(request.user, pk)
    context = {
        **_of(page),
        "way": shown_way(pk, standings([page.pilot])[pk]),
        "question": page.plan.question if page.plan else page.pilot.draft.get("question", ""),
        "is_drawn_design": page.plan is not None and page.plan.design in DRAWN,
        "facts": readable(page.plan, dict(city_choices()))[:9] if page.plan else [],
    }
    return render(request, "engagements/pilots/pilot.html", context)


@require_safe
@open_to_all
def registration(request: HttpRequest, pk: int) -> HttpResponse:
    """The locked words, their fingerprint and every version; of a draft, what is written so far is in the form."""
    page = pilot_page(request.user, pk)
    plan = page.plan
    context = {
        **_of(page),
        "facts": readable(plan, dict(city_choices())) if plan else [],
        "versions": [(one, [label_of(name) for name in one.changes]) for one in reversed(page.versions)],
        "power": power_shown(plan, drawn_clusters(page.pilot, plan), is_locked=True) if plan else None,
    }
    return render(request, "engagements/pilots/registration.html", context)


@require_safe
@open_to_all
@takes_parameters()
def registration_json(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """The canonical text, byte for byte: its SHA-256 is the fingerprint (from version 2 on, with the one before)."""
    version = version_for(request.user, pk, number)
    answer = HttpResponse(version.content, content_type="application/json")
    answer["Content-Disposition"] = f'attachment; filename="pilot-{pk}-registration-{number}.json"'
    return answer


@require_safe
@open_to_all
@takes_parameters()
def registration_aea(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """In the fields of the American Economic Association's registry."""
    version = version_for(request.user, pk, number)
    fields = aea_fields(
        registration_of(version.content),
        today=timezone.now().astimezone(UTC).date(),
        fingerprint=version.sha256,
    )
    answer = HttpResponse(aea_csv(fields), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="pilot-{pk}-aea-{number}.csv"'
    return answer


def _of(page: PilotPage) -> dict[str, object]:
    pilot = page.pilot
    may_edit = EDIT_PILOT in page.held
    is_open = pilot.stopped_at is None and pilot.state not in ("reviewed", "published")
    return {
        "page": page,
        "pilot": pilot,
        "crumbs": pilot_crumbs(pilot.engagement, page.held),
        "may_edit": may_edit,
        "may_change": may_edit and is_open,
        "may_draw": DRAW_PILOT in page.held and is_open,
        "may_read_units": READ_PILOT_UNITS in page.held,
    }
