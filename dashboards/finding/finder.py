"""One search over every kind of thing somebody may see."""

from typing import Any

from django.utils.translation import gettext as _

from atlas.search.typed import LONGEST, Typed
from dashboards.finding.providers import PROVIDERS
from dashboards.finding.results import Found, Group, Hit
from dashboards.finding.work import NAMES, find_written

MOST_SUGGESTIONS = 10
MOST_OF_A_KIND = 3  # of the suggestions, while others wait


def find(typed: Typed, viewer: Any, kind: str = "") -> Found:
    """Everything that fits, by kind, or one kind of what people wrote."""
    if typed.is_short:
        messages = (_("Type at least two letters or digits."),) if typed.text else ()
        return Found(typed.text, messages=messages)
    messages = (_("Only the first {n} letters were looked for.").format(n=LONGEST),) if typed.is_cut else ()
    if kind in NAMES:
        return Found(typed.text, find_written(typed, viewer, kind), messages, kind)
    places = [group for provider in PROVIDERS for group in provider(typed, viewer)]
    return Found(typed.text, _ordered(places, find_written(typed, viewer), viewer), messages)


def _ordered(places: list[Group], written: tuple[Group, ...], viewer: Any) -> tuple[Group, ...]:
    """For people with an account their cities' work before neighborhoods; what is only close gives way to what fits."""
    groups = [*places, *written]
    if viewer.is_authenticated:
        groups.sort(key=lambda group: 0 if group.kind == "city" else 1 if group.kind in NAMES else 2)
    exact = [group for group in groups if not group.is_similar]
    return tuple(exact if any(group.hits for group in exact) else groups)


def suggest(typed: Typed, viewer: Any) -> tuple[tuple[str, Hit], ...]:
    """(heading of its kind, hit) of the first few; nothing while an address is typed, which is nobody's to guess.

    Some of each kind, then more of the first ones.
    """
    if typed.is_short or typed.is_address:
        return ()
    groups = [group for group in find(typed, viewer).groups if group.hits]
    room = MOST_SUGGESTIONS
    taken = [0] * len(groups)
    for most in (MOST_OF_A_KIND, MOST_SUGGESTIONS):
        for at, group in enumerate(groups):
            more = min(most - taken[at], len(group.hits) - taken[at], room)
            taken[at] += max(0, more)
            room -= max(0, more)
    chosen = zip(groups, taken, strict=True)
    return tuple((group.heading, hit) for group, count in chosen for hit in group.hits[:count])
