"""The command line makes the first lead; everything after that is on pages."""

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from engagements.access.roles import has_permission_anywhere
from engagements.permissions import CREATE_INITIATIVE
from tests.factories.engagements import NOW, InitiativeFactory, UserFactory

pytestmark = pytest.mark.django_db


def test_an_account_becomes_a_lead_once(capsys):
    user, initiative = UserFactory(), InitiativeFactory()
    for _ in range(2):
        call_command("make_lead", user.email.upper(), initiative.slug)
    assert user.roles.get().initiative == initiative and "already" in capsys.readouterr().out
    assert has_permission_anywhere(user, CREATE_INITIATIVE)


def test_unknown_people_and_initiatives_are_named():
    user = UserFactory()
    archived = InitiativeFactory(archived_at=NOW, archived_by=user)
    open_one = InitiativeFactory()
    for email, slug, named in (
        ("nobody@example.org", open_one.slug, "nobody@example.org"),
        (user.email, archived.slug, open_one.slug),
        (UserFactory(is_active=False).email, open_one.slug, "no active account"),
    ):
        with pytest.raises(CommandError, match=named):
            call_command("make_lead", email, slug)
