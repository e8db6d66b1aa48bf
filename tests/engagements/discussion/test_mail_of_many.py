"""Whoever is given many milestones at once gets one mail, and gets it."""

import pytest
from django.core import mail

from engagements.milestones.actions.bulk import BulkChange, change_many
from engagements.milestones.actions.imports import import_milestones, preview_import
from engagements.milestones.actions.milestones import apply_template
from engagements.milestones.import_rows import ImportRow
from engagements.notifications.mail import send_outgoing
from engagements.permissions import Role
from tests.engagements.discussion.discussion import house
from tests.factories.engagements import NOW, TODAY, MilestoneFactory

pytestmark = pytest.mark.django_db


def by_table(here, lead, owner):
    cells = {"stage": "scoping", "due_on": TODAY, "owner": owner.email}
    wishes = tuple(ImportRow(n, f"Row {n}", None, None, {"title": f"Row {n}"} | cells, "", "", ()) for n in (2, 3, 4))
    seen = preview_import(engagement=here.pk, wishes=wishes, by=lead, now=NOW).fingerprint
    assert import_milestones(engagement=here.pk, wishes=wishes, fingerprint=seen, by=lead, now=NOW).is_kept


def by_template(here, lead, owner):
    apply_template(engagement=here.pk, template="scoping", starts_on=TODAY, owner=owner.pk, by=lead, now=NOW)


def in_bulk(here, lead, owner):
    rows = {MilestoneFactory(engagement=here).pk: 1 for _ in range(3)}
    change_many(milestones=rows, bulk_change=BulkChange(owner=owner.pk), by=lead, now=NOW)


@pytest.mark.parametrize("give", [by_table, by_template, in_bulk])
def test_many_at_once_are_one_mail_that_goes_out(give, settings):
    settings.PORTAL_URL = "https://portal.example.org"
    here, _, people, _ = house()
    give(here, people[Role.LEAD], people[Role.CITY_STAFF])
    assert send_outgoing(now=NOW) == 1
    (letter,) = mail.outbox
    assert letter.to == [people[Role.CITY_STAFF].email] and f"milestones in {here.city}" in letter.subject
    assert f"https://portal.example.org/engagements/{here.slug}/" in letter.body
