"""Writing the ledger: an entry, its reversal, its tracts, and budgets. Pages that show it: dashboards/money."""

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from atlas.formatting.dates import format_day
from atlas.formatting.money import format_dollars
from engagements.access.engagements import engagement_for, initiative_for
from engagements.access.errors import NotAllowed
from engagements.access.money import budget_line_for, entry_for
from engagements.access.roles import permissions_by_initiative, permissions_in
from engagements.base.queries.tracts_to_pick import tracts_to_pick
from engagements.base.views.decorators import signed_in
from engagements.base.views.signed_in_request import SignedInRequest
from engagements.discussion.forms.base import ReasonForm
from engagements.discussion.views.form_page import FORM_PAGE, FormPage, breadcrumbs_of, handle_form, today_for
from engagements.models import BudgetLine, Engagement, Initiative, LedgerEntry
from engagements.money.actions.budget import add_budget_line, archive_budget_line, change_budget_line
from engagements.money.actions.ledger import place_entry, post_entry, reverse_entry
from engagements.money.forms.entries import (
    BudgetChangeForm,
    BudgetForm,
    EntryForm,
    InitiativeEntryForm,
    PlaceForm,
    ReverseForm,
    last_day,
)
from engagements.money.queries.choices import initiative_choices, money_choices
from engagements.money.queries.ledger import placed_shares
from engagements.money.rules.stages import Stage
from engagements.money.rules.sums import first_day_of, quarter
from engagements.permissions import EDIT_MONEY, VIEW_MONEY

_NOT_YOURS = "Money is entered by the city's staff, advisers and leads."
_NOT_YOURS_IN_INITIATIVE = "Money of a whole initiative is entered by its leads."
_NO_TRACTS_WITHOUT_ENGAGEMENT = "Money for a whole initiative is placed in no tracts: enter it for a city."


@require_http_methods(FORM_PAGE)
@signed_in
def new(request: SignedInRequest, slug: str) -> HttpResponse:
    within = editable(request, slug)
    form = EntryForm(
        request.POST or None,
        choices=money_choices(within),
        tracts=tracts_to_pick(within.city.slug, request.user),
        initial={"occurred_on": today_for(request.user)},
    )
    page = FormPage(
        "Enter money",
        "Enter the transaction",
        "It is in the ledger.",
        _page_of(slug),
        _crumbs(within),
        lede="An entry is never changed or deleted. What was wrong is reversed, and entered again.",
    )

    def act(data: dict) -> str:
        made = post_entry(engagement=within.pk, by=request.user, now=timezone.now(), **data)
        return reverse("money_entry", args=[made.pk])

    return handle_form(request, page, form, act)


@require_http_methods(FORM_PAGE)
@signed_in
def new_of_initiative(request: SignedInRequest, slug: str) -> HttpResponse:
    """Money that belongs to no city: most often what a funder commits to the whole initiative."""
    within = initiative_for(request.user, slug, VIEW_MONEY)
    if EDIT_MONEY not in _permissions_in_initiative(request, within.pk):
        raise NotAllowed(_NOT_YOURS_IN_INITIATIVE)
    first = {"occurred_on": today_for(request.user), "stage": Stage.COMMITTED}
    form = InitiativeEntryForm(request.POST or None, choices=initiative_choices(within), initial=first)
    portfolio = _portfolio_of(within)
    page = FormPage(
        "Enter money of the whole initiative",
        "Enter the transaction",
        "It is in the ledger.",
        f"{portfolio[0]}#money",
        (portfolio,),
        lede="What a funder commits here covers every city; money of one city is entered on that city's page. An entry "
        "is never changed or deleted. What was wrong is reversed, and entered again.",
    )

    def act(data: dict) -> str:
        made = post_entry(initiative=within.pk, by=request.user, now=timezone.now(), **data)
        return reverse("money_entry", args=[made.pk])

    return handle_form(request, page, form, act)


@require_http_methods(FORM_PAGE)
@signed_in
def reversal(request: SignedInRequest, pk: int) -> HttpResponse:
    found = _editable_entry(request, pk)
    form = ReverseForm(request.POST or None, initial={"occurred_on": max(today_for(request.user), found.occurred_on)})
    page = FormPage(
        f"Reverse entry {pk}",
        "Reverse it",
        "It is taken back.",
        reverse("money_entry", args=[pk]),
        _crumbs_of_entry(found),
        danger=True,
        lede=f"{found.get_stage_display()} {format_dollars(found.amount_usd)} of {found.funder}, "
        f"{format_day(found.occurred_on)}. A new entry takes back the whole; both stay.",
    )

    def act(data: dict) -> str:
        made = reverse_entry(entry=pk, by=request.user, now=timezone.now(), **data)
        return reverse("money_entry", args=[made.pk])

    return handle_form(request, page, form, act)


@require_http_methods(FORM_PAGE)
@signed_in
def place(request: SignedInRequest, pk: int) -> HttpResponse:
    found = _editable_entry(request, pk)
    if found.engagement_id is None:
        raise NotAllowed(_NO_TRACTS_WITHOUT_ENGAGEMENT)
    assert found.engagement is not None
    offered = tracts_to_pick(found.engagement.city.slug, request.user)
    form = PlaceForm(request.POST or None, tracts=offered, initial={"tracts": placed_shares(found.pk)})
    page = FormPage(
        f"Say which tracts entry {pk} serves",
        "Save",
        "It is placed.",
        reverse("money_entry", args=[pk]),
        _crumbs_of_entry(found),
        lede="People in these tracts are served, wherever the payee has an office. What was said before stays in the "
        "entry's history.",
    )

    def act(data: dict) -> None:
        place_entry(entry=pk, by=request.user, now=timezone.now(), **data)

    return handle_form(request, page, form, act)


@require_http_methods(FORM_PAGE)
@signed_in
def budget_new(request: SignedInRequest, slug: str) -> HttpResponse:
    within, today = editable(request, slug), today_for(request.user)
    when = {"period_start": first_day_of(quarter(today)), "period_end": last_day(today.year, 4)}
    form = BudgetForm(request.POST or None, choices=money_choices(within), around=today, initial=when)
    page = FormPage(
        "Add a budget line",
        "Add the budget line",
        "The budget line is added.",
        f"{_page_of(slug)}#budget",
        _crumbs(within),
        lede="It is compared with what is spent in the same quarters, on the same plan and of the same funder.",
    )

    def act(data: dict) -> None:
        add_budget_line(engagement=within.pk, by=request.user, now=timezone.now(), **data)

    return handle_form(request, page, form, act)


@require_http_methods(FORM_PAGE)
@signed_in
def budget_edit(request: SignedInRequest, pk: int) -> HttpResponse:
    line = _editable_line(request, pk)
    within = line.engagement
    seen = {name: getattr(line, name) for name in ("name", "amount_usd", "price_year", "version")}
    seen |= {"period_start": line.period_start, "period_end": line.period_end}
    seen |= {"plan": line.plan_id, "funder": line.funder_id}
    form = BudgetChangeForm(request.POST or None, choices=money_choices(within), around=line.period_start, initial=seen)
    page = FormPage(
        f"Change “{line.name}”",
        "Save",
        "The budget line is changed.",
        f"{_page_of(within.slug)}#budget",
        _crumbs(within),
    )

    def act(data: dict) -> None:
        changes = {name: data[name] for name in seen if name != "version"}
        changes["price_year"] = changes["price_year"] or changes["period_start"].year
        change_budget_line(
            line=pk,
            changes=changes,
            expected_version=data["version"],
            why=data["why"],
            by=request.user,
            now=timezone.now(),
        )

    return handle_form(request, page, form, act)


@require_http_methods(FORM_PAGE)
@signed_in
def budget_archive(request: SignedInRequest, pk: int) -> HttpResponse:
    line = _editable_line(request, pk)
    form = ReasonForm(request.POST or None, initial={"version": line.version})
    back = f"{_page_of(line.engagement.slug)}#budget"
    page = FormPage(
        f"Archive “{line.name}”", "Archive it", "It was archived.", back, _crumbs(line.engagement), danger=True
    )

    def act(data: dict) -> None:
        archive_budget_line(
            line=pk, expected_version=data["version"], why=data["why"], by=request.user, now=timezone.now()
        )

    return handle_form(request, page, form, act)


def editable(request: SignedInRequest, slug: str) -> Engagement:
    """Raises NotFound; NotAllowed for a person who sees the money and may not enter any."""
    found = engagement_for(request.user, slug, VIEW_MONEY)
    if EDIT_MONEY not in permissions_in(request.user, found.pk):
        raise NotAllowed(_NOT_YOURS)
    return found


def _editable_entry(request: SignedInRequest, pk: int) -> LedgerEntry:
    found = entry_for(request.user, pk)
    if found.engagement_id is None:
        if EDIT_MONEY not in _permissions_in_initiative(request, found.initiative_id):
            raise NotAllowed(_NOT_YOURS_IN_INITIATIVE)
    elif EDIT_MONEY not in permissions_in(request.user, found.engagement_id):
        raise NotAllowed(_NOT_YOURS)
    return found


def _editable_line(request: SignedInRequest, pk: int) -> BudgetLine:
    found = budget_line_for(request.user, pk)
    if EDIT_MONEY not in permissions_in(request.user, found.engagement_id):
        raise NotAllowed(_NOT_YOURS)
    return found


def _permissions_in_initiative(request: SignedInRequest, initiative: int) -> frozenset[str]:
    return permissions_by_initiative(request.user, [initiative]).get(initiative, frozenset())


def _portfolio_of(within: Initiative) -> tuple[str, str]:
    return f"/portfolio/{within.slug}/", within.name


def _page_of(slug: str) -> str:
    return f"/engagements/{slug}/money/"


def _crumbs(within: Engagement) -> tuple[tuple[str, str], ...]:
    return (*breadcrumbs_of(within), (_page_of(within.slug), "Money"))


def _crumbs_of_entry(found: LedgerEntry) -> tuple[tuple[str, str], ...]:
    within = _crumbs(found.engagement) if found.engagement else (_portfolio_of(found.initiative),)
    return (*within, (reverse("money_entry", args=[found.pk]), f"Entry {found.pk}"))
