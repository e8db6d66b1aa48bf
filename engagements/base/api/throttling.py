"""How often one token, one person and one stranger may ask. While the cache is away nobody is held up."""

from rest_framework.throttling import SimpleRateThrottle

from atlas.web.rate_limits import client_address
from engagements.models import AccessToken


class TokenThrottle(SimpleRateThrottle):
    scope = "token"

    def get_cache_key(self, request, view) -> str | None:
        return f"throttle_token_{request.auth.pk}" if isinstance(request.auth, AccessToken) else None


class PersonThrottle(SimpleRateThrottle):
    """All of somebody's tokens and sessions together."""

    scope = "person"

    def get_cache_key(self, request, view) -> str | None:
        return f"throttle_person_{request.user.pk}" if request.user.is_authenticated else None


class StrangerThrottle(SimpleRateThrottle):
    """Requests that were not let in, by the address they came from."""

    scope = "stranger"

    def get_cache_key(self, request, view) -> str:
        return f"throttle_stranger_{client_address(request)}"
