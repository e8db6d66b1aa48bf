"""Second factors: kept encrypted, and asked of those who must have one."""

import base64
import hashlib

from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect

from engagements.models import EngagementRole

# Where one gets a second factor, or away.
_FREE = ("/accounts/", "/static/", "/healthz")


class SecondFactorAdapter(DefaultMFAAdapter):
    """Keys of authenticator apps are encrypted with SECRET_KEY: the database alone makes no code."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": "This code is not right, or it is older than a minute. Type the one shown now.",
        "cannot_generate_recovery_codes": "Recovery codes need an authenticator app or a passkey first.",
    }

    def generate_authenticator_name(self, user, type) -> str:
        """What the form proposes."""
        return f"Passkey {Authenticator.objects.filter(user_id=user.pk, type=type).count() + 1}"

    def encrypt(self, text: str) -> str:
        return _cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return _cipher().decrypt(encrypted_text.encode()).decode()


def _cipher() -> Fernet:
    key = hashlib.sha256(b"second factor" + settings.SECRET_KEY.encode()).digest()
    return Fernet(base64.urlsafe_b64encode(key))


class RequireSecondFactorMiddleware:
    """Whoever must have a second factor and has none reaches no page but the one to set it up."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not settings.REQUIRE_MFA or request.path.startswith(_FREE) or not lacks_second_factor(request.user):
            return self.get_response(request)
        why = "Your role asks for a second step at sign-in. Set one up to go on."
        if request.path.startswith("/api/"):
            return JsonResponse({"detail": why}, status=403, content_type="application/problem+json")
        messages.warning(request, why)
        return redirect("mfa_index")


def lacks_second_factor(user) -> bool:
    """Demo accounts are many people's: they never need one."""
    if not user.is_authenticated or user.is_fictional or not must_have_second_factor(user):
        return False
    kinds = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
    return not Authenticator.objects.filter(user_id=user.pk, type__in=kinds).exists()


def must_have_second_factor(user) -> bool:
    wanted = settings.REQUIRE_MFA
    if "all" in wanted or ("operator" in wanted and (user.is_staff or user.is_superuser)):
        return True
    return EngagementRole.objects.open().filter(user_id=user.pk, role__in=wanted).exists()
