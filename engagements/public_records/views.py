"""The record of an engagement for public-records requests: marks, the counts of an export, the export, its file."""

from datetime import date
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from engagements.access.engagements import engagement_for
from engagements.access.errors import NotAllowed
from engagements.access.public_records import public_export_for
from engagements.access.roles import permissions_in
from engagements.base.time_zone_middleware import zone_of
from engagements.base.views.decorators import signed_in
from engagements.base.views.read_input import SIZE, page_number
from engagements.base.views.signed_in_request import SignedInRequest
from engagements.discussion.views.form_page import FORM_PAGE, breadcrumbs_of, today_for
from engagements.models.public_records import RecordMark, WithheldReason
from engagements.permissions import EXPORT_CITY_RECORD, EXPORT_PUBLIC_RECORD, MARK_PUBLIC_RECORD, VIEW_PUBLISHED
from engagements.public_records.actions import mark_entries, request_city_record, request_export
from engagements.public_records.forms import ExportForm, FilterForm, MarkForm, WholeRecordForm
from engagements.public_records.queries.entries import counts_of, exports, is_expired, record_entries, whole_records
from engagements.public_records.queries.nouns import KINDS


def _marked(request: SignedInRequest, slug: str):
    """The engagement, if this person marks its record; whoever sees the engagement is told why not."""
    within = engagement_for(request.user, slug, VIEW_PUBLISHED)
    if MARK_PUBLIC_RECORD not in permissions_in(request.user, within.pk):
        raise NotAllowed(_("Public records are marked by leads, advisers and the city’s staff."))
    return within


@require_safe
@signed_in
def index(request: SignedInRequest, slug: str) -> HttpResponse:
    """Every entry with its mark, 50 a page; filters and page stay in the address."""
    within = _marked(request, slug)
    asked = FilterForm(request.GET)
    asked.is_valid()
    chosen = asked.cleaned_data
    kind = chosen.get("kind", "") if chosen.get("kind", "") in KINDS else ""
    found = record_entries(within.pk, zone=zone_of(request.user), first=chosen.get("first"), last=chosen.get("last"))
    shown = [
        entry
        for entry in found
        if (not kind or entry.kind == kind) and (not chosen.get("mark") or entry.decision.mark == chosen["mark"])
    ]
    number = page_number(request)
    begin = (number - 1) * SIZE
    context = {
        "engagement": within,
        "crumbs": breadcrumbs_of(within),
        "entries": shown[begin : begin + SIZE],
        "total": len(shown),
        "counts": counts_of(found),
        "number": number,
        "more": len(shown) > begin + SIZE,
        "kinds": KINDS.items(),
        "kind": kind,
        "chosen": chosen,
        "is_filtered": bool(kind or chosen.get("mark") or chosen.get("first") or chosen.get("last")),
        "marks": RecordMark.choices,
        "reasons": WithheldReason.choices,
        "exports": [(export, is_expired(export)) for export in exports(request.user, within.pk)[:20]],
        "may_export": EXPORT_PUBLIC_RECORD in permissions_in(request.user, within.pk),
    }
    return render(request, "engagements/public_records/list.html", context)


@require_POST
@signed_in
def mark(request: SignedInRequest, slug: str) -> HttpResponse:
    """Of the ticked entries; back to the list as it was filtered."""
    within = _marked(request, slug)
    back = request.POST.get("back", "")
    here = f"/engagements/{within.slug}/public-records/"
    is_ours = url_has_allowed_host_and_scheme(back, allowed_hosts=None) and back.startswith(here)
    form = MarkForm(request.POST, request.POST.getlist("thing")[:500])
    if not form.is_valid():
        messages.error(request, _("Nothing was saved. {problems}").format(problems=form.problems))
        return redirect(back if is_ours else here)
    try:
        changed = mark_entries(
            engagement=within.pk, things=form.things, by=request.user, now=timezone.now(), **form.cleaned_data
        )
    except ValidationError as refused:
        messages.error(request, _("Nothing was saved. {problems}").format(problems=" ".join(refused.messages)))
    else:
        messages.success(request, _("Marks changed: {count}.").format(count=changed))
    return redirect(back if is_ours else here)


@require_http_methods(FORM_PAGE)
@signed_in
def export(request: SignedInRequest, slug: str) -> HttpResponse:
    """A GET with days shows what would be in it; a POST asks for it."""
    within = engagement_for(request.user, slug, VIEW_PUBLISHED)
    if EXPORT_PUBLIC_RECORD not in permissions_in(request.user, within.pk):
        raise NotAllowed(_("Public records are exported by leads and the city’s staff."))
    given = {"first": request.GET.get("first", ""), "last": request.GET.get("last", "")}
    today = today_for(request.user)
    form = ExportForm(request.POST or None, initial={"first": date(today.year, 1, 1), "last": today})
    counts = days = None
    if request.method == "POST":
        if form.is_valid():
            asked = form.cleaned_data
            request_export(
                engagement=within.pk,
                first=asked["first"],
                last=asked["last"],
                submission=asked["submission"],
                by=request.user,
                now=timezone.now(),
            )
            messages.success(request, _("The export is being made. It is listed below in about a minute."))
            return redirect("public_records", within.slug)
    elif any(given.values()):
        looked = ExportForm(given | {"submission": "00000000-0000-0000-0000-000000000000"})
        if looked.is_valid():
            days = (looked.cleaned_data["first"], looked.cleaned_data["last"])
            counts = counts_of(record_entries(within.pk, zone=zone_of(request.user), first=days[0], last=days[1]))
            form = ExportForm(initial={"first": days[0], "last": days[1]})
        else:
            form = looked
    context = {
        "engagement": within,
        "crumbs": (*breadcrumbs_of(within), (f"/engagements/{within.slug}/public-records/", _("Public records"))),
        "form": form,
        "counts": counts,
        "days": days,
        "list": f"/engagements/{within.slug}/public-records/?{urlencode(given)}",
    }
    return render(request, "engagements/public_records/export.html", context, status=422 if form.errors else 200)


@require_http_methods(FORM_PAGE)
@signed_in
def whole_record(request: SignedInRequest, slug: str) -> HttpResponse:
    """Says what the archive of the whole record has; a POST asks for it."""
    within = engagement_for(request.user, slug, VIEW_PUBLISHED)
    if EXPORT_CITY_RECORD not in permissions_in(request.user, within.pk):
        raise NotAllowed(_("The whole record is exported by leads."))
    form = WholeRecordForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        request_city_record(
            engagement=within.pk, by=request.user, now=timezone.now(), submission=form.cleaned_data["submission"]
        )
        messages.success(request, _("The archive is being made. It is listed below in about a minute."))
        return redirect("city_record", within.slug)
    context = {
        "engagement": within,
        "crumbs": breadcrumbs_of(within),
        "form": form,
        "exports": [(export, is_expired(export)) for export in whole_records(request.user, within.pk)[:20]],
    }
    return render(request, "engagements/city_records/record.html", context, status=422 if form.errors else 200)


_NOTHING_RUNS = "sandbox; default-src 'none'; frame-ancestors 'none'"


@require_safe
@signed_in
def file(request: SignedInRequest, pk: int) -> FileResponse:
    """As something to save; nobody between may keep it. What expired is not there."""
    found = public_export_for(request.user, pk)
    if found.status != "done" or is_expired(found):
        raise Http404("This export has no file, or its days are over. Ask for a new one.")
    try:
        content = found.file.open("rb")
    except FileNotFoundError as lost:
        raise Http404("The bytes of this export are no longer on the disk. Ask for a new one.") from lost
    response = FileResponse(content, as_attachment=True, filename=found.file_name, content_type="application/zip")
    response["Content-Security-Policy"] = _NOTHING_RUNS
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response
