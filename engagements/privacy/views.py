"""One's own data on one's own page; requests to be erased, and doing it, for operators."""

import io

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from atlas.web.permissions import OPERATE, require_permission
from engagements.access.errors import NotAllowed
from engagements.base.views.decorators import signed_in
from engagements.base.views.signed_in_request import SignedInRequest
from engagements.models import User
from engagements.privacy.actions.copies import write_copy
from engagements.privacy.actions.erasing import erase_person
from engagements.privacy.actions.requests import ask_erasure, withdraw_erasure
from engagements.privacy.forms import ConfirmForm, FindForm
from engagements.privacy.queries.people import is_erased, open_request_of, open_requests, person_with
from engagements.privacy.queries.preview import own_counts, preview_of


@require_safe
@signed_in
def mine(request: SignedInRequest) -> HttpResponse:
    _refuse_shared(request)
    context = {"held": own_counts(request.user), "asked": open_request_of(request.user)}
    return render(request, "engagements/privacy/mine.html", context)


@require_POST
@signed_in
def download(request: SignedInRequest) -> HttpResponseBase:
    """One's own only: no address names a person."""
    _refuse_shared(request)
    now = timezone.now()
    out = io.BytesIO()
    write_copy(out, person=request.user, by=request.user, now=now)
    out.seek(0)
    return FileResponse(out, as_attachment=True, filename=f"my-data-{now:%Y-%m-%d}.zip", content_type="application/zip")


@require_POST
@signed_in
def ask(request: SignedInRequest) -> HttpResponse:
    _refuse_shared(request)
    ask_erasure(by=request.user, now=timezone.now())
    messages.success(request, _("Your request is with the administrators."))
    return redirect("own_data")


@require_POST
@signed_in
def withdraw(request: SignedInRequest) -> HttpResponse:
    _refuse_shared(request)
    if withdraw_erasure(by=request.user, now=timezone.now()):
        messages.success(request, _("Your request is taken back. Nothing was erased."))
    return redirect("own_data")


@require_safe
@require_permission(OPERATE)
@never_cache
def people(request: HttpRequest) -> HttpResponse:
    """Who asked, and looking up an account for a request on paper."""
    email = request.GET.get("email", "")
    found = person_with(email) if email and "\0" not in email else None
    if found is not None:
        return redirect("erasure", found.pk)
    context = {"asked": open_requests(), "form": FindForm({"email": email} if email else None), "email": email}
    return render(request, "engagements/privacy/people.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@require_permission(OPERATE)
@never_cache
def person(request: HttpRequest, pk: int) -> HttpResponse:
    """What would go, what would stay and where they are named; erases with the typed address."""
    row = User.objects.filter(pk=pk).first()
    if row is None or is_erased(row):
        raise Http404("There is no such page.")
    form = ConfirmForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid() and _erase(request, row, form):
        messages.success(request, _("The person is erased."))
        return redirect("erasures")
    context = {"person": row, "preview": preview_of(row), "form": form}
    return render(request, "engagements/privacy/person.html", context, status=422 if form.errors else 200)


def _erase(request: HttpRequest, row: User, form: ConfirmForm) -> bool:
    assert isinstance(request.user, User), "require_permission let nobody else in"
    try:
        erase_person(person=row.pk, by=request.user, now=timezone.now(), confirmation=form.cleaned_data["confirmation"])
    except ValidationError as refused:
        form.add_error(None if not hasattr(refused, "error_dict") else "confirmation", refused.messages)
        return False
    return True


def _refuse_shared(request: SignedInRequest) -> None:
    if request.user.is_fictional:
        raise NotAllowed(_("This is a demo account that many people share: it is nobody’s."))
