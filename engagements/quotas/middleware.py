"""Exports of an engagement are counted where they leave: the one that is too much is refused with a sentence."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from engagements.base.quotas import Kind, limit_of, spend
from engagements.models import User
from engagements.security_log.actions.recording import Kind as Event
from engagements.security_log.actions.recording import record_security_event
from engagements.security_log.middleware import engagement_of, is_export, is_private_file


class ExportQuotaMiddleware:
    """Behind the security log: what is refused here is no export in it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        answer = self.get_response(request)
        match = request.resolver_match
        if answer.streaming or match is None or not is_private_file(answer) or not is_export(match):
            return answer  # what streams is a file that was kept, not a table written for this request
        if not isinstance(request.user, User):
            return answer
        engagement = engagement_of(match)
        if engagement is None or spend(engagement, Kind.EXPORTS, 1, now=timezone.now()):
            return answer
        record_security_event(Event.QUOTA_REACHED, by=request.user, engagement=engagement, detail={"quota": "exports"})
        return _refusal(request)


def _refusal(request: HttpRequest) -> HttpResponseBase:
    why = _("This engagement made {limit} exports today, the most there may be. Try again tomorrow.").format(
        limit=f"{limit_of(Kind.EXPORTS):,}"
    )
    if request.path.startswith("/api/"):
        return JsonResponse({"detail": why}, status=429, content_type="application/problem+json")
    return render(request, "engagements/quotas/refused.html", {"why": why}, status=429)
