"""What every page may ask about accounts. No statement runs for a page that asks nothing."""

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from mobility_portal.mail_views import may_read_mail


def accounts(request: HttpRequest) -> dict:
    return {
        "contact_email": settings.CONTACT_EMAIL,
        "demo_accounts": settings.DEMO_ACCOUNTS,
        "shared_minutes": settings.SHARED_SESSION_MINUTES,
        "sign_on_servers": settings.SIGN_ON_SERVERS,
        "may_read_mail": SimpleLazyObject(lambda: may_read_mail(request.user)),
    }
