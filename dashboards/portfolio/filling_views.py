"""From “not recorded yet” to the form that records it: straight there, or by way of the city."""

from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from dashboards.portfolio.questions import with_portfolio
from engagements.access.errors import NotFound
from engagements.base.views.decorators import signed_in
from engagements.base.views.signed_in_request import SignedInRequest
from engagements.models import Initiative
from engagements.portfolio.queries.filling import cities_to_fill

TITLES = {
    "money": _("Add a transaction"),
    "people": _("Add a count of people"),
    "indicators": _("Add an indicator"),
    "risks": _("Add a risk"),
    "plans": _("Start a plan"),
    "updates": _("Write a quarterly update"),
}
_FORMS = {
    "money": "money_new",
    "people": "indicator_new",
    "indicators": "indicator_new",
    "risks": "risk_new",
    "updates": "update_new",
}


@require_safe
@signed_in
@with_portfolio
def add(request: SignedInRequest, within: Initiative, what: str) -> HttpResponse:
    """The cities in which this person may add it; with one, its form at once."""
    cities = cities_to_fill(request.user, within).get(what, ())
    if not cities:
        raise NotFound("We can’t find this page. It may have moved or not be shared with you.")
    rows = [(row, form_address(what, row.slug)) for row in cities]
    if len(rows) == 1:
        return redirect(rows[0][1])
    context = {"initiative": within, "title": TITLES[what], "rows": rows}
    return render(request, "dashboards/portfolio/add.html", context)


def form_address(what: str, engagement: str) -> str:
    """`what`: of NEEDS."""
    if what == "plans":
        return f"{reverse('plan_new')}?{urlencode({'engagement': engagement})}"
    return reverse(_FORMS[what], args=[engagement])
