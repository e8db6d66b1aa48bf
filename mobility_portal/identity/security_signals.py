"""What sign-in says of itself, by Django's and allauth's signals, written into the security log."""

from allauth.account.signals import password_changed, password_reset, password_set
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added, authenticator_removed, authenticator_reset
from allauth.socialaccount.signals import social_account_added
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.dispatch import receiver

from engagements.models import User
from engagements.security_log.actions.recording import Kind, record_security_event
from engagements.sessions.actions import begin_session, end_sessions, forget_session

_METHODS = {"password", "socialaccount", "mfa", "code", "password_reset"}


@receiver(user_logged_in)
def signed_in(sender, request, user, **told) -> None:
    record_security_event(Kind.SIGNED_IN, by=user, detail={"by": sign_in_ways(request)})
    if isinstance(user, User) and hasattr(request, "session"):
        begin_session(request, user)


@receiver(user_logged_out)
def signed_out(sender, request, user, **told) -> None:
    if isinstance(user, User):
        record_security_event(Kind.SIGNED_OUT, by=user)
        forget_session(request.session.session_key or "")


@receiver(user_login_failed)
def sign_in_failed(sender, credentials, request=None, **told) -> None:
    """`about`: the account of the typed address, if there is one; the address itself is kept as a keyed hash."""
    typed = str(credentials.get("email") or credentials.get("username") or credentials.get("login") or "")
    account = User.objects.filter(email=typed.strip().lower()[:254]).first() if typed else None
    record_security_event(Kind.SIGN_IN_FAILED, about=account, typed_address=typed[:254])


@receiver([password_changed, password_set, password_reset])
def password_is_new(sender, request, user, **told) -> None:
    """Every other session ends: who knew the old one is out."""
    record_security_event(Kind.PASSWORD_CHANGED, by=user, about=user)
    is_own = request is not None and request.user.is_authenticated and request.user.pk == user.pk
    end_sessions(person=user, by=user, why="password", keep=request if is_own else None)


@receiver(social_account_added)
def sign_on_connected(sender, request, sociallogin, **told) -> None:
    record_security_event(
        Kind.SIGN_ON_CONNECTED, by=sociallogin.user, about=sociallogin.user, thing=sociallogin.account
    )


@receiver([authenticator_added, authenticator_reset])
def second_factor_added(sender, request, user, authenticator, **told) -> None:
    is_codes = authenticator.type == Authenticator.Type.RECOVERY_CODES
    kind = Kind.RECOVERY_CODES_MADE if is_codes else Kind.SECOND_FACTOR_ADDED
    record_security_event(kind, by=user, about=user, detail={"type": str(authenticator.type)})


@receiver(authenticator_removed)
def second_factor_removed(sender, request, user, authenticator, **told) -> None:
    record_security_event(Kind.SECOND_FACTOR_REMOVED, by=user, about=user, detail={"type": str(authenticator.type)})


def sign_in_ways(request) -> str:
    """How this session's person showed who they are, as "password, mfa"; "" where nobody noted it."""
    kept = request.session.get("account_authentication_methods", []) if hasattr(request, "session") else []
    return ", ".join(str(each.get("method")) for each in kept if each.get("method") in _METHODS)
