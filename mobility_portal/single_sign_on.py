"""Signing in with a sign-on server: for people we know already. It makes no account for strangers."""

from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialAccount, SocialLogin
from django.contrib.auth import get_user_model
from django.http import HttpRequest
from django.shortcuts import render
from django.utils import timezone

from engagements.people.actions.invitations import InvitationClosed, accept_by_address
from engagements.security_log.actions.recording import Kind, record_security_event
from mobility_portal.identity.trust import Refused

ANOTHER_PERSON = "another_person"  # of the same server is connected with the account


class KnownPeopleAdapter(DefaultSocialAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Pairs the server's person with the account of the same verified address, once; or answers why not."""
        if sociallogin.is_existing:
            return
        email = verified_address(sociallogin)
        user = find_person(email, sociallogin.account.extra_data) if email else None
        if user is None:
            self._refuse(request, sociallogin, email, "" if email else _why(sociallogin))
        elif SocialAccount.objects.filter(user=user, provider=sociallogin.account.provider).exists():
            self._refuse(request, sociallogin, email, ANOTHER_PERSON)
        else:
            sociallogin.connect(request, user)

    def on_authentication_error(self, request, provider, error=None, exception=None, extra_context=None) -> None:
        said = str(error or "") or type(exception).__name__
        record_security_event(Kind.SIGN_IN_REFUSED, detail={"server": provider.sub_id, "why": said[:40]})

    def _refuse(self, request: HttpRequest, sociallogin: SocialLogin, email: str, why: str) -> None:
        record_security_event(
            Kind.SIGN_IN_REFUSED,
            about=get_user_model().objects.filter(email=email).first() if email else None,
            detail={"server": sociallogin.account.provider, "why": why or "no_account"},
            typed_address=email,
        )
        context = {"is_verified": bool(email), "why": why}
        raise ImmediateHttpResponse(render(request, "account/no_account.html", context, status=403))


def _why(sociallogin: SocialLogin) -> str:
    judgement = getattr(sociallogin.provider, "judgement", None)
    return str(getattr(judgement, "refused", None) or Refused.UNVERIFIED)


def verified_address(sociallogin: SocialLogin) -> str:
    """In small letters; "" when the server vouches for none. Only a true `true` counts, not the text "false"."""
    found = [address.email for address in sociallogin.email_addresses if address.verified is True]
    return found[0].lower() if found else ""


def find_person(email: str, told: dict):
    """The account with this address, or a new one for an open invitation; None for others and demo accounts."""
    user = get_user_model().objects.filter(email=email).first()
    if user is not None:
        return None if user.is_fictional else user
    try:
        return accept_by_address(email=email, name=str(told.get("name") or "")[:150], now=timezone.now())
    except InvitationClosed:
        return None
