"""Limits of an engagement and what of them is used, for who gives roles in it."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from engagements.access.engagements import engagement_for
from engagements.base.quotas import Kind, quotas_of
from engagements.base.views.decorators import signed_in
from engagements.base.views.signed_in_request import SignedInRequest
from engagements.permissions import MANAGE_ROLES

FULL = 0.9  # from here on it is said that it will soon be used up


@require_safe
@signed_in
def show(request: SignedInRequest, slug: str) -> HttpResponse:
    within = engagement_for(request.user, slug, MANAGE_ROLES)
    rows = [
        {
            "quota": quota,
            "is_bytes": quota.kind == Kind.DOCUMENTS,
            "is_near": quota.limit and quota.share >= FULL,
            "used_size": _size(quota.used),
            "limit_size": _size(quota.limit),
        }
        for quota in quotas_of(within, now=timezone.now())
    ]
    return render(request, "engagements/quotas/limits.html", {"engagement": within, "rows": rows})


def _size(number: int) -> str:
    """Bytes as the setting counts them: a MB is a million."""
    return f"{number / 10**9:,.1f} GB" if number >= 10**9 else f"{number / 10**6:,.1f} MB"
