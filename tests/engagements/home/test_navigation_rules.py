"""The header's entries and home of each role, and of several roles at once."""

from itertools import combinations

import pytest

from engagements.home.rules import MOST, header_entries, home_entry
from engagements.permissions import Role

TEAM = ("work", "cities", "evidence", "portfolio", "data")
EXPECTED = {
    None: ("cities", "compare", "evidence", "data"),
    Role.LEAD: ("work", "engagements", "cities", "evidence", "portfolio"),
    Role.ADVISER: TEAM,
    Role.CITY_STAFF: TEAM,
    Role.LOCAL_PARTNER: TEAM,
    Role.EXPERT: ("work", "cities", "evidence", "data"),
    Role.FUNDER: ("portfolio", "cities", "evidence", "data"),
}


@pytest.mark.parametrize("role", list(EXPECTED))
def test_each_role_has_the_entries_of_the_table(role):
    assert header_entries([role] if role else []) == EXPECTED[role]


def test_several_roles_have_all_entries_of_each_up_to_five():
    for count in range(2, len(Role) + 1):
        for roles in combinations(Role, count):
            entries = header_entries(roles)
            union = {entry for role in roles for entry in EXPECTED[role]}
            assert len(entries) == len(set(entries)) <= MOST
            assert union - set(entries) <= {"data"} and set(entries) <= union
            assert entries[0] == "work"


def test_home_is_what_a_role_came_for():
    assert home_entry([]) == "cities"
    assert home_entry([Role.FUNDER]) == "portfolio"
    assert home_entry([Role.FUNDER, Role.EXPERT]) == "work"
    assert {home_entry([role]) for role in Role if role != Role.FUNDER} == {"work"}
