"""Who may have an account and sign in: those an operator made one for, or who were invited."""

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.template.loader import render_to_string

from atlas.web.rate_limits import client_address
from engagements.base.letters import with_styles
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

    def render_mail(self, template_prefix, email, context, headers=None):
        """The text part says it all; the HTML part is the same words as every letter of the portal looks."""
        letter = super().render_mail(template_prefix, email, context, headers)
        link = context.get("password_reset_url", "")
        paragraphs = [part.strip() for part in letter.body.split("\n\n") if part.strip()]
        at = next((n for n, part in enumerate(paragraphs) if link and link in part), len(paragraphs) - 1)
        words = {
            "heading": letter.subject.removeprefix(settings.ACCOUNT_EMAIL_SUBJECT_PREFIX),
            "before": [part.replace(link, "").strip() if link else part for part in paragraphs[: at + 1]],
            "after": paragraphs[at + 1 :],
            "link": link,
            "portal": settings.PORTAL_URL.rstrip("/"),
        }
        page = render_to_string("account/email/letter.html", context | words)
        letter.attach_alternative(with_styles(page), "text/html")
        return letter

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
