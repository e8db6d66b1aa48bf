"""Who asks: a session of the portal, or a program with an access token."""

from django.utils import timezone
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.permissions import SAFE_METHODS, BasePermission

from engagements.access.errors import NotFound
from engagements.access.tokens import find_user_of_token
from engagements.models import AccessToken, User


class TokenAuthentication(BaseAuthentication):
    """`Authorization: Bearer mp_…`. Unknown, expired, revoked and a deactivated owner answer the same."""

    def authenticate(self, request) -> tuple[User, AccessToken] | None:
        words = get_authorization_header(request).split()
        if not words or words[0].lower() != b"bearer":
            return None
        try:
            (secret,) = words[1:]
            token = find_user_of_token(secret=secret.decode("ascii"), now=timezone.now())
        except (ValueError, NotFound) as unknown:
            raise AuthenticationFailed("The access token is unknown, expired or revoked.") from unknown
        return token.user, token

    def authenticate_header(self, request) -> str:
        return 'Bearer realm="Mobility Portal"'


class TokenScheme(OpenApiAuthenticationExtension):
    target_class = TokenAuthentication
    name = "accessToken"

    def get_security_definition(self, auto_schema) -> dict:
        return {"type": "http", "scheme": "bearer", "description": "An access token made under “My account”."}


class WithinScope(BasePermission):
    """A token reads with the scope `read` and writes with the view's `write_scope`. Sessions have no scopes."""

    def has_permission(self, request, view) -> bool:
        if not isinstance(request.auth, AccessToken):
            return True
        needed = AccessToken.Scope.READ.value if request.method in SAFE_METHODS else view.write_scope
        self.message = f"This access token lacks the scope “{needed}”."
        return needed in request.auth.scopes
