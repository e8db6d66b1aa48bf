"""A problem with a number, reported by anybody who signed in."""

from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from engagements import limits
from engagements.access.errors import NotFound
from engagements.base.views.decorators import signed_in
from engagements.base.views.signed_in_request import SignedInRequest
from engagements.discussion.actions.requests import report_problem
from engagements.discussion.forms.requests import ProblemForm
from engagements.discussion.rules import read_panel_path
from engagements.discussion.views.form_page import FORM_PAGE, FormPage, handle_form
from engagements.models.requests import check_local_path
from engagements.people.queries.cities import city_id


@require_http_methods(FORM_PAGE)
@signed_in
def new(request: SignedInRequest) -> HttpResponse:
    path = request.GET.get("about", "")
    try:
        check_local_path(path)
    except ValidationError as foreign:
        raise NotFound("This is no page of this portal.") from foreign
    if len(path) > limits.PANEL_PATH:
        raise NotFound("This is no page of this portal.")
    about = read_panel_path(path)
    page = FormPage(
        "Report a problem with a number",
        "Report it",
        "Thank you: the experts were told.",
        path,
        lede=f"{about.words}. Say which number, what you expected and why; an expert will look and answer.",
    )

    def act(data: dict) -> str:
        made = report_problem(
            panel_path=path,
            what=data["what"],
            city=city_id(about.city_slug),
            submission=data["submission"],
            by=request.user,
            now=timezone.now(),
        )
        return f"/requests/{made.pk}/"

    return handle_form(request, page, ProblemForm(request.POST or None), act, about=about)
