"""The evidence library: everybody reads it."""

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from atlas.tables.frames import build_frame
from atlas.web.parameters import refuse_parameters, takes_parameters
from atlas.web.public_reads import Validator, public_read
from atlas.web.table_files import TableFile, table_response
from engagements.base.views.decorators import open_to_all
from engagements.base.views.read_input import page_number
from engagements.evidence.exports import evidence_cells, evidence_table
from engagements.evidence.forest import STRENGTH, Section, sections
from engagements.evidence.forms import PARTS, FilterForm
from engagements.evidence.gap_queries import CityGap, city_gaps, find_city
from engagements.evidence.gaps import GAP_BY_CODE
from engagements.evidence.presenters import present_row, side_by_side
from engagements.evidence.prose import why_not_planned
from engagements.evidence.queries import (
    EvidenceFilter,
    evidence_page,
    evidence_rows,
    evidence_versions,
    may_write,
)
from engagements.evidence.records import TIER_MEANINGS
from engagements.people.queries.cities import city_choices

SIZE = 200  # rows of a page
FIRST_FILTERS = ("q", "family", "tried_in", "tier", "sort")
MORE_FILTERS = ("finding", "gap", "city")
OPENED = 3  # outcomes with a chart on the page as it opens; the others are one link away


@require_safe
@open_to_all
def index(request: HttpRequest) -> HttpResponse:
    """Filtered by the address; a filter that can't be is said at its field, and then nothing is filtered (400)."""
    cities = city_choices()
    form = FilterForm(request.GET, cities=cities)
    where, asked = _where(form)
    rows = evidence_rows(request.user, where)
    number = page_number(request)
    shown = rows[(number - 1) * SIZE : number * SIZE]
    writes = may_write(request.user)
    names = dict(cities)
    sort = asked.pop("sort", "")
    found = sections(shown, sort)
    opened = found if asked else _opened(found)
    context = {
        "form": form,
        "asked": asked,
        "first_filters": [form[name] for name in FIRST_FILTERS],
        "more_filters": [form[name] for name in MORE_FILTERS],
        "more_asked": bool(asked.keys() & {*MORE_FILTERS, "waiting"}),
        "cities": names,
        "sections": opened,
        "is_folded": not asked,
        "others": [one for one in found if one not in opened],
        "count": len(rows),
        "programs": len({row.fields.intervention for row in rows}),
        "ready": sum(not why_not_planned(row.fields) for row in rows),
        "number": number,
        "more": len(rows) > number * SIZE,
        "writes": writes,
        "gap": GAP_BY_CODE.get(asked.get("gap", "")),
        "query": urlencode(asked),
        "sort": sort,
        "gaps": _gaps_of(asked.get("city", ""), asked.get("gap", "")),
        "city_name": names.get(asked.get("city", "")),
        "waiting": sum(row.is_waiting for row in rows) if writes else 0,
        "worse": sum(row.fields.finding in ("null", "negative") for row in rows),
        "strengths": [(marks, str(word), TIER_MEANINGS[tier]) for tier, (marks, word) in STRENGTH.items()],
    }
    return render(request, "engagements/evidence/list.html", context, status=200 if form.is_valid() else 400)


@require_safe
@open_to_all
def read(request: HttpRequest, slug: str) -> HttpResponse:
    detail = evidence_page(request.user, slug)
    context = {
        "row": present_row(detail.row),
        "detail": detail,
        "cities": dict(city_choices()),
        "strength": STRENGTH[detail.row.fields.tier],
        "not_planned": why_not_planned(detail.row.fields),
        "gaps": [GAP_BY_CODE[code] for code in detail.row.fields.gaps if code in GAP_BY_CODE],
        "names_people": request.user.is_authenticated,
    }
    return render(request, "engagements/evidence/row.html", context)


@require_safe
@open_to_all
def versions(request: HttpRequest, slug: str) -> HttpResponse:
    """Two versions side by side: those asked for, or the two newest."""
    rows = evidence_versions(request.user, slug)
    by_number = {str(row.version): row for row in rows}
    newer = by_number.get(request.GET.get("new", ""), rows[0])
    older = by_number.get(request.GET.get("old", ""), rows[min(1, len(rows) - 1)])
    labels = [(name, label) for _, fields in PARTS for name, label, *_ in fields if name != "tried_in"]
    context = {
        "title": rows[0].fields.intervention,
        "slug": slug,
        "versions": rows,
        "older": older,
        "newer": newer,
        "parts": side_by_side(older.fields, newer.fields, labels),
        "names_people": request.user.is_authenticated,
    }
    return render(request, "engagements/evidence/versions.html", context)


@public_read(Validator.ANSWER)
@require_safe
@open_to_all
@takes_parameters(*FilterForm.base_fields)
def export(request: HttpRequest, kind: str = "csv") -> HttpResponse:
    """What the viewer reads under these filters, in the columns an import takes."""
    form = FilterForm(request.GET, cities=city_choices())
    where, _ = _where(form)
    if where is None:  # a file of everything would pass for the answer to a filter that is none
        return refuse_parameters(_errors_with_values(form))
    rows = evidence_rows(request.user, where)
    table = evidence_table(address=request.build_absolute_uri(reverse("evidence")))
    frame = build_frame(table, [evidence_cells(row.fields, row.version) for row in rows])
    is_public = not request.user.is_authenticated
    return table_response(request, TableFile(table, frame), kind, table.name, is_public=is_public)


def _where(form: FilterForm) -> tuple[EvidenceFilter | None, dict[str, str]]:
    """The filter, and what of the address is to be repeated in links."""
    if not form.is_valid():
        return None, {}
    data = form.cleaned_data
    where = EvidenceFilter(
        gap=data["gap"],
        family=data["family"],
        tier=data["tier"],
        finding=data["finding"],
        city=data["tried_in"],
        words=data["q"],
        only_waiting=data["waiting"],
        only_planned=data["ready"],
    )
    return where, {name: "1" if value is True else value for name, value in data.items() if value}


def _errors_with_values(form: FilterForm) -> dict[str, list[str]]:
    """What is wrong with each filter, and the values it has where they can be listed."""
    found = {name: [str(said) for said in errors] for name, errors in form.errors.items()}
    for name in found:
        choices = [str(value) for value, _ in getattr(form.fields[name], "choices", ()) if value]
        if choices:
            found[name].append(f"There are: {', '.join(choices)}.")
    return found


def _opened(found: tuple[Section, ...]) -> tuple[Section, ...]:
    """The first outcomes that have a chart; all of them where none has."""
    return tuple(one for one in found if one.main)[:OPENED] or found


def _gaps_of(slug: str, code: str) -> tuple[CityGap, ...]:
    city = find_city(slug) if slug else None
    return city_gaps(city, (code,) if code else ()) if city else ()
