"""Reading an engagement's money: its page, the part of it that follows the ledger, entries, places, tables."""

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from atlas.web.parameters import takes_parameters
from atlas.web.table_files import TableFile, table_response
from dashboards.base.form_choices import set_choices
from dashboards.money.map import NO_EFFECT, chosen_stage, latest_stage, money_map
from dashboards.money.page import about, money_page
from dashboards.money.tables import entries_file, sums_file
from engagements import limits
from engagements.access.engagements import engagement_for
from engagements.access.roles import permissions_in
from engagements.base.views.decorators import signed_in
from engagements.base.views.read_input import page_number, slice_of
from engagements.base.views.signed_in_request import SignedInRequest
from engagements.discussion.forms.base import PlainTextField
from engagements.discussion.views.form_page import breadcrumbs_of, today_for
from engagements.money.forms.entries import BookedDay
from engagements.money.queries.choices import funders_of, plans_to_filter, projects_of
from engagements.money.queries.ledger import EntryFilter, entries, entry_page
from engagements.money.queries.places import places
from engagements.money.queries.sums import money, money_version
from engagements.money.rules.stages import CHOICES, STAGES
from engagements.permissions import VIEW_MONEY
from engagements.portfolio.queries.portfolio import shows_fictional


class EntryFilterForm(forms.Form):
    """What can't be read filters nothing and says so at its field."""

    stage = forms.ChoiceField(label="Stage", required=False, choices=[("", "Any"), *CHOICES])
    funder = forms.TypedChoiceField(label="Funder", required=False, coerce=int, empty_value=None)
    plan = forms.TypedChoiceField(label="Plan", required=False, coerce=int, empty_value=None)
    project = forms.TypedChoiceField(label="Project", required=False, coerce=int, empty_value=None)
    since = BookedDay(label="From", required=False)
    until = BookedDay(label="To", required=False)
    words = PlainTextField(label="Words", max_length=limits.SEARCH, required=False)
    placed = forms.ChoiceField(
        label="Tracts", required=False, choices=[("", "Any"), ("yes", "Placed"), ("no", "Not placed yet")]
    )

    def __init__(self, *args, funders, plans, projects, **kwargs):
        super().__init__(*args, **kwargs)
        set_choices(self, "plan", [("", "Any"), *plans])
        set_choices(self, "project", [("", "Any"), *projects])
        self.fields["plan"].error_messages["invalid_choice"] = "There is no plan here whose entries you may see by it."
        set_choices(self, "funder", [("", "Any"), *((row.pk, row.name) for row in funders)])

    def wanted(self, engagement: int) -> EntryFilter:
        self.is_valid()
        given = self.cleaned_data
        return EntryFilter(
            engagement=engagement,
            stages=tuple(filter(None, [given.get("stage")])),
            funder=given.get("funder"),
            plan=given.get("plan"),
            project=given.get("project"),
            since=given.get("since"),
            until=given.get("until"),
            words=given.get("words", ""),
            placed={"yes": True, "no": False}.get(given.get("placed", "")),
        )


@require_safe
@signed_in
def page(request: SignedInRequest, slug: str) -> HttpResponse:
    found = money_page(request.user, slug, today_for(request.user))
    context = about(found, timezone.now()) | {"crumbs": breadcrumbs_of(found.money.engagement)}
    return render(request, "dashboards/money/page.html", context)


@require_safe
@signed_in
def live(request: SignedInRequest, slug: str) -> HttpResponse:
    """The part of the page that follows the ledger, every two seconds while it is open; 204 while nothing is new."""
    version = money_version(request.user, slug)
    if request.GET.get("version") == version or request.headers.get("If-None-Match") == f'"{version}"':
        return HttpResponse(status=204)
    found = money_page(request.user, slug, today_for(request.user))
    response = render(request, "dashboards/money/_live.html", about(found, timezone.now()))
    response["ETag"] = f'"{found.money.version}"'
    return response


@require_safe
@signed_in
def entry_list(request: SignedInRequest, slug: str) -> HttpResponse:
    within = engagement_for(request.user, slug, VIEW_MONEY)
    form = EntryFilterForm(
        request.GET or None,
        funders=funders_of(within.initiative_id, within.city_id),
        plans=plans_to_filter(request.user, within),
        projects=projects_of(within),
    )
    wanted = form.wanted(within.pk) if form.is_bound else EntryFilter(engagement=within.pk)
    number = page_number(request)
    rows, more = slice_of(lambda **part: entries(request.user, wanted, **part), number)
    query = request.GET.copy()
    query.pop("page", None)
    context = {
        "within": within,
        "rows": rows,
        "more": more,
        "number": number,
        "form": form,
        "query": query.urlencode(),
        "crumbs": (*breadcrumbs_of(within), (f"/engagements/{slug}/money/", "Money")),
        "filtered": bool(form.changed_data),
        "may": permissions_in(request.user, within.pk),
    }
    return render(request, "dashboards/money/entries.html", context)


@require_safe
@signed_in
def entry(request: SignedInRequest, pk: int) -> HttpResponse:
    found = entry_page(request.user, pk)
    slug, whole = found.row.engagement_slug, f"/portfolio/{found.row.initiative_slug}/"
    crumbs = ((f"/engagements/{slug}/", found.row.city_name), (f"/engagements/{slug}/money/", "Money"))
    if slug is None:
        kind = "&kind=fictional" if found.row.is_fictional and shows_fictional(request.user) else ""
        crumbs = ((whole, found.row.initiative), (f"{whole}entries/?city=none{kind}", "Money of no one city"))
    context = {"found": found, "row": found.row, "crumbs": crumbs, "here": f"Entry {pk}"}
    return render(request, "dashboards/money/entry.html", context)


@require_safe
@signed_in
def place_list(request: SignedInRequest, slug: str) -> HttpResponse:
    blocks = places(request.user, slug)
    within, asked = blocks[0].engagement, request.GET.get("stage", "")
    found = chosen_stage(blocks, asked)
    stage = latest_stage(blocks) if found is None else found
    context = {
        "blocks": [(block, money_map(block, stage)) for block in blocks],
        "within": within,
        "stages": STAGES,
        "stage": STAGES[stage],
        "unknown": asked[:20] if found is None else "",
        "no_effect": NO_EFFECT,
        "now": timezone.now(),
        "crumbs": (*breadcrumbs_of(within), (f"/engagements/{slug}/money/", "Money")),
    }
    return render(request, "dashboards/money/places.html", context, status=200 if found is not None else 400)


@require_safe
@signed_in
@takes_parameters()
def sums_table(request: SignedInRequest, slug: str, extension: str = "csv") -> HttpResponse:
    """The sums of the page; recorded and fictional ones on rows of their own."""
    found = sums_file(slug, money(request.user, slug), _page_address(request, slug))
    return table_response(request, found, extension, _dated(found))


@require_safe
@signed_in
@takes_parameters()
def entries_table(request: SignedInRequest, slug: str, extension: str = "csv") -> HttpResponse:
    """Every entry as far as the viewer sees it, in the columns of the API."""
    within = engagement_for(request.user, slug, VIEW_MONEY)
    rows = entries(request.user, EntryFilter(engagement=within.pk), limit=None)
    found = entries_file(slug, rows, _page_address(request, slug))
    return table_response(request, found, extension, _dated(found))


def _page_address(request: SignedInRequest, slug: str) -> str:
    return request.build_absolute_uri(reverse("money", args=[slug]))


def _dated(found: TableFile) -> str:
    """The ledger grows: the day stands in the name."""
    return f"{found.table.name}-{timezone.localdate():%Y-%m-%d}"
