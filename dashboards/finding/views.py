"""The search box: its page, its suggestions, and the tract where somebody is."""

from dataclasses import replace
from math import isfinite

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST

from atlas.queries.live import live_sample
from atlas.search.codes import find_exact
from atlas.search.points import tract_at
from atlas.search.typed import Typed, read_typed
from atlas.web.rate_limits import count_finding
from atlas.web.same_origin import same_origin_only
from dashboards.base.carried_dollars import carried
from dashboards.base.chosen_dollars import dollars_query, in_chosen_dollars
from dashboards.finding.address import find_address
from dashboards.finding.finder import find, suggest
from dashboards.finding.results import Found, Hit
from dashboards.finding.tract_links import tract_address
from dashboards.finding.work import NAMES


@same_origin_only
@sensitive_post_parameters("q")
@sensitive_variables("typed", "found")
@require_http_methods(["GET", "HEAD", "POST"])
@in_chosen_dollars
def search(request: HttpRequest) -> HttpResponse:
    """What was typed, found. The box is sent as a form, so that an address stands in no address line and no log.

    What is no address moves on to an address that can be kept and shared. One single result opens at once.
    """
    typed = read_typed((request.POST if request.method == "POST" else request.GET).get("q", ""))
    if request.method == "POST" and not typed.may_be_address:
        return redirect(f"{reverse('search')}?{urlencode({'q': typed.text})}{dollars_query('&')}")
    found = find(typed, request.user, request.GET.get("kind", ""))
    places = [group for group in found.groups if not group.is_similar and group.kind not in NAMES]
    if typed.is_address and not places and not found.kind:
        asked = _address(request, typed)
        written = tuple(group for group in found.groups if group.kind in NAMES)
        found = replace(asked, groups=(*asked.groups, *written))
    hits = [hit for group in found.groups for hit in group.hits]
    opens_itself = len(hits) == 1 and not hits[0].left_out and not hits[0].links and _is_certain(typed, found)
    answer = redirect(carried(hits[0].address)) if opens_itself else _page(request, found)
    if request.method == "POST" or request.user.is_authenticated:
        answer.headers["Cache-Control"] = "private, no-store"
    return answer


def _address(request: HttpRequest, typed: Typed) -> Found:
    if request.method != "POST":
        return Found(typed.text, messages=(_("Press Find to look up this address at the U.S. Census Bureau."),))
    if not count_finding(request, "address"):
        said = _(
            "That was more than ten addresses within a minute. Wait a minute, or type a ZIP code or a neighborhood."
        )
        return Found(typed.text, messages=(said,))
    return find_address(typed.text)


def _is_certain(typed: Typed, found: Found) -> bool:
    """One whole code, or one address inside a city: everything else is listed for its reader to choose."""
    if typed.is_address:
        return all(group.kind == "address" and not group.note for group in found.groups)
    return len(typed.code) == 11


def _page(request: HttpRequest, found: Found) -> HttpResponse:
    context = {"found": found, "shows_sample": live_sample(), "all_query": urlencode({"q": found.query})}
    return render(request, "dashboards/finding/search.html", context)


@same_origin_only
@require_POST
@in_chosen_dollars
def suggestions(request: HttpRequest) -> JsonResponse:
    """The first few results while somebody types, as the box's list shows them; sent as a form, for the same reason."""
    if not count_finding(request, "suggestion"):
        return JsonResponse({"suggestions": []}, status=429)
    held = suggest(read_typed(request.POST.get("q", "")), request.user)
    return _unkept(JsonResponse({"suggestions": [_suggestion(kind, hit) for kind, hit in held]}))


LONGEST_TEXT = 110  # two lines of the list


def _suggestion(kind: str, hit: Hit) -> dict[str, str]:
    """The text around the words that were found only where its title holds none of them."""
    shown = {"kind": kind, "title": hit.title, "detail": hit.detail, "address": carried(hit.address)}
    if hit.excerpt and not any(piece.is_match for piece in hit.pieces):
        shown["text"] = Truncator("".join(piece.text for piece in hit.excerpt)).chars(LONGEST_TEXT)
    return shown


@same_origin_only
@sensitive_post_parameters()
@require_POST
@in_chosen_dollars
def here(request: HttpRequest) -> JsonResponse:
    """The tract under a point that its reader's browser sent by permission, by our own boundaries."""
    if not count_finding(request, "location"):
        return JsonResponse({"said": _("That was too often within a minute. Wait a minute and try again.")}, status=429)
    try:
        longitude, latitude = (float(request.POST.get(name, "")) for name in ("longitude", "latitude"))
    except ValueError:
        return JsonResponse({"said": _("Your browser sent no position.")}, status=400)
    if not (isfinite(longitude) and isfinite(latitude) and abs(longitude) <= 180 and abs(latitude) <= 90):
        return JsonResponse({"said": _("Your browser sent no position.")}, status=400)
    geoid = tract_at(longitude, latitude)
    tract = find_exact(geoid) if geoid else None
    if tract is None:
        said = _("You are outside the neighborhoods that have a map here. Type an address, a ZIP code or a city.")
        return _unkept(JsonResponse({"said": said}))
    return _unkept(JsonResponse({"address": carried(tract_address(tract.geoid, tract.home))}))


def _unkept(answer: JsonResponse) -> JsonResponse:
    answer.headers["Cache-Control"] = "private, no-store"
    return answer
