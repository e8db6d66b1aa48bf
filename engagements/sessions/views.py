"""One's own sessions, and ending them."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from engagements.access.errors import NotAllowed, NotFound
from engagements.base.views.decorators import signed_in
from engagements.base.views.signed_in_request import SignedInRequest
from engagements.sessions.actions import end_one_session, end_sessions
from engagements.sessions.queries import sessions_of


@require_safe
@signed_in
def index(request: SignedInRequest) -> HttpResponse:
    _refuse_shared(request)
    rows = sessions_of(request.user, session_key=request.session.session_key or "")
    return render(request, "engagements/sessions/index.html", {"sessions": rows})


@require_POST
@signed_in
def end(request: SignedInRequest, pk: int) -> HttpResponse:
    _refuse_shared(request)
    if not end_one_session(session=pk, by=request.user):
        raise NotFound("We can’t find this. It may have moved, or it isn’t shared with you.")
    messages.success(request, _("That browser is signed out."))
    return redirect("sessions")


@require_POST
@signed_in
def end_all(request: SignedInRequest) -> HttpResponse:
    _refuse_shared(request)
    count = end_sessions(person=request.user, by=request.user, why="asked", keep=request)
    messages.success(
        request,
        ngettext("Signed out of %(count)s other browser.", "Signed out of %(count)s other browsers.", count)
        % {"count": count},
    )
    return redirect("sessions")


def _refuse_shared(request: SignedInRequest) -> None:
    if request.user.is_fictional:
        raise NotAllowed(_("This is a demo account that many people share: its sessions are theirs."))
