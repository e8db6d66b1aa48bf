"""The security log on a page and as a file: of an engagement for who gives roles in it, all of it for operators."""

from datetime import date

from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.dateparse import parse_date
from django.views.decorators.http import require_safe

from atlas.tables.frames import build_frame
from atlas.web import converters  # noqa: F401 - makes <table_file:...> known
from atlas.web.permissions import OPERATE, require_permission
from atlas.web.table_files import TableFile, table_response
from engagements.access.engagements import engagement_for
from engagements.base.views.decorators import signed_in
from engagements.base.views.read_input import read_number
from engagements.base.views.signed_in_request import SignedInRequest
from engagements.models import Engagement, SecurityEvent
from engagements.permissions import MANAGE_ROLES
from engagements.security_log.presenters import GROUP_LABELS, cells_of, log_table, sentence_of
from engagements.security_log.queries.events import Chosen, events_of_engagement, file_rows, page_of


@require_safe
@signed_in
def of_engagement(request: SignedInRequest, slug: str) -> HttpResponse:
    within = engagement_for(request.user, slug, MANAGE_ROLES)
    return _page(request, events_of_engagement(within), within)


@require_safe
@signed_in
def file_of_engagement(request: SignedInRequest, slug: str, kind: str) -> HttpResponse:
    within = engagement_for(request.user, slug, MANAGE_ROLES)
    address = request.build_absolute_uri(reverse("security_log", args=[slug]))
    return _file(request, events_of_engagement(within), kind, f"security-log-{slug}", address, with_sources=False)


@require_safe
@require_permission(OPERATE)
def of_portal(request: HttpRequest) -> HttpResponse:
    return _page(request, SecurityEvent.objects.all(), None)


@require_safe
@require_permission(OPERATE)
def file_of_portal(request: HttpRequest, kind: str) -> HttpResponse:
    address = request.build_absolute_uri(reverse("portal_security_log"))
    return _file(request, SecurityEvent.objects.all(), kind, "security-log", address, with_sources=True)


def _page(request: HttpRequest, rows: QuerySet[SecurityEvent], within: Engagement | None) -> HttpResponse:
    chosen = _chosen(request)
    number = min(max(read_number(request.GET.get("page")) or 1, 1), 10_000)
    page = page_of(rows, chosen, number=number, people=True, sources=within is None)
    asked = request.GET.copy()
    asked.pop("page", None)
    file = (
        reverse("security_log_file", args=[within.slug, "csv"]) if within else reverse("portal_log_file", args=["csv"])
    )
    context = {
        "engagement": within,
        "page": page,
        "rows": [(row, sentence_of(row)) for row in page.rows],
        "chosen": chosen,
        "groups": GROUP_LABELS.items(),
        "source_days": settings.SECURITY_LOG_SOURCE_DAYS,
        "file": f"{file}?{asked.urlencode()}" if asked else file,
    }
    response = render(request, "engagements/security_log/log.html", context)
    response.headers.setdefault("Cache-Control", "private, no-store")
    return response


def _file(
    request: HttpRequest, rows: QuerySet[SecurityEvent], kind: str, name: str, address: str, *, with_sources: bool
) -> HttpResponse:
    table = log_table(name, address, with_sources=with_sources)
    found = file_rows(rows, _chosen(request), sources=with_sources)
    frame = build_frame(table, [cells_of(row, with_sources=with_sources) for row in found])
    return table_response(request, TableFile(table, frame), kind, name)


def _chosen(request: HttpRequest) -> Chosen:
    """What is no filter of ours filters nothing."""
    group = request.GET.get("group", "")
    return Chosen(
        group if group in GROUP_LABELS else "",
        read_number(request.GET.get("who")),
        _day(request.GET.get("from")),
        _day(request.GET.get("to")),
    )


def _day(said: str | None) -> date | None:
    try:
        found = parse_date(said or "")
    except ValueError:
        return None
    return found if found and 2000 <= found.year <= 2100 else None
