"""Which pages are kept, and which parameters of theirs: nothing else can make an entry."""

import re
from dataclasses import dataclass

from django.http import HttpRequest, QueryDict
from django.urls import Resolver404, resolve

_LONGEST = 100  # characters of a value
_MOST = 12  # values of one parameter
# Nothing kept lies below these: a request for them is not even looked up.
_ELSEWHERE = ("/api/", "/static/", "/accounts/", "/engagements/", "/portfolio/", "/mail/", "/me/")


@dataclass(frozen=True)
class KeptView:
    """`parameters`: those whose pages are kept. `is_few`: its plain addresses are few enough to be kept for good.

    Pages below /areas/ are of this version too as long as `area_stamp` says the same of the area.
    """

    parameters: frozenset[str] = frozenset()
    is_few: bool = True


_PLACE = frozenset({"measure", "view", "weights", "context"})
_DOLLARS = frozenset({"dollars"})
# By the name of the address. A page of these reads only tables that change the public version: a test looks.
KEPT_VIEWS = {
    "home": KeptView(_DOLLARS),
    "cities": KeptView(_DOLLARS),
    "city": KeptView(_PLACE | _DOLLARS | {"tract"}),  # whose card is open on the map
    "city_analysis": KeptView(_PLACE | _DOLLARS),
    "city_map": KeptView(_PLACE | _DOLLARS | {"overlay"}, is_few=False),  # another measure on the map
    "city_card": KeptView(_PLACE | _DOLLARS | {"tract"}, is_few=False),
    "city_chart": KeptView(_PLACE | _DOLLARS, is_few=False),
    "city_wages": KeptView(_DOLLARS | {"page", "sort"}, is_few=False),  # not what somebody searched for
    "compare": KeptView(_DOLLARS | {"cities", "measure"}),
    "tract": KeptView(_DOLLARS, is_few=False),
    "works": KeptView(frozenset({"page", "sort", "show"})),
    "evidence": KeptView(frozenset({"gap", "city", "page", "sort"})),
    "evidence_row": KeptView(is_few=False),
    "embed_map": KeptView(_PLACE | _DOLLARS),
    "embed_panel": KeptView(_PLACE | _DOLLARS, is_few=False),
    "methods": KeptView(),
    "errata": KeptView(),
    "area": KeptView(_PLACE | _DOLLARS | {"tract"}, is_few=False),
    "area_analysis": KeptView(_PLACE | _DOLLARS, is_few=False),
    "area_map": KeptView(_PLACE | _DOLLARS | {"overlay"}, is_few=False),
    "area_card": KeptView(_PLACE | _DOLLARS | {"tract"}, is_few=False),
    "area_chart": KeptView(_PLACE | _DOLLARS, is_few=False),
}
_AREA = re.compile(r"/areas/([0-9a-f]{32})/")


@dataclass(frozen=True)
class KeptAddress:
    """One page: the name of its view, its path, and the parameters in one order."""

    view: str
    path: str
    parameters: tuple[tuple[str, tuple[str, ...]], ...]

    @property
    def is_few(self) -> bool:
        return not self.parameters and KEPT_VIEWS[self.view].is_few


def find_kept_address(request: HttpRequest) -> KeptAddress | None:
    """None for an address whose pages are not kept, and for parameters nobody declared."""
    if request.path_info.startswith(_ELSEWHERE):
        return None
    try:
        match = resolve(request.path_info)
    except Resolver404:
        return None
    kept = KEPT_VIEWS.get(match.view_name)
    if kept is None:
        return None
    parameters = _canonical(request.GET, kept.parameters)
    return None if parameters is None else KeptAddress(match.view_name, request.path_info, parameters)


def area_token(path: str) -> str:
    """Of a page of an area that somebody made; "" for any other."""
    found = _AREA.match(path)
    return found.group(1) if found else ""


def _canonical(asked: QueryDict, known: frozenset[str]) -> tuple[tuple[str, tuple[str, ...]], ...] | None:
    if not known.issuperset(asked):
        return None
    found = tuple((name, tuple(asked.getlist(name))) for name in sorted(asked))
    is_short = all(len(values) <= _MOST and all(len(value) <= _LONGEST for value in values) for _, values in found)
    return found if is_short else None
