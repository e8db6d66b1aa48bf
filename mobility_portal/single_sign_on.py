"""Signing in with an OpenID Connect server: for people we know already. It makes no account for strangers."""

from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialLogin
from django.contrib.auth import get_user_model
from django.http import HttpRequest
from django.shortcuts import render
from django.utils import timezone

from engagements.people.actions.invitations import InvitationClosed, accept_by_address


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
            page = render(request, "account/no_account.html", {"is_verified": bool(email)}, status=403)
            raise ImmediateHttpResponse(page)
        sociallogin.connect(request, user)


def verified_address(sociallogin: SocialLogin) -> str:
    """In small letters; "" when the server vouches for none. Only a true `true` counts, not the text "false"."""
    found = [address.email for address in sociallogin.email_addresses if address.verified is True]
    return found[0].lower() if found else ""


def find_person(email: str, told: dict):
    """The account with this address, or a new one for an open invitation; None for others and demo accounts."""
    user = get_user_model().objects.filter(email=email).first()
    if user is not None:
        return None if user.is_fictional else user
    name = str(told.get("userinfo", told).get("name") or "")[:150]
    try:
        return accept_by_address(email=email, name=name, now=timezone.now())
    except InvitationClosed:
        return None
