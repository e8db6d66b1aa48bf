"""Says on each page for whom a device may keep it, and answers the entries that a device sends by itself."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.messages import get_messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.formats import date_format
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from engagements.base.queued import HEADER, LATER, is_queued
from engagements.base.views.read_input import read_number
from engagements.device.queries import Arrived, find_archived_milestone, find_arrived, find_note_place, stamp_of
from engagements.device.rules import may_keep
from engagements.sessions.actions import SHARED

KEPT_FOR, KEPT_BY_NOBODY = "Portal-Kept-For", "-"
NOTE_IN = "Portal-Note-In"  # the engagement in which a refused entry may be kept as a note
_REDIRECTS = (301, 302, 303)
_GONE = (403, 404)
_CHECKED = "queue_checked"  # set on a request that came as far as its view
_REFUSED = (*_GONE, 409, 422)


class DeviceMiddleware:
    """Behind everything that sends people elsewhere (sign-in, second step): what it answers comes from the view."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        answer = self.get_response(request)
        if is_queued(request):
            return _answer_queued(request, answer)
        if request.method == "GET" and _is_page(answer) and settings.SESSION_COOKIE_NAME in request.COOKIES:
            _mark(request, answer)
        return answer

    def process_view(self, request: HttpRequest, *view: object) -> HttpResponse | None:
        """After the check of the CSRF token: an entry that was saved before needs no second look."""
        if not is_queued(request) or not request.user.is_authenticated:
            return None
        setattr(request, _CHECKED, True)
        arrived = _find_arrived(request)
        return _saved(arrived) if arrived else None


def _is_page(answer: HttpResponse) -> bool:
    return answer.status_code == 200 and answer.headers.get("Content-Type", "").startswith("text/html")


def _mark(request: HttpRequest, answer: HttpResponse) -> None:
    """A page without the header is a stranger's: a device that gets one forgets what it kept for somebody."""
    if not request.user.is_authenticated:
        return
    roles = getattr(request, "open_roles", None)  # read by the page's header: see mobility_portal/navigation.py
    said_once = getattr(get_messages(request), "used", False)
    session_key = request.session.session_key
    is_file = answer.has_header("Content-Disposition")
    is_shared = request.session.get(SHARED)  # a computer that many people use keeps nothing
    if session_key and not is_shared and roles is not None and not is_file and not said_once and may_keep(request.path):
        answer.headers[KEPT_FOR] = stamp_of(session_key, roles)
    else:
        answer.headers[KEPT_FOR] = KEPT_BY_NOBODY


def _answer_queued(request: HttpRequest, answer: HttpResponse) -> HttpResponse:
    """A redirect counts as saved only where the entry's key says so too."""
    if not hasattr(request, _CHECKED):  # nobody is signed in, or the token is old: not the view's answer
        return answer
    if answer.status_code in _REDIRECTS and (arrived := _find_arrived(request)):
        if request.headers[HEADER] == LATER:
            list(get_messages(request))  # nobody waits for "Saved": it must not turn up on a later page
        saved = _saved(arrived, to=answer.headers["Location"])
        saved.cookies = answer.cookies
        return saved
    if answer.status_code in _GONE:
        answer = _gone(request, answer.status_code)
    if answer.status_code in _REFUSED and (engagement := find_note_place(request.user, *_about(request))):
        answer.headers[NOTE_IN] = str(engagement)
    return answer


def _about(request: HttpRequest) -> tuple[int | None, int | None]:
    """The milestone and the engagement that an entry names, if any."""
    return (
        read_number(request.POST.get("milestone") or request.GET.get("milestone")),
        read_number(request.POST.get("engagement")),
    )


def _find_arrived(request: HttpRequest) -> Arrived | None:
    try:
        key = UUID(request.POST.get("submission", ""))
    except ValueError:
        return None
    return find_arrived(request.user, key)  # type: ignore[arg-type]


def _saved(arrived: Arrived, to: str = "") -> JsonResponse:
    return _json({"outcome": "saved", "to": to, "milestone": arrived.milestone, "version": arrived.version}, 200)


def _gone(request: HttpRequest, status: int) -> JsonResponse:
    """The milestone was archived, or this person may no longer write here: what is not theirs is not told."""
    milestone = find_archived_milestone(request.user, _about(request)[0])
    if milestone is None or milestone.archived_at is None:
        return _json({"outcome": "ended"}, status)
    said = _("{title} was archived on {day} by {person}.").format(
        title=milestone.title,
        day=date_format(localdate(milestone.archived_at), "F j, Y"),
        person=milestone.archived_by,
    )
    return _json({"outcome": "gone", "said": said}, status)


def _json(data: dict[str, Any], status: int) -> JsonResponse:
    answer = JsonResponse(data, status=status)
    answer.headers["Cache-Control"] = "private, no-store"
    return answer
