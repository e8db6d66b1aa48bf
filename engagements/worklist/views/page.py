"""What a page of work is made of: filters, counts, and the board, the list or the timeline of them."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, cast

from django import forms
from django.utils import timezone

from engagements.access.roles import holds_in_an_engagement
from engagements.base.queries.engagements import EngagementRow
from engagements.base.views.read_input import read_page
from engagements.base.views.signed_in_request import SignedInRequest
from engagements.milestones.forms.milestones import owner_choices
from engagements.milestones.queries.milestones import OPEN_FIRST, MilestoneFilter, MilestonePage, MilestoneRow
from engagements.milestones.queries.milestones import milestones as list_milestones
from engagements.models import Engagement
from engagements.permissions import EDIT_MILESTONE, LOG_PROGRESS, VIEW_CITY
from engagements.worklist.actions.views import kept_query
from engagements.worklist.forms.filters import NOT_FILTERS, WorkFilterForm, chosen_view
from engagements.worklist.grouping import open_and_finished
from engagements.worklist.queries.board import work_board, work_choices, work_counts
from engagements.worklist.queries.cards import cards_of
from engagements.worklist.queries.views import work_views
from engagements.worklist.records import Card
from engagements.worklist.rules import View, Who, by_due, is_due, same_tasks, sections_of
from engagements.worklist.timeline_layout import lay_out
from engagements.worklist.views.edit import without_edit
from engagements.worklist.views.last_change import last_change

A_PAGE = 50
BARS = 60  # of a timeline
A_PHONE = 25  # lines in place of a board or a timeline; the list has all
DONE_SHOWN = 50


@dataclass(frozen=True)
class WorkPlace:
    """Where work is looked at: one's own (`is_own`), of one engagement (`within`), or all one may see."""

    is_own: bool = False
    within: EngagementRow | None = None

    @property
    def usual_view(self) -> View:
        return View.BOARD if self.is_own else View.LIST


def work_context(
    request: SignedInRequest, place: WorkPlace, others: Collection[Card] = (), covered: Mapping[int, str] | None = None
) -> dict[str, Any]:
    """Of the templates `engagements/worklist/`. `others`: tasks beside milestones. Raises NotFound for no such page."""
    user, today = request.user, timezone.localdate()
    form = filter_form(request, place, today)
    number = read_page(request)
    people = (user.pk, *(covered or {}))
    where = form.filter_for((place.within.pk,) if place.within else (), people)
    view = chosen_view(request.GET.get("view", ""), place.usual_view)
    editing = {
        int(pk) for pk in request.GET.get("edit", "").split("-") if pk.isascii() and pk.isdigit() and len(pk) < 16
    }
    others = _matching(others, form, today) if number == 1 else ()
    shown: dict[str, Any]
    if view == View.BOARD:
        shown = _board(user, where, today, covered, others, editing)
    elif view == View.LIST:
        shown = _list(user, where, form, today, covered, others, number)
    else:
        shown = _timeline(user, where, place, today, covered, others)
    counts = work_counts(user, where, today=today, others=others if place.is_own else ())
    done = _done(user, where, today, covered) if request.GET.get("done") == "on" else ()
    return (
        {
            "card_form": None,  # the view names the one that is open
            "place": place,
            "within": place.within,
            "form": form,
            "view": view,
            "views": [(one, one == view) for one in View],
            "counts": counts,
            "today": today,
            "number": number,
            "query": query_of(request, "page", *NOT_FILTERS[:1], "edit"),
            "filter_query": query_of(request, *NOT_FILTERS, "done"),
            "edit_query": query_of(request, "edit"),
            "here": request.get_full_path(),
            "back": without_edit(request.get_full_path()),
            "shows_done": request.GET.get("done") == "on",
            "done_cards": tuple(same_tasks(done)),
            "editing": "-".join(str(pk) for pk in sorted(editing)),
            "last_change": last_change(request),
            "saved_views": work_views(user),
            "share": request.build_absolute_uri(f"{request.path}?{kept_query(request.GET.urlencode())}"),
            "shows_demo": any(card.is_fictional for card in shown["cards"]),
            "may_add": place.within is not None and EDIT_MILESTONE in place.within.permissions,
            "may_log": any(card.may_log and card.picks for card in shown["cards"]),
            "may_change": any(card.may_edit and card.picks for card in shown["cards"]),
            "sees_owners": any(card.owner for card in shown["cards"]),
        }
        | shown
    )


def filter_form(request: SignedInRequest, place: WorkPlace, today: date) -> WorkFilterForm:
    within = place.within
    cities, themes = (None, []) if within else work_choices(request.user)
    seen = within.permissions if within else frozenset()
    owners = owner_choices(Engagement.objects.get(pk=within.pk)) if within and VIEW_CITY in seen else []
    works = place.is_own and holds_in_an_engagement(request.user, LOG_PROGRESS)
    return WorkFilterForm(
        request.GET,
        today=today,
        is_own=place.is_own,
        who=Who.MINE if works else Who.ALL,
        cities=cities,
        themes=themes,
        owners=owners,
        may_edit=EDIT_MILESTONE in seen,
    )


def query_of(request: SignedInRequest, *without: str) -> str:
    """The address's choices, for links, without those that the link says itself."""
    kept = request.GET.copy()
    for name in without:
        kept.pop(name, None)
    return kept.urlencode()


def _board(user, where, today, covered, others, editing) -> dict[str, Any]:
    board = work_board(user, where, today=today, covered=covered, others=others, keep=editing)
    return {
        "columns": board.columns,
        "cards": board.cards,
        "sections": sections_of(by_due(board.cards)[:A_PHONE], today),
        "found": None,
        "total": sum(column.total for column in board.columns),
    }


def _list(user, where: MilestoneFilter, form: WorkFilterForm, today, covered, others, number: int) -> dict[str, Any]:
    order = form.chosen_order
    found = list_milestones(user, where, today=today, order=order, limit=A_PAGE, offset=A_PAGE * (number - 1))
    is_grouped = order == OPEN_FIRST
    rows_left, finished = open_and_finished(found.rows) if is_grouped else (found.rows, ())
    made = {card.picks[0][0]: card for card in cards_of(found.rows, today=today, covered=covered)}
    left = [*others, *(made[row.pk] for row in rows_left)]
    cards = tuple(same_tasks(by_due(left) if is_grouped else left))
    return {
        "found": found,
        "rows_left": rows_left,
        "finished": finished,
        "finished_cards": [(one.year, [made[row.pk] for row in one.rows]) for one in finished],
        "cards": (*cards, *(made[row.pk] for one in finished for row in one.rows)),
        "cards_left": cards,
        "sections": sections_of(cards, today) if is_grouped else (),
        "is_grouped": is_grouped,
        "pages": -(-found.total // A_PAGE),
        "first": found.offset + 1,
        "last": found.offset + len(found.rows),
        "total": found.total + len(others),
    }


def _timeline(user, where: MilestoneFilter, place: WorkPlace, today, covered, others) -> dict[str, Any]:
    """What is open as bars, the soonest due first; what is finished folded by year, as the list has it."""
    found: MilestonePage = list_milestones(user, where, today=today, order=OPEN_FIRST, limit=BARS)
    left, finished = open_and_finished(found.rows)
    made = {card.picks[0][0]: card for card in cards_of(found.rows, today=today, covered=covered)}
    this_year = [row for one in finished if one.year == today.year for row in one.rows]
    bars = [*others, *(made[row.pk] for row in (*left, *this_year))]
    drawn = lay_out(tuple(same_tasks(bars)), today=today, by_stage=place.within is not None)
    cards = tuple(same_tasks(by_due(bars)))
    older = [(one.year, [made[row.pk] for row in one.rows]) for one in finished if one.year != today.year]
    return {
        "found": found,
        "drawing": drawn,
        "cards": (*cards, *(card for _, rows in older for card in rows)),
        "sections": sections_of(cards[:A_PHONE], today),
        "undrawn": max(found.total - len(found.rows), 0),
        "finished_cards": older,
        "total": found.total + len(others),
    }


def _done(user, where: MilestoneFilter, today: date, covered) -> list[Card]:
    """Finished this month, the newest first."""
    wanted = replace(where, statuses=("done",), only_unfinished=False, only_overdue=False, due_from=None, due_to=None)
    found = list_milestones(user, wanted, today=today, order=OPEN_FIRST, limit=DONE_SHOWN)
    rows: list[MilestoneRow] = [row for row in found.rows if row.done_on and row.done_on >= today.replace(day=1)]
    return cards_of(rows, today=today, covered=covered)


def _matching(others: Collection[Card], form: WorkFilterForm, today: date) -> tuple[Card, ...]:
    """Tasks that are no milestones, as far as the filters concern them."""
    typed = form.cleaned_data
    if typed.get("theme") or typed.get("owner") or typed.get("due_from") or typed.get("due_to"):
        return ()
    offered = cast(forms.ChoiceField, form.fields["city"]).choices if "city" in form.fields else []
    names = dict(cast(list[tuple[str, str]], offered))
    city, status, words = typed.get("city"), typed.get("status"), (typed.get("q") or "").lower()
    return tuple(
        card
        for card in others
        if (not city or names.get(city) in card.cities)
        and (status in ("", None, "open") or status == card.column)
        and is_due(card, typed.get("due") or "", today)
        and words in card.title.lower()
    )
