"""Saving and removing a view of work."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import resolve
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from engagements.base.views.decorators import signed_in
from engagements.base.views.signed_in_request import SignedInRequest
from engagements.worklist.actions.views import remove_view, save_view
from engagements.worklist.queries.views import work_views
from engagements.worklist.views.edit import page_of


@require_POST
@signed_in
def save(request: SignedInRequest) -> HttpResponse:
    """Of the page `back`, with the filters in its address."""
    back = page_of(request.POST.get("back", ""))
    path, _mark, query = back.partition("?")
    found = resolve(path)
    try:
        made = save_view(
            name=request.POST.get("name", ""),
            place=str(found.url_name),
            slug=found.kwargs.get("slug", ""),
            query=query,
            by=request.user,
            now=timezone.now(),
        )
    except ValidationError as refused:
        messages.error(request, _("The view was not saved: {reason}").format(reason=" ".join(refused.messages)))
        return redirect(back)
    messages.success(request, _("“{name}” saved. It stands above your work.").format(name=made.name))
    return redirect(next((row.url for row in work_views(request.user) if row.pk == made.pk), back))


@require_POST
@signed_in
def remove(request: SignedInRequest, pk: int) -> HttpResponse:
    remove_view(view=pk, by=request.user)
    messages.success(request, _("The saved view is removed."))
    return redirect(page_of(request.POST.get("back", "")))
