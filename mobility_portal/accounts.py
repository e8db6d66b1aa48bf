"""Who may have an account and sign in: those an operator made one for, or who were invited."""

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from atlas.web.rate_limits import client_address
from mobility_portal.shared_accounts import refuse_if_shared


class ClosedAdapter(DefaultAccountAdapter):
    """allauth with sign-up closed, also for code that would reach it without our addresses."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        """As every other rate limit of the portal finds it. Raises PermissionDenied where none is known."""
        address = client_address(request)
        if not address:
            raise PermissionDenied("This request has no address.")
        return address

    def set_password(self, user, password) -> None:
        """Each new password comes by here, also by a link in a mail. Raises PermissionDenied for a demo account."""
        refuse_if_shared(user)
        super().set_password(user, password)

    def pre_login(self, request, user, **options):
        """Also for ways in without a password, which ask no backend."""
        if not may_sign_in(user):
            return self.respond_user_inactive(request, user)
        return super().pre_login(request, user, **options)


class PortalBackend(AuthenticationBackend):
    """Asked at each sign-in and for each request of a session."""

    def user_can_authenticate(self, user) -> bool:
        return may_sign_in(user)


def may_sign_in(user) -> bool:
    """Demo accounts belong to the embedded database; moved to another one they open nothing."""
    return user.may_act
