"""The link at the end of a digest: no sign-in, one press; a mail program may press it by itself (RFC 8058)."""

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from engagements.people.actions.profile import MailSubscription, find_reader, unsubscribe


@csrf_exempt  # a mail program sends no token of ours; the link itself is the proof, and it only ends mails
@require_http_methods(["GET", "HEAD", "POST"])
def leave(request: HttpRequest, token: str) -> HttpResponse:
    """Looking changes nothing: programs that check links in mails only look."""
    try:
        found = unsubscribe(token=token) if request.method == "POST" else find_reader(token=token)
    except ValidationError as forged:
        raise Http404("This link is not one of ours.") from forged
    reader, mails = found
    is_portfolio = mails == MailSubscription.PORTFOLIO
    ended = not reader.portfolio_digest if is_portfolio else reader.digest == reader.Digest.NONE
    answer = render(request, "engagements/discussion/unsubscribe.html", {"ended": ended, "is_portfolio": is_portfolio})
    answer["Referrer-Policy"] = "no-referrer"
    answer["Cache-Control"] = "no-store"
    return answer
