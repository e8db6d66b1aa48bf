"""What every page of engagements begins with: somebody signed in, one look at their roles, one answer per refusal."""

from collections.abc import Callable
from functools import wraps

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponseBase

from engagements.access.errors import NotFound
from engagements.access.roles import cached_permissions
from engagements.base.editing import Conflict
from engagements.base.views.conflict import show_conflict
from engagements.base.views.typed_text import show_typed_text

SAFE = frozenset({"GET", "HEAD"})


def signed_in(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Strangers are asked to sign in, and shown what they typed where they sent a form.

    NotFound answers 404, Conflict 409 with both versions.
    NotAllowed is Django's own PermissionDenied: 403 with its words. Reading sees the roles of one moment.
    """

    @wraps(view)
    def guarded(request: HttpRequest, *args, **kwargs) -> HttpResponseBase:
        if not request.user.is_authenticated:
            if request.method in SAFE:
                return redirect_to_login(request.get_full_path())
            return _keep_private(show_typed_text(request))
        return _keep_private(_answer(view, request, *args, **kwargs))

    guarded.needs_sign_in = True  # type: ignore[attr-defined]  # read before the view is called, where that fails
    return guarded


def open_to_all(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Strangers read too; what somebody signed in reads no cache keeps. NotFound answers 404."""

    @wraps(view)
    def guarded(request: HttpRequest, *args, **kwargs) -> HttpResponseBase:
        answer = _answer(view, request, *args, **kwargs)
        return _keep_private(answer) if request.user.is_authenticated else answer

    return guarded


def _answer(view: Callable[..., HttpResponseBase], request: HttpRequest, *args, **kwargs) -> HttpResponseBase:
    try:
        if request.method in SAFE:
            with cached_permissions(request.user):
                return view(request, *args, **kwargs)
        return view(request, *args, **kwargs)
    except NotFound as missing:
        raise Http404(str(missing)) from missing
    except Conflict as conflict:
        return show_conflict(request, conflict)


def _keep_private(answer: HttpResponseBase) -> HttpResponseBase:
    """No cache, the browser's own neither, keeps what one person may see; a view may say otherwise itself."""
    answer.headers.setdefault("Cache-Control", "private, no-store")
    return answer
