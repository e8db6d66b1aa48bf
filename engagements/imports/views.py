"""Saved mappings of every kind of table."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from engagements.base.table_import.mappings import archive_mapping
from engagements.base.views.decorators import signed_in
from engagements.base.views.signed_in_request import SignedInRequest
from engagements.imports.kinds import KINDS


@require_POST
@signed_in
def remove_mapping(request: SignedInRequest, pk: int) -> HttpResponse:
    """A saved mapping that is no longer used."""
    found = archive_mapping(mapping=pk, by=request.user, now=timezone.now())
    messages.success(request, _("“{name}” is archived.").format(name=found.name))
    return redirect(KINDS[found.kind].url("import", found.engagement))
