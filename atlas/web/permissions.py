"""Who may do what with data: one table, and no is the answer for everything that is not in it."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Protocol

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse


class Account(Protocol):
    """Whoever asks, signed in or not: the user model of the site, or Django's `AnonymousUser`."""

    @property
    def is_active(self) -> bool: ...

    @property
    def is_authenticated(self) -> bool: ...

    @property
    def is_staff(self) -> bool: ...


OPERATE = "operate"  # import, compare, make live, discard, roll back; see names in the history
RULES: dict[str, Callable[[Account], bool]] = {OPERATE: lambda user: user.is_active and user.is_staff}


def has_permission(user: Account, permission: str) -> bool:
    """False for strangers and for permissions nobody wrote down."""
    return permission in RULES and user.is_authenticated and bool(RULES[permission](user))


def require_permission(permission: str) -> Callable[[Callable[..., HttpResponse]], Callable[..., HttpResponse]]:
    """A view for those who may; strangers are asked to sign in, for others the address does not exist."""

    def decorate(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if has_permission(request.user, permission):
                return view(request, *args, **kwargs)
            if request.user.is_authenticated:
                raise Http404("There is no such page.")
            return redirect_to_login(request.get_full_path() if request.method in ("GET", "HEAD") else "/data/")

        return guarded

    return decorate
