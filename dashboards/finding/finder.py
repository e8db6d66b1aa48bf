"""One search over every kind of thing somebody may see."""

from typing import Any

from django.utils.translation import gettext as _

from atlas.search.typed import Typed
from dashboards.finding.providers import PROVIDERS
from dashboards.finding.results import Found, Hit

MOST_SUGGESTIONS = 8


def find(typed: Typed, viewer: Any) -> Found:
    """Everything that fits, by kind."""
    if typed.is_short:
        messages = (_("Type at least two letters or digits."),) if typed.text else ()
        return Found(typed.text, messages=messages)
    return Found(typed.text, tuple(group for provider in PROVIDERS for group in provider(typed, viewer)))


def suggest(typed: Typed, viewer: Any) -> tuple[tuple[str, Hit], ...]:
    """(kind, hit) of the first few; nothing while an address is being typed, which is nobody's to guess."""
    if typed.is_short or typed.is_address:
        return ()
    groups = find(typed, viewer).groups
    return tuple((group.heading, hit) for group in groups for hit in group.hits)[:MOST_SUGGESTIONS]
