"""Demo accounts are many people's: nobody gives one a password or a second step the others don't have."""

from collections.abc import Callable

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse

WHY = "This is a demo account that many people share: its password and its second step stay as they are."
_CHANGES = (
    "/accounts/password/change/",
    "/accounts/2fa/totp/",
    "/accounts/2fa/webauthn/add/",
    "/accounts/2fa/webauthn/keys/",
    "/accounts/2fa/recovery-codes/",
)


def refuse_if_shared(user) -> None:
    """Raises PermissionDenied, with the reason, for a demo account."""
    if getattr(user, "is_fictional", False):
        raise PermissionDenied(WHY)


class SharedAccountsMiddleware:
    """Before the pages where one changes how one signs in; a new password by mail is refused by the adapter."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path.startswith(_CHANGES):
            refuse_if_shared(request.user)
        return self.get_response(request)
