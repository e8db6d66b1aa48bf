"""Changing a card where it stands: by its form, by moving it, and taking that back."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import Resolver404, resolve, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from engagements.access.engagements import visible_milestones
from engagements.base.views.decorators import signed_in
from engagements.base.views.read_input import read_number
from engagements.base.views.signed_in_request import SignedInRequest
from engagements.milestones.actions.bulk import BulkChange, RowsRefused, change_many
from engagements.milestones.actions.undo import undo_changes
from engagements.milestones.forms.milestones import owner_choices
from engagements.milestones.queries.milestones import rows_of
from engagements.models import Engagement, Milestone
from engagements.workflow import MILESTONE, MoveRefused
from engagements.worklist.forms.edit import CardForm, moved_line
from engagements.worklist.queries.cards import cards_of
from engagements.worklist.records import Card
from engagements.worklist.rules import same_tasks
from engagements.worklist.views.last_change import forget_change, keep_change, last_change

_PAGES = ("todo", "milestones", "engagement_milestones")


def edited(request: SignedInRequest) -> tuple[HttpResponse | None, CardForm | None]:
    """Of a page with cards: the form of the card its address or its POST names. Saved, it answers with the page
    without the form; with a problem the form comes back as it was typed.
    """
    sent = request.method == "POST"
    words = request.POST.get("pick", "") if sent else request.GET.get("edit", "").replace("-", " ")
    picks = read_pick(words)
    card = _card(request, picks)
    if card is None:
        if sent:
            messages.error(
                request, _("This milestone is not there any more, or not yours to change. Nothing was saved.")
            )
            return redirect(without_edit(request.get_full_path())), None
        return None, None
    form = CardForm(request.POST if sent else None, card=card, owners=_owners(picks))
    if sent and form.is_valid() and _save(request, form, picks):
        return redirect(without_edit(request.get_full_path())), None
    return None, form


@require_POST
@signed_in
def move(request: SignedInRequest) -> JsonResponse:
    """A card to another column, for the script of the board: 200 with what was done, 422 with the reason it was not."""
    picks, status = read_pick(request.POST.get("pick", "")), request.POST.get("status", "")
    try:
        label = MILESTONE.state(status).label
        wanted = BulkChange(status=status, line=moved_line(status))
        done = change_many(milestones=picks, bulk_change=wanted, by=request.user, now=timezone.now())
    except MoveRefused as refused:
        return JsonResponse({"problem": str(refused)}, status=422)
    except RowsRefused as refused:
        return JsonResponse({"problem": _first(refused)}, status=422)
    except ValidationError as refused:
        return JsonResponse({"problem": " ".join(refused.messages)}, status=422)
    said = _("“{title}” is now: {status}.").format(title=_title(picks), status=label)
    if done.versions:
        keep_change(request, said, done.versions)
    return JsonResponse({"said": said})


@require_POST
@signed_in
def undo(request: SignedInRequest) -> HttpResponse:
    """The last change of this browser, if the button means that one."""
    kept = last_change(request)
    back = page_of(request.POST.get("back", ""))
    if kept is None or kept.key != request.POST.get("key"):
        messages.error(request, _("There is a later change, or an hour has passed. Nothing was undone."))
        return redirect(back)
    try:
        count = undo_changes(versions=kept.versions, by=request.user, now=timezone.now())
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
    else:
        messages.success(request, _("Undone: {count} restored.").format(count=count))
    forget_change(request)
    return redirect(back)


def read_pick(words: str) -> dict[int, int]:
    """“12:3 40:1” as version by id; an id alone has version 0. What can't be read is left out."""
    found = {}
    for part in words.split()[:20]:
        pk, _colon, version = part.partition(":")
        if (number := read_number(pk)) is not None:
            found[number] = read_number(version) or 0
    return found


def page_of(words: str) -> str:
    """The address, if it is one of the pages with cards; else that of one's own work."""
    path = words.partition("?")[0]
    try:
        known = words.startswith("/") and not words.startswith("//") and resolve(path).url_name in _PAGES
    except Resolver404:
        known = False
    return words if known else reverse("todo")


def without_edit(address: str) -> str:
    """The same page with the form of its card closed."""
    path, _mark, query = address.partition("?")
    kept = "&".join(part for part in query.split("&") if part and not part.startswith("edit="))
    return f"{path}?{kept}" if kept else path


def _card(request: SignedInRequest, picks: dict[int, int]) -> Card | None:
    """As this person sees it now; None where any of its milestones is not theirs to log on."""
    if not picks:
        return None
    today = timezone.localdate()
    rows = rows_of(request.user, visible_milestones(request.user).live().filter(pk__in=picks).order_by("pk"), today)
    cards = list(same_tasks(cards_of(rows, today=today)))
    if len(rows) != len(picks) or not all(card.may_log for card in cards):
        return None
    return cards[0] if len(cards) == 1 else None


def _owners(picks: dict[int, int]) -> list[tuple[str, str]]:
    """Who may own all of them."""
    within = Engagement.objects.filter(milestones__in=list(picks)).distinct()
    found = [set(owner_choices(one)) for one in within]
    return sorted(set.intersection(*found), key=lambda pair: pair[1]) if found else []


def _save(request: SignedInRequest, form: CardForm, picks: dict[int, int]) -> bool:
    """False with the reason in the form."""
    wanted = form.bulk_change()
    if wanted.is_empty:
        return True
    try:
        done = change_many(milestones=picks, bulk_change=wanted, by=request.user, now=timezone.now())
    except RowsRefused as refused:
        form.refused(_first(refused))
        return False
    except ValidationError as refused:
        for name, problems in getattr(refused, "message_dict", {None: refused.messages}).items():
            form.add_error(name if name in form.fields else None, problems)
        return False
    keep_change(request, _("“{title}” saved.").format(title=form.card.title), done.versions)
    return True


def _first(refused: RowsRefused) -> str:
    return next(iter(refused.reasons.values()))


def _title(picks: dict[int, int]) -> str:
    return Milestone.objects.filter(pk__in=picks).values_list("title", flat=True)[0]
