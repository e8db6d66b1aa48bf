"""What one was told, read and unread, and what one wants to hear about."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from engagements.access.roles import initiatives_with
from engagements.base.views.decorators import signed_in
from engagements.base.views.signed_in_request import SignedInRequest
from engagements.discussion.mail.messages import path_for_reader
from engagements.mail_delivery.actions import send_again
from engagements.mail_delivery.queries import problem_of
from engagements.models import Notification
from engagements.notifications.actions.choices import choose
from engagements.notifications.actions.reading import mark_all_read, mark_notification, open_notification
from engagements.notifications.forms import ChoicesForm
from engagements.notifications.queries.choices import choices_of
from engagements.notifications.queries.notifications import notification_page
from engagements.people.actions.profile import change_profile
from engagements.permissions import VIEW_FUNDER_FACING

_MOST_PAGES = 10_000


@require_safe
@signed_in
def index(request: SignedInRequest) -> HttpResponse:
    kind = _kind(request.GET.get("kind", ""))
    only_unread = request.GET.get("show") == "unread"
    page = notification_page(
        request.user, kind=kind, only_unread=only_unread, number=_number(request.GET.get("page", ""))
    )
    context = {
        "mail": problem_of(request.user.email),
        "page": page,
        "kind": kind,
        "only_unread": only_unread,
        "all": sum(row.unread for row in page.kinds),
    }
    return render(request, "engagements/notifications/index.html", context)


@require_safe
@signed_in
def follow(request: SignedInRequest, pk: int) -> HttpResponse:
    """To what it is about; opening it is reading it."""
    row = open_notification(pk=pk, by=request.user, now=timezone.now())
    if row.noun == "engagementrole" and row.engagement is None:
        return redirect("engagements")
    return redirect(path_for_reader(row.noun, row.object_id, row.engagement.slug if row.engagement else None))


@require_POST
@signed_in
def mark(request: SignedInRequest, pk: int) -> HttpResponse:
    mark_notification(pk=pk, is_read=request.POST.get("read") == "yes", by=request.user, now=timezone.now())
    return _back(request)


@require_POST
@signed_in
def all_read(request: SignedInRequest) -> HttpResponse:
    count = mark_all_read(kind=_kind(request.POST.get("kind", "")), by=request.user, now=timezone.now())
    said = ngettext("%(count)s notification is marked as read.", "%(count)s notifications are marked as read.", count)
    messages.success(request, said % {"count": count})
    return _back(request)


@require_POST
@signed_in
def mail_again(request: SignedInRequest) -> HttpResponse:
    """Mail goes to one's address again: whoever cleared the mailbox says so."""
    send_again(by=request.user)
    messages.success(request, _("Email goes to {address} again.").format(address=request.user.email))
    return redirect("notifications")


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def choices(request: SignedInRequest) -> HttpResponse:
    form = ChoicesForm(
        request.POST if request.method == "POST" else None,
        user=request.user,
        chosen=choices_of(request.user),
        reads_portfolio=initiatives_with(request.user, VIEW_FUNDER_FACING).exists(),
    )
    if request.method == "POST" and form.is_valid() and _save(request, form):
        messages.success(request, _("Your choices are saved."))
        return redirect("notification_choices")
    return render(request, "engagements/notifications/choices.html", {"form": form}, status=422 if form.errors else 200)


def _save(request: SignedInRequest, form: ChoicesForm) -> bool:
    try:
        with transaction.atomic():
            choose(email=form.kinds(), by=request.user, now=timezone.now())
            change_profile(changes=form.digests(), by=request.user)
    except ValidationError as refused:
        form.add_error(None, refused)
        return False
    return True


def _back(request: SignedInRequest) -> HttpResponse:
    """To the same page of the list, whose choices the form carries."""
    kept = "&".join(
        f"{name}={value}"
        for name, value in (
            ("show", "unread" if request.POST.get("show") == "unread" else ""),
            ("kind", _kind(request.POST.get("kind", ""))),
            ("page", str(_number(request.POST.get("page", ""))) if request.POST.get("page") else ""),
        )
        if value
    )
    answer = redirect("notifications")
    if kept:
        answer["Location"] += f"?{kept}"
    return answer


def _kind(said: str) -> str:
    """ "" for every kind, also where none of that name is known."""
    return said if said in Notification.Kind.values else ""


def _number(said: str) -> int:
    return min(int(said), _MOST_PAGES) if said.isascii() and said.isdecimal() and len(said) < 8 and int(said) else 1
