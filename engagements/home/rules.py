"""Which entries a person's header has, and where their home is. Pure."""

from collections.abc import Collection

from engagements.permissions import Role

WORK, ENGAGEMENTS, CITIES, COMPARE, EVIDENCE, PORTFOLIO, DATA = (
    "work",
    "engagements",
    "cities",
    "compare",
    "evidence",
    "portfolio",
    "data",
)
MOST = 5  # entries in one row
_STRANGER = (CITIES, COMPARE, EVIDENCE, DATA)
_FUNDER = (PORTFOLIO, CITIES, EVIDENCE, DATA)
_TEAM = frozenset({WORK, CITIES, EVIDENCE, PORTFOLIO, DATA})
_ENTRIES: dict[Role, frozenset[str]] = {
    Role.LEAD: frozenset({WORK, ENGAGEMENTS, CITIES, EVIDENCE, PORTFOLIO}),
    Role.ADVISER: _TEAM,
    Role.CITY_STAFF: _TEAM,
    Role.LOCAL_PARTNER: _TEAM,
    Role.EXPERT: frozenset({WORK, CITIES, EVIDENCE, DATA}),
    Role.FUNDER: frozenset(_FUNDER),
}
_ORDER = (WORK, ENGAGEMENTS, CITIES, EVIDENCE, PORTFOLIO, DATA)


def header_entries(roles: Collection[Role]) -> tuple[str, ...]:
    """At most five, in the order they are shown.

    Of several roles it is the union. Only a lead's can be longer than five: "Data and methods" goes then, which the
    foot of every page leads to as well.
    """
    if not roles:
        return _STRANGER
    if set(roles) == {Role.FUNDER}:
        return _FUNDER
    union = frozenset().union(*(_ENTRIES[role] for role in roles))
    return tuple(entry for entry in _ORDER if entry in union)[:MOST]


def home_entry(roles: Collection[Role]) -> str:
    """What a person came for: the portfolio, the own tasks, or the cities."""
    if not roles:
        return CITIES
    return PORTFOLIO if set(roles) == {Role.FUNDER} else WORK
