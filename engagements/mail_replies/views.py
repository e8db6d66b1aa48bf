"""Where the mail service calls: one answer for everything that is signed, whatever became of it."""

from allauth.core.ratelimit import consume
from django.conf import settings
from django.core.exceptions import RequestDataTooBig, TooManyFilesSent
from django.http import Http404, HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from engagements.mail_replies.actions.taking import IncomingMail, take_mail
from engagements.mail_replies.mail import send_back
from engagements.mail_replies.rules.mail_service import is_signed, read_headers

LARGEST = 60_000_000  # bytes of a call; what is larger is not read at all
_NEVER_AGAIN = 406  # a service that gets it does not try again


@csrf_exempt  # a program calls; its signature is the proof
@require_POST
@never_cache
def inbound(request: HttpRequest) -> HttpResponse:
    """Files larger than the portal takes are counted and thrown away while they arrive."""
    if not settings.REPLY_ADDRESS or not settings.INBOUND_MAIL_KEY:
        raise Http404
    if not consume(request, action="inbound_mail"):
        return _say("Too many calls.", 429)
    said = request.META.get("CONTENT_LENGTH") or ""
    if not said.isdecimal() or int(said) > LARGEST:
        return _say("Too large.", 413)
    now = timezone.now()
    try:
        sent, files = request.POST, [file for _, found in request.FILES.lists() for file in found]
    except (RequestDataTooBig, TooManyFilesSent, MultiPartParserError):
        return _say("Not a call of a mail service.", _NEVER_AGAIN)
    token = sent.get("token", "")
    signature, timestamp = sent.get("signature", ""), sent.get("timestamp", "")
    key = settings.INBOUND_MAIL_KEY
    if not is_signed(key, timestamp=timestamp, token=token, signature=signature, now=now.timestamp()):
        return _say("Not signed.", 403)
    mail = IncomingMail(
        token=token,
        recipient=sent.get("recipient", ""),
        sender=sent.get("from", "") or sent.get("sender", ""),
        text=sent.get("body-plain", ""),
        headers=read_headers(sent.get("message-headers", "")),
        files=files,
    )
    send_back(take_mail(mail, now=now))
    return _say("Taken.", 200)


def _say(words: str, status: int) -> HttpResponse:
    return HttpResponse(words, content_type="text/plain; charset=utf-8", status=status)
