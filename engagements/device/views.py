"""The app's manifest, its service worker, the page for what was never seen, and the entries that wait."""

import json
from pathlib import Path
from typing import Any

from csp.decorators import csp_replace
from django.conf import settings
from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from engagements.access.roles import open_roles
from engagements.base.views.decorators import signed_in
from engagements.base.views.signed_in_request import SignedInRequest
from engagements.device.queries import stamp_of

_SIZES = (192, 512)
_THEME, _PAPER = "#0b5480", "#ffffff"  # --accent and --paper of tokens.css
# What the page for a lost connection and the quick log need, before they were seen with the worker at work.
_FILES = ("css/tokens.css", "css/components.css", "css/pages.css", "css/work.css", "icons.svg", "favicon.svg")
_SCRIPTS = ("js/device.js", "js/drafts.js", "js/log.js", "js/offline.js", "js/waiting.js")
_WORKER_POLICY = {"default-src": ["'none'"], "connect-src": ["'self'"], "script-src": ["'self'"]}


@require_safe
def manifest(request: HttpRequest) -> HttpResponse:
    """https://www.w3.org/TR/appmanifest/ - what makes the portal an app on a home screen."""
    icons: list[dict[str, str]] = [{"src": static("favicon.svg"), "sizes": "any", "type": "image/svg+xml"}]
    for size in _SIZES:
        for purpose, name in (("any", f"icons/{size}.png"), ("maskable", f"icons/{size}-maskable.png")):
            icons.append({"src": static(name), "sizes": f"{size}x{size}", "type": "image/png", "purpose": purpose})
    data = {
        "id": "/",
        "name": "Mobility Portal",
        "short_name": "Mobility",
        "description": _("Economic mobility in US cities, and the work on it."),
        "lang": request.LANGUAGE_CODE if hasattr(request, "LANGUAGE_CODE") else settings.LANGUAGE_CODE,
        "start_url": reverse("todo"),
        "scope": "/",
        "display": "standalone",
        "theme_color": _THEME,
        "background_color": _PAPER,
        "icons": icons,
        "shortcuts": [_shortcut(_("Log something"), "log"), _shortcut(_("My work"), "todo")],
    }
    answer = JsonResponse(data, content_type="application/manifest+json")
    answer.headers["Cache-Control"] = "public, max-age=3600"
    return answer


def _shortcut(name: str | Promise, view: str) -> dict[str, Any]:
    return {"name": str(name), "url": reverse(view)}


@require_safe
@csp_replace(_WORKER_POLICY)
def worker(request: HttpRequest) -> HttpResponse:
    """At the root, so that its scope is the whole portal. Asked for anew each time; a release is another worker."""
    release = {
        "version": settings.CODE_VERSION,
        "static": settings.STATIC_URL if settings.STATIC_URL.startswith("/") else f"/{settings.STATIC_URL}",
        "offline": reverse("offline"),
        "files": [static(name) for name in (*_FILES, *_SCRIPTS)],
    }
    found = finders.find("js/worker.js")
    assert isinstance(found, str), "the worker is one of our own static files"
    script = f"const RELEASE = {json.dumps(release)};\n{Path(found).read_text(encoding='utf-8')}"
    answer = HttpResponse(script, content_type="text/javascript; charset=utf-8")
    answer.headers["Cache-Control"] = "no-cache"
    return answer


@require_safe
def offline(request: HttpRequest) -> HttpResponse:
    """What a device shows instead of a page it never saw. The device asks for it without saying who asks."""
    return render(request, "engagements/device/offline.html")


@require_safe
@signed_in
def waiting(request: SignedInRequest) -> HttpResponse:
    """Entries are on the device alone: its script puts them in. `sign-out`: somebody wants to leave before."""
    return render(request, "engagements/device/waiting.html", {"is_leaving": "sign-out" in request.GET})


@require_safe
def state(request: HttpRequest) -> HttpResponse:
    """Who is signed in here, with a token for the next entry: asked before a device sends what waits."""
    data: dict[str, Any] = {"person": None}
    if request.user.is_authenticated:
        stamp = stamp_of(request.session.session_key or "", open_roles(request.user))
        data = {"person": str(request.user.pk), "stamp": stamp, "token": get_token(request)}
    answer = JsonResponse(data)
    answer.headers["Cache-Control"] = "private, no-store"
    return answer
