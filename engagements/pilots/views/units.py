"""The list of units and the draw: bring a file, lock, draw, download, and check it again."""

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import UTC
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from atlas.tables.formula_escape import escape_formula
from atlas.web.parameters import takes_parameters
from engagements import limits
from engagements.access.pilots import pilot_for, pilot_of_team_for
from engagements.access.roles import permissions_by_engagement
from engagements.base.tables.table import Kind
from engagements.base.views.decorators import signed_in
from engagements.base.views.signed_in_request import SignedInRequest
from engagements.models import Pilot, PilotKey, PilotUnit, PilotUnitList
from engagements.permissions import DRAW_PILOT, READ_PILOT_UNITS
from engagements.pilots.actions.deletion import over_on, rows_kept_until, units_kept_until
from engagements.pilots.actions.drawing import draw
from engagements.pilots.actions.matching import answer_file
from engagements.pilots.actions.units import MOST_UNITS, bring_units, lock_units
from engagements.pilots.forms.steps import DrawForm, LockUnitsForm, UnitsForm
from engagements.pilots.queries.balance import draw_balance
from engagements.pilots.queries.units import (
    allocation_of,
    check_draw,
    draw_of,
    latest_registration,
    list_mark,
    units_by_city,
)
from engagements.pilots.rules.drawing.allocate import ALGORITHM_STEPS
from engagements.pilots.rules.drawing.public_seed import seed_day_problem
from engagements.pilots.rules.estimators.counted_units import plural
from engagements.pilots.rules.readable import day_words
from engagements.pilots.rules.registration import DRAWN, DesignKind, Registration
from engagements.pilots.rules.unit_lists import ID, number_columns, unit_columns
from engagements.pilots.views.pages import pilot_crumbs
from engagements.pilots.views.shown_effects import p_words

UNITS = Kind("unit", "units", "Units", MOST_UNITS)


@require_safe
@signed_in
def read(request: SignedInRequest, pk: int) -> HttpResponse:
    return _page(request, pk)


@require_POST
@signed_in
def bring(request: SignedInRequest, pk: int, engagement: int) -> HttpResponse:
    form = UnitsForm(request.POST, request.FILES, table_kind=UNITS)
    if form.is_valid():
        try:
            count = bring_units(pk=pk, engagement=engagement, table=form.table, by=request.user, now=timezone.now())
        except ValidationError as refused:
            return _page(request, pk, problems=refused.messages, at=engagement)
        messages.success(request, _("{count} units are on the list.").format(count=f"{count:,}"))
        return redirect(f"/pilots/{pk}/units/")
    pilot_of_team_for(request.user, pk, DRAW_PILOT)
    return _page(request, pk, problems=_errors(form), at=engagement)


@require_POST
@signed_in
def lock(request: SignedInRequest, pk: int) -> HttpResponse:
    pilot_for(request.user, pk, DRAW_PILOT)
    form = LockUnitsForm(request.POST)
    if not form.is_valid():
        return _page(request, pk, problems=_errors(form))
    try:
        lock_units(
            pk=pk,
            expected_count=form.cleaned_data["count"],
            expected_mark=form.cleaned_data["mark"],
            by=request.user,
            now=timezone.now(),
        )
    except ValidationError as refused:
        return _page(request, pk, problems=refused.messages)
    messages.success(request, _("The list is locked. Now the groups can be drawn."))
    return redirect(f"/pilots/{pk}/units/")


@require_POST
@signed_in
def draw_arms(request: SignedInRequest, pk: int) -> HttpResponse:
    row = pilot_for(request.user, pk, DRAW_PILOT)
    plan = latest_registration(row)
    is_public = bool(plan and plan.draw.seed_from)
    form = DrawForm(request.POST, is_public=is_public)
    if not form.is_valid():
        return _page(request, pk, problems=_errors(form))
    try:
        draw(pk=pk, numbers=form.cleaned_data.get("value", ""), by=request.user, now=timezone.now())
    except ValidationError as refused:
        return _page(request, pk, problems=refused.messages)
    messages.success(request, _("The groups were drawn. Anybody can draw them again from the list and the seed."))
    return redirect(f"/pilots/{pk}/units/")


@require_POST
@signed_in
def verify(request: SignedInRequest, pk: int) -> HttpResponse:
    """Draws again and compares. Whoever may read the page may ask for it."""
    found = allocation_of(pilot_of_team_for(request.user, pk))
    if found is None:
        messages.error(request, _("Nothing has been drawn yet."))
    elif (checked := check_draw(found, timezone.now())).problem:
        messages.error(request, checked.problem)
    else:
        messages.success(request, _("Drawn again from the list and the seed: every unit got the same group."))
    return redirect(f"/pilots/{pk}/units/")


@require_POST
@signed_in
def match(request: SignedInRequest, pk: int, engagement: int) -> HttpResponse:
    """The file comes back with salted ids and arms; nothing of it is kept."""
    form = UnitsForm(request.POST, request.FILES, table_kind=UNITS)
    pilot_of_team_for(request.user, pk, READ_PILOT_UNITS)
    if not form.is_valid():
        return _page(request, pk, problems=_errors(form), at=engagement)
    try:
        rows = answer_file(pk=pk, engagement=engagement, table=form.table, by=request.user, now=timezone.now())
    except ValidationError as refused:
        return _page(request, pk, problems=refused.messages, at=engagement)
    return _csv(rows, f"pilot-{pk}-arms.csv")


@require_safe
@signed_in
@takes_parameters()
def download(request: SignedInRequest, pk: int) -> HttpResponse:
    """The locked list as it was drawn from: salted ids, without names."""
    row = pilot_of_team_for(request.user, pk, READ_PILOT_UNITS)
    mine = [
        key
        for key, held in permissions_by_engagement(
            request.user, list(row.cities.values_list("engagement", flat=True))
        ).items()
        if READ_PILOT_UNITS in held
    ]
    home = row.engagement_id in mine
    units = PilotUnit.objects.filter(unit_list__pilot=row).order_by("salted_id")
    columns = ("salted_id", "city__city__slug", "block", "cluster", "pair", "assignment__arm", "assignment__starts_in")
    rows = (units if home else units.filter(city__in=mine)).values_list(*columns)
    header = ("salted_id", "city", "block", "cluster", "pair", "arm", "starts_in")
    return _csv([header, *([cell or "" for cell in one] for one in rows)], f"pilot-{pk}-units.csv")


def _page(request: SignedInRequest, pk: int, problems: Sequence[str] = (), at: int | None = None) -> HttpResponse:
    row = pilot_of_team_for(request.user, pk)
    plan = latest_registration(row)
    listed = PilotUnitList.objects.filter(pilot=row).select_related("locked_by").first()
    drawn = draw_of(row, timezone.now())
    cities = units_by_city(row)
    held = permissions_by_engagement(request.user, [one.engagement for one in cities])
    is_public = bool(plan and plan.draw.seed_from)
    balance = draw_balance(row, plan) if drawn and plan else None
    context: dict[str, Any] = {
        "pilot": row,
        "crumbs": (*pilot_crumbs(row.engagement, frozenset({DRAW_PILOT})), (f"/pilots/{pk}/", row.title)),
        "plan": plan,
        "can_be_drawn": plan is not None and plan.design in DRAWN,
        "is_open": row.stopped_at is None,
        "listed": listed,
        "erased": _erased_words(row),
        "cities": [
            (one, DRAW_PILOT in held.get(one.engagement, ()), READ_PILOT_UNITS in held.get(one.engagement, ()))
            for one in cities
        ],
        "brings": any(DRAW_PILOT in held.get(one.engagement, ()) for one in cities),
        "without_units": [one.city for one in cities if not one.count],
        "has_wholes": plan is not None and plan.design in (DesignKind.CLUSTERS, DesignKind.PHASED),
        "has_blocks": any(one.blocks for one in cities),
        "clusters": plural(plan.unit) if plan and any(one.groups for one in cities) else "",
        "may_draw": DRAW_PILOT in held.get(row.engagement_id, frozenset()),
        "may_read": any(READ_PILOT_UNITS in those for those in held.values()),
        "needed": [ID, *unit_columns(plan)] if plan else [],
        "useful": number_columns(plan) if plan else (),
        "lock_form": LockUnitsForm(initial={"count": listed.count, "mark": list_mark(listed)} if listed else {}),
        "draw_form": DrawForm(is_public=is_public),
        "is_public": is_public,
        "seed_problem": _seed_problem(plan, listed),
        "drawn": drawn,
        "steps": ALGORITHM_STEPS,
        "balance": balance,
        "balance_p": p_words(balance.table.p) if balance and balance.table and balance.table.p is not None else "",
        "problems": problems,
        "problems_at": at,
    }
    return render(request, "engagements/pilots/units.html", context, status=422 if problems else 200)


def _seed_problem(plan: Registration | None, listed: PilotUnitList | None) -> str:
    """Why a list that was locked before public draws had a day can never be drawn from; "" where it can."""
    if plan is None or listed is None or listed.locked_at is None:
        return ""
    return seed_day_problem(plan.draw, listed.locked_at.astimezone(UTC).date())


def _erased_words(pilot: Pilot) -> str:
    """When nobody can go from a salted id back to a person any more, in one sentence."""
    key = PilotKey.objects.filter(pilot=pilot).first()
    if key is not None and key.destroyed_at is not None:
        day = day_words(timezone.localtime(key.destroyed_at).date())
        return _("The secret key and the units’ numbers were erased on {day}.").format(day=day)
    if rows := rows_kept_until(pilot):
        said = _(
            "The secret key and the units’ numbers are erased with the last rows about people: "
            "on {day}, as the agreements say now."
        )
        return said.format(day=day_words(rows))
    until, days = units_kept_until(pilot), limits.PILOT_UNITS_DAYS
    if over_on(pilot) is not None:
        said = _(
            "The secret key and the units’ numbers are erased on {day}, {days} days after the pilot was published, "
            "stopped or archived."
        )
    elif until is not None:
        said = _(
            "The secret key and the units’ numbers are erased {days} days after the pilot is published, stopped or "
            "archived, else on {day}."
        )
    else:
        said = _(
            "The secret key and the units’ numbers are erased {days} days after the pilot is published, stopped or "
            "archived, else {late} days after its registered end."
        )
    return said.format(day=day_words(until), days=days, late=f"{limits.UNFINISHED_UNITS_DAYS:,}")


def _errors(form: Any) -> list[str]:
    return [str(line) for lines in form.errors.values() for line in lines]


def _csv(rows: Iterable[Sequence[Any]], name: str) -> HttpResponse:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    for row in rows:
        writer.writerow([escape_formula(str(cell)) for cell in row])
    answer = HttpResponse("\ufeff" + out.getvalue(), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    answer["Cache-Control"] = "private, no-store"
    return answer
