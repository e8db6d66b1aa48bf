"""Where the mail service calls: one answer for everything that is signed, whatever became of it."""

import json

from allauth.core.ratelimit import consume
from django.conf import settings
from django.core.exceptions import RequestDataTooBig, TooManyFilesSent
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.http.multipartparser import MultiPartParserError
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from engagements.base.message_ids import is_ours
from engagements.mail_delivery.rules import read_event, read_report
from engagements.mail_replies.actions.bounces import take_bounce
from engagements.mail_replies.actions.taking import IncomingMail, take_mail
from engagements.mail_replies.mail import send_back
from engagements.mail_replies.rules.mail_service import is_signed, read_headers

LARGEST_EVENT = 200_000  # bytes
_REPORTS = ("message/delivery-status", "message/rfc822", "text/rfc822-headers", "message/rfc822-headers")
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
    if (report := read_report(_parts(sent, files))) and is_ours(report.message_id, report.recipient):
        take_bounce(report, token, now=now)
        return _say("Taken.", 200)
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


@csrf_exempt  # as above
@require_POST
@never_cache
def event(request: HttpRequest) -> HttpResponse:
    """What became of a mail, in the form of Mailgun's webhooks: JSON with `signature` and `event-data`."""
    if not settings.INBOUND_MAIL_KEY:
        raise Http404
    if not consume(request, action="inbound_mail"):
        return _say("Too many calls.", 429)
    said = request.META.get("CONTENT_LENGTH") or ""
    if not said.isdecimal() or int(said) > LARGEST_EVENT:
        return _say("Too large.", 413)
    now = timezone.now()
    try:
        sent = json.loads(request.body)
    except (ValueError, RecursionError):
        sent = None
    signed = sent.get("signature") if isinstance(sent, dict) else None
    if not isinstance(signed, dict):
        return _say("Not a call of a mail service.", _NEVER_AGAIN)
    parts = {name: str(signed.get(name) or "") for name in ("timestamp", "token", "signature")}
    if not is_signed(settings.INBOUND_MAIL_KEY, now=now.timestamp(), **parts):
        return _say("Not signed.", 403)
    if bounce := read_event(sent.get("event-data")):
        take_bounce(bounce, parts["token"], now=now)
    return _say("Taken.", 200)


def _parts(sent: QueryDict, files: list[UploadedFile]) -> list[str]:
    """The texts a report may be in: the mail as it came or its text, and its parts that are no plain attachment."""
    texts = [sent.get("body-plain", ""), sent.get("body-mime", "")]
    for file in files:
        if (file.content_type or "").lower() in _REPORTS and (file.size or 0) <= LARGEST_EVENT:
            texts.append(file.read().decode("utf-8", "replace"))
            file.seek(0)
    return texts


def _say(words: str, status: int) -> HttpResponse:
    return HttpResponse(words, content_type="text/plain; charset=utf-8", status=status)
