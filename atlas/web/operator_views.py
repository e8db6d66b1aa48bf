"""What operators may do with data. Everything here is for them alone; every change is a POST."""

import time
from collections.abc import Callable
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods

from atlas import tasks
from atlas.ingest import confirmations, operations
from atlas.ingest.comparison import Comparison
from atlas.queries import releases as release_queries
from atlas.queries.releases import ReleaseRecord
from atlas.queries.units import SUFFIX_MEANINGS, suffix_questions, unit_questions
from atlas.shown_labels import UNITS
from atlas.web.forms import ConfirmationForm, DecisionForm, ImportForm
from atlas.web.permissions import OPERATE, require_permission
from atlas.web.uploads import DiskUploadHandler

PAGE_METHODS = ["GET", "HEAD", "POST"]
DAY = 86_400


@csrf_exempt  # until the upload handler is in place: `_import_file` checks the token
@require_http_methods(PAGE_METHODS)
@require_permission(OPERATE)
def import_file(request: HttpRequest) -> HttpResponse:
    """The form, and its file streamed to the disk. Who may not, is answered before a byte of it is read."""
    arriving = DiskUploadHandler(request, settings.UPLOAD_DIR, settings.UPLOAD_MAX_BYTES)
    request.upload_handlers = [arriving]
    return _import_file(request, arriving)


@csrf_protect
def _import_file(request: HttpRequest, arriving: DiskUploadHandler) -> HttpResponse:
    sent = (request.POST, request.FILES) if request.method == "POST" else ()
    form = ImportForm(*sent, arriving=arriving)
    if request.method == "POST" and form.is_valid():
        try:
            return redirect("atlas:job", _queue_import(form, _operator_id(request)))
        except operations.OperationDeclined as declined:
            form.add_error(None, str(declined))
    if arriving.path:
        operations.delete_upload(arriving.path)
    limit = f"{settings.UPLOAD_MAX_BYTES / 10**9:.1f} GB"
    return render(request, "atlas/bring_in.html", {"form": form, "limit": limit}, status=422 if form.errors else 200)


def _queue_import(form: ImportForm, by: int) -> UUID:
    """One job for the form, handed to the workers. A form sent twice finds its first job."""
    token, upload = form.cleaned_data["token"], form.cleaned_data["upload"]
    operations.delete_stale_uploads(settings.UPLOAD_DIR, time.time() - DAY)
    job, is_new = operations.create_import_job(
        path=form.path,
        upload_name=upload.name if upload else "",
        upload_folder=settings.UPLOAD_DIR,
        job_id=token,
        make_live=form.cleaned_data["make_live"],
        by=by,
    )
    if is_new:
        tasks.enqueue_import(job.pk)
    return job.pk


@require_http_methods(PAGE_METHODS)
@require_permission(OPERATE)
def units(request: HttpRequest) -> HttpResponse:
    """Labels and suffixes that no codebook explains; an answer counts at once, on every page."""
    form = ConfirmationForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            confirmations.confirm(**form.cleaned_data, by=_operator_id(request))
        except confirmations.ConfirmationRefused as refused:
            form.add_error(None, str(refused))
        else:
            again = _(" Import the file again to use these columns.") if form.cleaned_data["kind"] == "suffix" else ""
            said = _("Confirmed: %(subject)s.") % {"subject": form.cleaned_data["subject"]}
            messages.success(request, f"{said}{again}")
            return redirect("atlas:units")
    context = {
        "form": form,
        "units": unit_questions(),
        "suffixes": suffix_questions(),
        "unit_choices": UNITS,
        "suffix_choices": SUFFIX_MEANINGS,
    }
    return render(request, "atlas/units.html", context, status=422 if form.errors else 200)


@require_http_methods(PAGE_METHODS)
@require_permission(OPERATE)
def activate(request: HttpRequest, pk: int) -> HttpResponse:
    """Says what will happen; on confirmation it happens."""
    form = DecisionForm(request.POST)
    if request.method != "POST" or not form.is_valid():
        return _confirm(request, "activate", _release(pk), staged=True)

    def act() -> str:
        cities = operations.activate(
            release_id=pk,
            compared_with=form.compared_releases(),
            accept_losses=form.cleaned_data["accept_losses"],
            accept_implausible=form.cleaned_data["accept_implausible"],
            by=_operator_id(request),
            reason=form.cleaned_data["reason"],
        )
        return _("File version %(id)s is in use.") % {"id": pk} + _rebuilt_cities_sentence(cities)

    return _run_operation(request, pk, act)


@require_http_methods(PAGE_METHODS)
@require_permission(OPERATE)
def discard(request: HttpRequest, pk: int) -> HttpResponse:
    form = DecisionForm(request.POST)
    if request.method != "POST" or not form.is_valid():
        return _confirm(request, "discard", _release(pk), staged=True)

    def act() -> str:
        operations.discard(release_id=pk, by=_operator_id(request), reason=form.cleaned_data["reason"])
        return _("File version %(id)s was discarded. Nothing in use has changed.") % {"id": pk}

    return _run_operation(request, pk, act)


@require_http_methods(PAGE_METHODS)
@require_permission(OPERATE)
def roll_back(request: HttpRequest, pk: int) -> HttpResponse:
    release, form = _release(pk), DecisionForm(request.POST)
    if request.method != "POST" or not form.is_valid():
        return _confirm(request, "roll_back", release, staged=False)

    def act() -> str:
        reason = form.cleaned_data["reason"]
        back = operations.rollback(
            dataset=release.info.key, expected_release=pk, by=_operator_id(request), reason=reason
        )
        others = ", ".join(map(str, back))
        return _("File version %(id)s was rolled back. Version %(others)s is used again.") % {
            "id": pk,
            "others": others,
        }

    return _run_operation(request, pk, act)


def _operator_id(request: HttpRequest) -> int:
    """Who decides, for the history."""
    user_id = request.user.pk
    assert user_id is not None, "`require_permission` lets nobody in who is not signed in"
    return user_id


def _run_operation(request: HttpRequest, pk: int, act: Callable[[], str]) -> HttpResponse:
    """Does it, and says on the next page what was done or why nothing was."""
    try:
        messages.success(request, act())
    except operations.OperationDeclined as declined:
        messages.error(request, str(declined))
    found = release_queries.release(pk)
    if found is None:
        return redirect("atlas:data")
    return redirect("release", pk) if found.status == "staged" else redirect("atlas:source", found.info.key)


def _confirm(request: HttpRequest, action: str, release: ReleaseRecord, *, staged: bool) -> HttpResponse:
    """What exactly will happen; a decision that was taken already is said instead."""
    if (release.status == "staged") is not staged or not (staged or release.kept):
        messages.error(request, operations.last_decision(release.id))
        return redirect("atlas:source", release.info.key)
    found = operations.release_comparison(release.id) if staged else None
    context = {"action": action, "release": release, "comparison": found, "others": _affected_releases(release, found)}
    return render(request, "atlas/confirm.html", context)


def _affected_releases(release: ReleaseRecord, found: Comparison | None) -> list[ReleaseRecord]:
    """Releases that would stop, or begin, to answer."""
    return [other for pk in (found.against if found else release.kept) if (other := release_queries.release(pk))]


def _release(pk: int) -> ReleaseRecord:
    found = release_queries.release(pk)
    if found is None:
        raise Http404(operations.last_decision(pk))
    return found


def _rebuilt_cities_sentence(cities: tuple[str, ...]) -> str:
    if not cities:
        return ""
    number = len(cities)
    said = ngettext(
        " The tracts of %(number)s city were recalculated.",
        " The tracts of %(number)s cities were recalculated.",
        number,
    )
    return said % {"number": number}
