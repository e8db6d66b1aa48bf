"""`/metrics`: everything a Prometheus asks for, by token or from this machine; for anybody else it does not exist."""

import hmac
from datetime import datetime

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from mobility_portal.observing.exposition import CONTENT_TYPE, exposition

_LOOPBACK = ("127.0.0.1", "::1")
_LOOPBACK_HOSTS = ("127.0.0.1", "localhost", "[::1]")
# Somebody between the asker and us: then a loopback address is a proxy's, not the asker's.
_FORWARDED = ("HTTP_X_FORWARDED_FOR", "HTTP_FORWARDED", "HTTP_X_REAL_IP", "HTTP_VIA", "HTTP_X_FORWARDED_HOST")


@never_cache
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    if not may_scrape(request):
        raise Http404
    now: datetime = timezone.now()
    return HttpResponse(exposition(now), content_type=CONTENT_TYPE)


def may_scrape(request: HttpRequest) -> bool:
    """With a token set, its bearer only. Without one, whoever asks this machine by its own name, past no proxy."""
    if settings.METRICS_TOKEN:
        sent = request.META.get("HTTP_AUTHORIZATION", "").encode("utf-8", "replace")
        return hmac.compare_digest(sent, f"Bearer {settings.METRICS_TOKEN}".encode())
    if settings.BEHIND_HTTPS or any(name in request.META for name in _FORWARDED):
        return False
    host = request.get_host()
    name = host if host.endswith("]") else host.rpartition(":")[0] or host
    return request.META.get("REMOTE_ADDR") in _LOOPBACK and name in _LOOPBACK_HOSTS
