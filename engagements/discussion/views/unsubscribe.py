"""The link at the end of a mail: no sign-in, one press; a mail program may press it by itself (RFC 8058)."""

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from engagements.people.actions.profile import MailSubscription, find_reader, is_unsubscribed, unsubscribe

_NAMES = {
    MailSubscription.MENTION: _("emails about mentions"),
    MailSubscription.ASSIGNMENT: _("emails about what others need from you"),
    MailSubscription.CHANGE: _("emails about changes"),
}


@csrf_exempt  # a mail program sends no token of ours; the link itself is the proof, and it only ends mails
@require_http_methods(["GET", "HEAD", "POST"])
def leave(request: HttpRequest, token: str) -> HttpResponse:
    """Looking changes nothing: programs that check links in mails only look."""
    try:
        found = unsubscribe(token=token, now=timezone.now()) if request.method == "POST" else find_reader(token=token)
    except ValidationError as forged:
        raise Http404("This link is not one of ours.") from forged
    reader, mails = found
    context = {
        "ended": is_unsubscribed(reader, mails),
        "is_portfolio": mails == MailSubscription.PORTFOLIO,
        "of_notifications": _NAMES.get(mails, ""),
    }
    answer = render(request, "engagements/discussion/unsubscribe.html", context)
    answer["Referrer-Policy"] = "no-referrer"
    answer["Cache-Control"] = "no-store"
    return answer
