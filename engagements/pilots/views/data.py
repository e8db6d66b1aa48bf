"""Data of a pilot: the page, a file in three steps, feeds, downloads and deleting. Rows are never shown."""

import csv
import io
from collections.abc import Sequence

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from atlas.tables.formula_escape import escape_formula
from atlas.web.parameters import takes_parameters
from engagements.access.pilots import deletable_dataset_for, pilot_of_team_for
from engagements.base.views.decorators import signed_in
from engagements.base.views.signed_in_request import SignedInRequest
from engagements.discussion.views.form_page import FORM_PAGE, FormPage, handle_form
from engagements.models import DataAgreement, Pilot
from engagements.permissions import UPLOAD_PILOT_DATA
from engagements.pilots.actions.datasets import (
    agreement_of,
    keep_dataset,
    keep_feed_dataset,
    look_at,
    refuse_rows_without,
)
from engagements.pilots.actions.deletion import delete_dataset
from engagements.pilots.files.tables import read_file
from engagements.pilots.files.waiting import Waiting, drop_file, hold_file, read_token, read_waiting, write_token
from engagements.pilots.forms.data import ColumnsForm, DataFileForm, DeleteForm, FeedsForm, KeepForm
from engagements.pilots.queries.data_page import data_page
from engagements.pilots.queries.deliveries import Ready, open_agreements, plan_of_data, ready_for_data, released_counts
from engagements.pilots.queries.feed_series import feed_indicators, series_of, why_no_feed
from engagements.pilots.rules.data_columns import DataKind, data_columns
from engagements.pilots.rules.delivery import Delivery, refuse_identifying, unplaced
from engagements.pilots.rules.reading import DataRefused
from engagements.pilots.views.data_crumbs import crumbs_of


@require_safe
@signed_in
def index(request: SignedInRequest, pk: int) -> HttpResponse:
    pilot = pilot_of_team_for(request.user, pk)
    page = data_page(request.user, pilot, timezone.now())
    return render(request, "engagements/pilots/data.html", {"page": page, "crumbs": crumbs_of(pilot)[:-1]})


@require_http_methods(FORM_PAGE)
@signed_in
def bring(request: SignedInRequest, pk: int) -> HttpResponse:
    """A file arrives. It is looked at as a whole; with names that are not the portal's its columns are asked for."""
    pilot = pilot_of_team_for(request.user, pk, UPLOAD_PILOT_DATA)
    now = timezone.now()
    sent = (request.POST, request.FILES) if request.method == "POST" else ()
    form = DataFileForm(*sent, agreements=open_agreements(pilot, now.date()))
    if not form.is_bound or not form.is_valid():
        return _show_file(request, pilot, form)
    agreement = form.cleaned_data["agreement"]
    name = ""
    try:
        ready = ready_for_data(pilot, now)
        header, rows = read_file(form.content)
        refuse_identifying(header, rows, ready.registration)
        asks = unplaced(header, ready.registration)
        if asks:
            refuse_rows_without(agreement, DataKind(form.cleaned_data["kind"]))
        delivery = None if asks else look_at(ready, header, rows, {}, agreement)
        name, sha256 = hold_file(form.content, pilot.engagement_id)
        waiting = Waiting(name, sha256, {}, agreement.pk if agreement else None)
        token = write_token(waiting, pilot=pk, by=request.user.pk)
        if delivery is None:
            asked = _columns_form(ready, header, DataKind(form.cleaned_data["kind"]), token)
            return _ask_columns(request, pilot, asked)
        return _preview(request, pilot, delivery, token, agreement)
    except DataRefused as refused:
        drop_file(name)
        return _show_file(request, pilot, form, refused)
    except ValidationError as refused:
        form.refuse(refused)
        return _show_file(request, pilot, form)


@require_POST
@signed_in
def columns(request: SignedInRequest, pk: int) -> HttpResponse:
    """Its columns are named: the file is looked at again, from where it waits."""
    pilot = pilot_of_team_for(request.user, pk, UPLOAD_PILOT_DATA)
    now = timezone.now()
    token = request.POST.get("token", "")
    form = DataFileForm(agreements=open_agreements(pilot, now.date()))
    waiting = None
    try:
        waiting = read_token(token, pilot=pk, by=request.user.pk)
        ready = ready_for_data(pilot, now)
        header, rows = read_file(read_waiting(waiting))
        sent = request.POST.get("kind", "")
        kind = DataKind(sent) if sent in list(DataKind) else DataKind.AGGREGATES
        asked = _columns_form(ready, header, kind, token, request.POST)
        if not asked.is_valid():
            return _ask_columns(request, pilot, asked)
        agreement = agreement_of(pilot, waiting.agreement, now)
        delivery = look_at(ready, header, rows, asked.chosen, agreement)
    except (DataRefused, ValidationError) as refused:
        if waiting is not None:
            drop_file(waiting.name)  # it may hold rows that no agreement lets wait here
        if isinstance(refused, DataRefused):
            return _show_file(request, pilot, form, refused)
        return _show_file(request, pilot, form, said=refused.messages)
    chosen = Waiting(waiting.name, waiting.sha256, asked.chosen, waiting.agreement)
    return _preview(request, pilot, delivery, write_token(chosen, pilot=pk, by=request.user.pk), agreement)


@require_POST
@signed_in
def keep(request: SignedInRequest, pk: int) -> HttpResponse:
    """As it was shown, or not at all."""
    pilot = pilot_of_team_for(request.user, pk, UPLOAD_PILOT_DATA)
    form = KeepForm(request.POST)
    file_form = DataFileForm(agreements=open_agreements(pilot, timezone.now().date()))
    if not form.is_valid():
        return _show_file(request, pilot, file_form, said=[_("Check the file again before it is saved.")])
    try:
        made = keep_dataset(
            pilot=pk,
            waiting=read_token(form.cleaned_data["token"], pilot=pk, by=request.user.pk),
            seen=form.cleaned_data["seen"],
            submission=form.cleaned_data["submission"],
            by=request.user,
            now=timezone.now(),
        )
    except DataRefused as refused:
        return _show_file(request, pilot, file_form, refused)
    except ValidationError as refused:
        return _show_file(request, pilot, file_form, said=refused.messages)
    messages.success(request, _("Data {number} were saved.").format(number=made.number))
    return redirect("pilot_data", pk)


@require_POST
@signed_in
def discard(request: SignedInRequest, pk: int) -> HttpResponse:
    """Nobody keeps it: the file goes at once."""
    pilot_of_team_for(request.user, pk, UPLOAD_PILOT_DATA)
    try:
        was_waiting = drop_file(read_token(request.POST.get("token", ""), pilot=pk, by=request.user.pk).name)
    except DataRefused:
        return redirect("pilot_data", pk)  # its time was over: it is gone, or goes with the next sweep
    if was_waiting:  # else it was saved meanwhile, or is gone
        messages.success(request, _("The file was deleted. Nothing of it was kept."))
    return redirect("pilot_data", pk)


@require_http_methods(FORM_PAGE)
@signed_in
def from_feeds(request: SignedInRequest, pk: int) -> HttpResponse:
    """One delivery of what the feeds of indicators hold."""
    pilot = pilot_of_team_for(request.user, pk, UPLOAD_PILOT_DATA)
    plan = plan_of_data(pilot)
    if plan is None or why_no_feed(plan):
        raise Http404
    arms = [(arm.key, arm.name) for arm in plan.arms]
    form = FeedsForm(request.POST or None, arms=arms, indicators=feed_indicators(request.user, pilot))
    crumbs = crumbs_of(pilot)
    page = FormPage(
        title=_("Take data from feeds"),
        button=_("Save data"),
        done=_("The data of the feeds were saved."),
        back=crumbs[-1][0],
        crumbs=crumbs,
        lede=_("Approved values only. The numbers of the vintages they come from are kept with them."),
    )

    def act(data: dict) -> None:
        try:
            keep_feed_dataset(
                pilot=pk,
                series=series_of(plan, form.chosen, data["through"]),
                through=data["through"],
                submission=data["submission"],
                by=request.user,
                now=timezone.now(),
            )
        except DataRefused as refused:
            raise ValidationError([str(one) for one in refused.problems]) from refused

    return handle_form(request, page, form, act)


@require_safe
@signed_in
@takes_parameters()
def counts(request: SignedInRequest, pk: int, number: int) -> HttpResponse:
    """Counts and sums as CSV, without small ones. Of rows too: they are summed first."""
    pilot = pilot_of_team_for(request.user, pk)
    row = pilot.datasets.filter(number=number).select_related("agreement", "pilot").first()
    found = released_counts(row) if row else None
    if found is None:
        raise Http404
    lines = [["hidden" if cell is None else _cell(cell) for cell in line] for line in found.rows]
    return _csv([list(found.header), *lines], f"pilot-{pk}-data-{number}.csv")


@require_safe
@signed_in
@takes_parameters()
def template(request: SignedInRequest, pk: int, kind: str) -> HttpResponse:
    """The header of a file, to be filled."""
    plan = plan_of_data(pilot_of_team_for(request.user, pk))
    if plan is None or kind not in list(DataKind):
        raise Http404
    return _csv([[column.name for column in data_columns(plan, DataKind(kind))]], f"pilot-{pk}-{kind}.csv")


@require_http_methods(FORM_PAGE)
@signed_in
def delete(request: SignedInRequest, pk: int, dataset: int) -> HttpResponse:
    found = deletable_dataset_for(request.user, dataset, UPLOAD_PILOT_DATA)
    if found.pilot_id != pk or found.deleted_at is not None:
        raise Http404
    crumbs = crumbs_of(found.pilot)
    page = FormPage(
        title=_("Delete data {number}").format(number=found.number),
        button=_("Delete the data"),
        done=_("The data were deleted. Their fingerprint and counts stay."),
        back=crumbs[-1][0],
        crumbs=crumbs,
        lede=_("This cannot be undone. Backups keep them until the backup itself is deleted; a restore deletes them."),
        danger=True,
    )
    form = DeleteForm(request.POST or None)

    def act(data: dict) -> None:
        delete_dataset(pk=dataset, why=data["why"], by=request.user, now=timezone.now())

    return handle_form(request, page, form, act)


def _show_file(
    request: SignedInRequest,
    pilot: Pilot,
    form: DataFileForm,
    refused: DataRefused | None = None,
    said: Sequence[str] = (),
) -> HttpResponse:
    problems = [*said, *(str(one) for one in refused.problems)] if refused else list(said)
    context = {
        "pilot": pilot,
        "form": form,
        "plan": plan_of_data(pilot),
        "problems": problems,
        "left_out": refused.left_out if refused else 0,
        "crumbs": crumbs_of(pilot),
    }
    status = 422 if problems or form.errors else 200
    return render(request, "engagements/pilots/data_file.html", context, status=status)


def _columns_form(
    ready: Ready, header: Sequence[str], kind: DataKind, token: str, sent: QueryDict | None = None
) -> ColumnsForm:
    return ColumnsForm(
        sent,
        columns=data_columns(ready.registration, kind),
        titles=[title for title in header if title.strip()],
        initial={"token": token, "kind": kind},
    )


def _ask_columns(request: SignedInRequest, pilot: Pilot, form: ColumnsForm) -> HttpResponse:
    context = {"pilot": pilot, "form": form, "crumbs": crumbs_of(pilot)}
    return render(request, "engagements/pilots/data_columns.html", context, status=422 if form.errors else 200)


def _preview(
    request: SignedInRequest, pilot: Pilot, delivery: Delivery, token: str, agreement: DataAgreement | None
) -> HttpResponse:
    plan = plan_of_data(pilot)
    names = {arm.key: arm.name for arm in plan.arms} if plan else {}
    context = {
        "pilot": pilot,
        "delivery": delivery,
        "people": [(names.get(key, key), count) for key, count in delivery.people.items()],
        "form": KeepForm(initial={"token": token, "seen": delivery.held.sha256}),
        "agreement": agreement,
        "crumbs": crumbs_of(pilot),
    }
    return render(request, "engagements/pilots/data_preview.html", context)


def _cell(value: str | float) -> str:
    return escape_formula(value) if isinstance(value, str) else repr(value).removesuffix(".0")


def _csv(rows: Sequence[Sequence[str]], name: str) -> HttpResponse:
    text = io.StringIO(newline="")
    csv.writer(text).writerows(rows)
    answer = HttpResponse(text.getvalue(), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
