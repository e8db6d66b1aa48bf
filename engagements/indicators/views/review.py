"""Values of a period as they are reviewed: earlier values, what changed, the checklist and the decision."""

from datetime import date

from django.http import HttpResponse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from engagements.access.errors import NotAllowed
from engagements.access.plans import indicator_for
from engagements.access.roles import permissions_in
from engagements.base.views.decorators import signed_in
from engagements.base.views.read_input import read_picks
from engagements.base.views.signed_in_request import SignedInRequest
from engagements.discussion.forms.checklists import DecisionForm
from engagements.discussion.views.form_page import FORM_PAGE, FormPage, handle_form
from engagements.indicators.actions.value_status import REVIEWED, move_values, review_values
from engagements.indicators.queries.review import ReviewedValue, value_content, values_in_review
from engagements.indicators.views.indicators import crumbs
from engagements.indicators.views.values import MOVES
from engagements.indicators.views.values import REVIEWED as REVIEWED_SAID
from engagements.models import IndicatorValue, User
from engagements.permissions import APPROVE_INDICATOR, REVIEW_INDICATOR, VIEW_INDICATOR
from engagements.reviews.queries import changes_since, decided_together, decisions_of
from engagements.reviews.rules.checklists import VALUE as CHECKLIST
from engagements.workflow import INDICATOR_VALUE


@require_http_methods(FORM_PAGE)
@signed_in
def review(request: SignedInRequest, pk: int) -> HttpResponse:
    """`?start=&end=`: the period; without it the newest with values in review.

    What is refused comes back with all that was typed.
    """
    found = indicator_for(request.user, pk)
    held = permissions_in(request.user, found.engagement_id)
    if VIEW_INDICATOR not in held:
        raise NotAllowed(_("Values are reviewed by the team."))
    rows = values_in_review(request.user, pk, _day(request.GET.get("start")), _day(request.GET.get("end")))
    words = found.name if not rows else f"“{found.name}”, {rows[0].value.period_label}"
    steps = _steps(request.user, held, rows)
    statuses = [*INDICATOR_VALUE.choices, (REVIEWED, REVIEWED)]
    form = DecisionForm(request.POST or None, kind=CHECKLIST, statuses=statuses, is_of_one=False)
    sent = form.data.get("status", "") if form.is_bound else ""
    page = FormPage(
        _("Review of %(name)s") % {"name": words},
        "",
        REVIEWED_SAID if sent == REVIEWED else MOVES.get(("in_review", sent), ("", _("Nothing changed.")))[1],
        f"/indicators/{pk}/#values",
        crumbs(found),
        template="engagements/indicators/review.html",
    )

    def act(data: dict) -> None:
        common = {
            "indicator": pk,
            "values": read_picks(request),
            "by": request.user,
            "now": timezone.now(),
            "words": data["why"],
            "answers": form.answers(),
        }
        if data["status"] == REVIEWED:
            review_values(**common)
        else:
            move_values(status=data["status"], **common)

    pks = [one.value.pk for one in rows]
    earlier = decided_together(decisions_of(CHECKLIST, pks))
    kept = IndicatorValue.objects.filter(pk__in=pks).select_related("document").order_by("dimension", "pk")
    content = [field for row in kept for field in value_content(row, found)]
    return handle_form(
        request,
        page,
        form,
        act,
        indicator=found,
        values=rows,
        picks=[f"{one.value.pk}:{one.value.version}" for one in rows],
        since=changes_since(earlier, content, request.GET.get("since", "")),
        earlier=earlier,
        address=f"start={rows[0].value.period_start}&end={rows[0].value.period_end}" if rows else "",
        steps=steps,
        points=form.points,
        is_own=any(one.value.entered_by_id == request.user.pk for one in rows),
        own_words=_("You entered this: someone else must review and approve it."),
    )


def _steps(user: User, held: frozenset[str], rows: tuple[ReviewedValue, ...]) -> list[tuple[str, str]]:
    """Nobody reviews or approves what they entered."""
    own = any(one.value.entered_by_id == user.pk for one in rows)
    if not rows or REVIEW_INDICATOR not in held:
        return []
    back = ("draft", MOVES["in_review", "draft"][0])
    if own:
        return [back]
    if APPROVE_INDICATOR in held:
        return [("approved", MOVES["in_review", "approved"][0]), back]
    return [(REVIEWED, _("Mark as reviewed")), back]


def _day(words: str | None) -> date | None:
    try:
        return parse_date(words or "")
    except ValueError:
        return None
