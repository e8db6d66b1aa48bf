"""Shows days and times in the time zone of the person who reads."""

from collections.abc import Callable
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from engagements.models import User


class OwnTimeZoneMiddleware:
    """“Today”, and each time on a page, in the time zone of who is signed in; strangers and the API have UTC.

    Without a session's cookie nothing is looked up, so that public pages stay the same for everybody.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if settings.SESSION_COOKIE_NAME not in request.COOKIES or request.path.startswith("/api/"):
            return self.get_response(request)
        if not request.user.is_authenticated:
            return self.get_response(request)
        try:
            timezone.activate(zone_of(request.user))
            return self.get_response(request)
        finally:
            timezone.deactivate()


def zone_of(user: User) -> ZoneInfo:
    """The user's own; the one everybody begins with where that is no time zone (any more)."""
    try:
        return ZoneInfo(user.time_zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ZoneInfo(User._meta.get_field("time_zone").default)
