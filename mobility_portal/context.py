"""What every page may ask about accounts. No statement runs for a page that asks nothing."""

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from mobility_portal.mail_views import may_read_mail


def accounts(request: HttpRequest) -> dict:
    return {
        "contact_email": settings.CONTACT_EMAIL,
        "demo_accounts": settings.DEMO_ACCOUNTS,
        "single_sign_on": _single_sign_on(),
        "may_read_mail": SimpleLazyObject(lambda: may_read_mail(request.user)),
    }


def _single_sign_on() -> str:
    """The name of the server one signs in with, "" when there is none."""
    apps: list[dict[str, str]] = settings.SOCIALACCOUNT_PROVIDERS.get("openid_connect", {}).get("APPS", [])
    return apps[0]["name"] if apps else ""
