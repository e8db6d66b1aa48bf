"""What the security log learns of every request: where it comes from, files that leave, and what was refused."""

from collections.abc import Callable
from typing import TypedDict

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponseBase
from django.urls import ResolverMatch

from atlas.web.rate_limits import client_address
from engagements.access.errors import NotFound
from engagements.models import Document, Engagement, Initiative, PublicRecordExport, Report, SecurityEvent, User
from engagements.security_log.actions.recording import Kind, Source, events_come_from, record_security_event
from engagements.security_log.rules import browser_family, network_of

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
# Routes that hand out one thing by its id: what it is, and what the log calls it.
_THINGS: dict[str, tuple[type[Document] | type[Report] | type[PublicRecordExport], SecurityEvent.Kind]] = {
    "document": (Document, Kind.DOWNLOADED),
    "api-document-file": (Document, Kind.DOWNLOADED),
    "report_file": (Report, Kind.REPORT_DOWNLOADED),
    "api-report-file": (Report, Kind.REPORT_DOWNLOADED),
    "public_export_file": (PublicRecordExport, Kind.PUBLIC_RECORD_DOWNLOADED),
}


class _Place(TypedDict):
    engagement: int | None
    initiative: int | None


class SecurityLogMiddleware:
    """Behind authentication. Files that everybody may have, and pages, leave no entry."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        browser = browser_family(request.headers.get("User-Agent", ""))
        with events_come_from(Source(browser, network_of(client_address(request)))):
            answer = self.get_response(request)
            if is_private_file(answer):
                _record_file(request)
            elif answer.status_code == 403 and request.path.startswith("/api/"):
                _record_denial(request, 403)
            return answer

    def process_exception(self, request: HttpRequest, exception: Exception) -> None:
        """A view said no: always, and on a write also where the answer hides that the thing is there."""
        if isinstance(exception, PermissionDenied):
            _record_denial(request, 403)
        elif isinstance(exception, Http404) and isinstance(exception.__cause__, NotFound):
            if request.method not in SAFE:
                _record_denial(request, 404)


def is_private_file(answer: HttpResponseBase) -> bool:
    """A file to keep, which no cache may: so it is somebody's, not everybody's."""
    if answer.status_code not in (200, 206) or "attachment" not in answer.headers.get("Content-Disposition", ""):
        return False
    kept = answer.headers.get("Cache-Control", "")
    return "private" in kept or "no-store" in kept


def is_export(match: ResolverMatch) -> bool:
    """A table that was written for this request; documents, reports and templates are not."""
    return (match.url_name or "") not in _THINGS and "template" not in match.route


def _record_file(request: HttpRequest) -> None:
    match = request.resolver_match
    user = request.user
    if match is None or not isinstance(user, User) or "template" in match.route or request.method == "HEAD":
        return
    known = _THINGS.get(match.url_name or "")
    if known is None:
        record_security_event(Kind.EXPORTED, by=user, detail={"route": _route(match)}, **_named(match))
        return
    model, kind = known
    thing = model._default_manager.filter(pk=match.kwargs["pk"]).first()
    record_security_event(
        kind,
        by=user,
        engagement=getattr(thing, "engagement_id", None),
        initiative=getattr(thing, "initiative_id", None),
        thing=thing,
        detail={"route": _route(match)},
    )


def _record_denial(request: HttpRequest, status: int) -> None:
    match = request.resolver_match
    if match is None or not isinstance(request.user, User):
        return
    number = match.kwargs.get("pk")
    record_security_event(
        Kind.DENIED,
        by=request.user,
        detail={
            "route": _route(match),
            "method": request.method or "",
            "status": status,
            "id": number if isinstance(number, int) else None,
        },
        **_named(match),
    )


def engagement_of(match: ResolverMatch) -> int | None:
    """The engagement that an address names. At most one statement, none for an address of an initiative."""
    slug = _slug_of(match)
    if slug is None or _is_of_initiative(match):
        return None
    return Engagement.objects.filter(slug=slug).values_list("pk", flat=True).first()


def _named(match: ResolverMatch) -> _Place:
    """The engagement or initiative that an address names. At most one statement."""
    initiative, slug = None, _slug_of(match)
    if slug is not None and _is_of_initiative(match):
        initiative = Initiative.objects.filter(slug=slug).values_list("pk", flat=True).first()
    return {"engagement": engagement_of(match), "initiative": initiative}


def _slug_of(match: ResolverMatch) -> str | None:
    slug = match.kwargs.get("engagement") or match.kwargs.get("slug")
    return slug if isinstance(slug, str) else None


def _is_of_initiative(match: ResolverMatch) -> bool:
    return match.route.startswith(("initiatives/", "portfolio/"))


def _route(match: ResolverMatch) -> str:
    """The address as its pattern, without what stands in it."""
    return match.route[:120]
