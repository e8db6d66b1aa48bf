"""The header of a page: entries by role, the one that is open, and the tabs of a phone."""

from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from engagements.access.own import roles_and_unread
from engagements.home import rules
from engagements.permissions import LOG_PROGRESS, PERMISSIONS, Role

# Entry -> label, name of its address, and what else lies under it.
_ENTRIES: dict[str, tuple[Promise, str, tuple[str, ...]]] = {
    rules.WORK: (_("My work"), "todo", ("/todo/", "/log/", "/milestones/", "/requests/")),
    rules.ENGAGEMENTS: (_("Engagements"), "engagements", ("/engagements/", "/people/")),
    rules.CITIES: (_("Cities"), "cities", ("/cities/", "/tracts/", "/areas/", "/search/")),
    rules.COMPARE: (_("Compare"), "compare", ("/compare/",)),
    rules.EVIDENCE: (_("What works"), "works", ("/what-works/", "/evidence/")),
    rules.PORTFOLIO: (_("Portfolio"), "portfolios", ("/portfolio/", "/reports/")),
    rules.DATA: (_("Data and methods"), "atlas:data", ("/data/", "/methods/", "/api/")),
}


@dataclass(frozen=True)
class NavigationEntry:
    """One link; `icon`: of a phone's tab."""

    label: str | Promise
    url: str
    is_current: bool = False
    icon: str = ""


@dataclass(frozen=True)
class Navigation:
    """`tabs`: empty for people without work. `unread`: notifications of somebody with a role, "" for none."""

    entries: tuple[NavigationEntry, ...]
    tabs: tuple[NavigationEntry, ...]
    unread: str = ""


def navigation_of(request: HttpRequest | None) -> Navigation:
    """For nobody's request, and for strangers, the same whoever asks; else one statement for the roles."""
    roles: frozenset[Role] = frozenset()
    unread = 0
    user = getattr(request, "user", None)
    if user is not None and user.is_authenticated:
        held, unread = roles_and_unread(user)
        roles = frozenset(Role(role) for role, *_ in held)
        # For engagements/device/middleware.py, without a second statement.
        request.open_roles = held  # type: ignore[union-attr]
    path = request.path if request is not None else ""
    entries = tuple(_entry(key, path) for key in rules.header_entries(roles))
    return Navigation(entries, _tabs(roles, path) if roles else (), _count(unread))


MOST_UNREAD = 99


def _count(unread: int) -> str:
    return "" if not unread else f"{unread}" if unread <= MOST_UNREAD else f"{MOST_UNREAD}+"


def _entry(key: str, path: str) -> NavigationEntry:
    label, name, below = _ENTRIES[key]
    return NavigationEntry(label, reverse(name), path.startswith(below))


def _tabs(roles: frozenset[Role], path: str) -> tuple[NavigationEntry, ...]:
    home = rules.home_entry(roles)
    icon = "tasks" if home == rules.WORK else "half"
    tabs = [(_ENTRIES[home][0], reverse(_ENTRIES[home][1]), icon)]
    if any(LOG_PROGRESS in PERMISSIONS[role] for role in roles):
        tabs.append((_("Log"), reverse("log"), "plus-ring"))
    tabs += [(_("Cities"), reverse("cities"), "location"), (_("Search"), reverse("search"), "search")]
    return tuple(NavigationEntry(label, url, path.startswith(url), icon) for label, url, icon in tabs)
