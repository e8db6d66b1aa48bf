"""The list of reviews, and one of them with an answer for each role."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from engagements.access.errors import NotFound
from engagements.access.roles import engagements_with, initiatives_with
from engagements.access_reviews.actions import decide
from engagements.access_reviews.queries import (
    managed_reviews,
    open_reviews_of,
    review_for,
    review_rows,
    roles_to_review,
)
from engagements.base.views.decorators import signed_in
from engagements.base.views.read_input import read_number
from engagements.base.views.signed_in_request import SignedInRequest
from engagements.models import AccessReview
from engagements.permissions import MANAGE_ROLES


@require_safe
@signed_in
def index(request: SignedInRequest) -> HttpResponse:
    """Of the places where one gives roles; operators see every one, and answer none by being operators."""
    user = request.user
    manages = engagements_with(user, MANAGE_ROLES).exists() or initiatives_with(user, MANAGE_ROLES).exists()
    if not manages and not user.is_staff:
        raise NotFound("We can’t find this. It may have moved, or it isn’t shared with you.")
    mine = set(managed_reviews(user).values_list("pk", flat=True))
    reviews = AccessReview.objects.all() if user.is_staff else AccessReview.objects.filter(pk__in=mine)
    rows = review_rows(reviews, today=timezone.localdate())
    context = {
        "open": [row for row in rows if row.is_open],
        "closed": [row for row in rows if not row.is_open],
        "overdue": sum(row.is_overdue for row in rows),
        "left": sum(row.left for row in rows),
        "mine": mine,
    }
    return render(request, "engagements/access_reviews/index.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def show(request: SignedInRequest, pk: int) -> HttpResponse:
    review = review_for(request.user, pk)
    problem, wrong = "", None
    if request.method == "POST":
        wrong = read_number(request.POST.get("role"))
        try:
            made = decide(
                review=review.pk,
                role=wrong or 0,
                answer=request.POST.get("answer", ""),
                why=request.POST.get("why", "")[:1000],
                by=request.user,
                now=timezone.now(),
            )
        except ValidationError as refused:
            problem = " ".join(refused.messages)
        else:
            return _after(request, made.review_id, made.answer)
    today = timezone.localdate()
    others = [row for row in open_reviews_of(request.user, today=today) if row.pk != review.pk]
    roles = roles_to_review(review, reader=request.user)
    context = {
        "review": review,
        "title": review.engagement.city.name if review.engagement else review.initiative.name,
        "waiting": [row for row in roles if not row.answer],
        "answered": [row for row in roles if row.answer],
        "others": others,
        "is_overdue": review.closed_at is None and review.due_on < today,
        "problem": problem,
        "wrong": wrong,
        "why": request.POST.get("why", ""),
    }
    return render(request, "engagements/access_reviews/review.html", context, status=422 if problem else 200)


def _after(request: SignedInRequest, review: int, answer: str) -> HttpResponse:
    if not managed_reviews(request.user).filter(pk=review).exists():
        messages.success(request, _("Your own role here is ended."))
        return redirect("me")
    messages.success(request, _("Role confirmed.") if answer == "keep" else _("Role ended. They can no longer use it."))
    return redirect("access_review", review)
