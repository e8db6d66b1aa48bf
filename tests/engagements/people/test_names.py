"""Names of people hold no markup and nothing that can't be seen."""

import pytest

from engagements.models import User
from engagements.people.forms import InviteForm, NewAccountForm, ProfileForm

pytestmark = pytest.mark.django_db


def forms_with(name: str):
    yield InviteForm({"name": name}, is_initiative=False)
    yield NewAccountForm({"name": name}, email="eve@example.org")
    yield ProfileForm({"name": name}, user=User(email="eve@example.org"), reads_portfolio=False)


@pytest.mark.parametrize("name", ["<b>Eve</b>", "Eve >", "Eve\nBcc: all", "Eve\x1b[2J", "Eve\x7f"])
def test_a_name_with_markup_or_control_characters_is_refused_at_its_field(name):
    for form in forms_with(name):
        assert form.errors["name"] == ["A name has no “<”, “>” or control characters: write it without them."]


@pytest.mark.parametrize("name", ["Zoë O’Neil-Muñoz", "李小龍", "  Dr. Ann Lee, Jr. & Co "])
def test_names_of_people_are_fine(name):
    for form in forms_with(name):
        assert "name" not in form.errors and form.cleaned_data["name"] == name.strip()
