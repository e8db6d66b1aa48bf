"""`/mail/`: what this machine would have sent. Operators see all of it, others what was sent to them."""

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from engagements.base.views.signed_in_request import SignedInRequest
from mobility_portal.mail_files import Mail, mails, read

PAGE = 50
# A mail is hostile: no script, no form, nothing loaded, an origin of its own. Styles within it harm nobody.
HTML_POLICY = "sandbox; default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'"


def may_read_mail(user) -> bool:
    return settings.MAIL_IS_READABLE and (user.is_staff or user.is_superuser or getattr(user, "is_fictional", False))


def _sees_all(user) -> bool:
    return (user.is_staff or user.is_superuser) and not user.is_fictional


@require_safe
@login_required
@never_cache
def mail_list(request: SignedInRequest) -> HttpResponse:
    _check(request)
    found = mails(None if _sees_all(request.user) else request.user.email)
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    return render(request, "mail/list.html", {"page": page, "sees_all": _sees_all(request.user)})


@require_safe
@login_required
@never_cache
def mail(request: SignedInRequest, key: str) -> HttpResponse:
    return render(request, "mail/mail.html", {"mail": _mail_for(request, key)})


@require_safe
@login_required
@never_cache
def mail_html(request: SignedInRequest, key: str) -> HttpResponse:
    """The HTML part as its reader would see it."""
    found = _mail_for(request, key)
    if not found.html:
        raise Http404
    return HttpResponse(found.html, headers={"Content-Security-Policy": HTML_POLICY})


def _check(request: SignedInRequest) -> None:
    if not may_read_mail(request.user):
        raise Http404


def _mail_for(request: SignedInRequest, key: str) -> Mail:
    _check(request)
    found = read(key)
    if found is None or not (_sees_all(request.user) or request.user.email in found.to):
        raise Http404
    return found
