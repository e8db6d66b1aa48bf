"""/what-works/: everybody reads it. Strangers' pages are kept; filters are all of the address."""

from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from atlas.web.parameters import refuse_parameters, takes_parameters
from atlas.web.public_reads import Validator, public_read
from atlas.web.table_files import table_response
from dashboards.works.figure import figure_png, figure_svg
from dashboards.works.filters import draw_filters
from dashboards.works.forms import WorksForm
from dashboards.works.page import works_page
from dashboards.works.table import works_file
from engagements.base.views.decorators import open_to_all
from engagements.base.views.read_input import page_number
from engagements.evidence.forest import STRENGTH
from engagements.evidence.queries import may_write
from engagements.evidence.records import TIER_MEANINGS
from engagements.people.queries.cities import city_choices
from engagements.pilots.queries.works import Works, works
from engagements.pilots.rules.works import OutcomeTable, WorkFilter, arrange, choose, outcome_tables
from engagements.verdicts import VERDICTS

_PARAMETERS = tuple(WorksForm.base_fields)


@require_safe
@open_to_all
def index(request: HttpRequest) -> HttpResponse:
    """A filter that can't be is said at its field, and then nothing is filtered (400)."""
    writes = may_write(request.user)
    page = works_page(request.user, request.GET.dict(), page_number(request), writes=writes)
    context = {
        "page": page,
        "form": page.form,
        "asked": page.asked,
        "sort": page.asked.get("sort", ""),
        "filters": draw_filters(page.form),
        "query": urlencode(page.asked),
        "asked_query": QueryDict(urlencode(page.asked)),  # links repeat only what could be read
        "writes": writes,
        "strengths": [(marks, str(word), TIER_MEANINGS[tier]) for tier, (marks, word) in STRENGTH.items()],
        "verdicts": list(VERDICTS.values()),
    }
    return render(request, "dashboards/works/list.html", context, status=200 if page.form.is_valid() else 400)


@public_read(Validator.ANSWER)
@require_safe
@open_to_all
@takes_parameters(*_PARAMETERS)
def export(request: HttpRequest, kind: str = "csv") -> HttpResponse:
    """Results under these filters; studies have their own file at /evidence/."""
    every = _works(request)
    outcomes = [(row.outcome_key, row.fields.outcome) for row in every.rows]
    form = WorksForm(request.GET, cities=city_choices(), outcomes=outcomes)
    if not form.is_valid():  # a file of everything would pass for the answer to a filter that is none
        return refuse_parameters({name: [str(one) for one in errors] for name, errors in form.errors.items()})
    where = form.of_results()
    rows = arrange(choose(every.rows, where), form.cleaned_data["sort"]) if where else ()
    address = request.build_absolute_uri(reverse("works"))
    found = works_file(rows, address, is_made_up=bool(form.cleaned_data["demo"]))
    return table_response(request, found, kind, found.table.name, is_public=not request.user.is_authenticated)


@public_read(Validator.ANSWER)
@require_safe
@open_to_all
@takes_parameters("demo")
def svg(request: HttpRequest, outcome: str) -> HttpResponse:
    """Raises Http404 where no test of this outcome has a number."""
    return HttpResponse(figure_svg(_drawable(request, outcome)), content_type="image/svg+xml")


@public_read(Validator.ANSWER)
@require_safe
@open_to_all
@takes_parameters("demo")
def png(request: HttpRequest, outcome: str) -> HttpResponse:
    table = _drawable(request, outcome)
    address = request.build_absolute_uri(f"{reverse('works')}?outcome={outcome}")
    answer = HttpResponse(figure_png(table, address, is_made_up=_asks_made_up(request)), content_type="image/png")
    answer["Content-Disposition"] = f'attachment; filename="what-works-{outcome[:60]}.png"'
    return answer


def _drawable(request: HttpRequest, outcome: str) -> OutcomeTable:
    tables = outcome_tables(arrange(choose(_works(request).rows, WorkFilter(outcome=outcome))))
    drawn = next((table for table in tables if table.has_marks), None)
    if drawn is None:
        raise Http404("No test of this outcome has a number to draw.")
    return drawn


def _works(request: HttpRequest) -> Works:
    return works(request.user, made_up=_asks_made_up(request))


def _asks_made_up(request: HttpRequest) -> bool:
    return bool(request.GET.get("demo"))
