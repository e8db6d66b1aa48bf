"""Every page of engagements x every role x one's own and another city, against the permission table."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import get_resolver

from engagements import permissions as p
from engagements.models import (
    ExpertRequest,
    QuarterlyUpdate,
    Record,
)
from engagements.permissions import PERMISSIONS, Role
from tests.factories.engagements import NOW, MilestoneFactory, UserFactory, everybody, give, pair
from tests.test_addresses import routes

pytestmark = pytest.mark.django_db

# Page: what reading it takes. Pages that only carry something out are walked in the tests of their area.
PAGES = {
    "engagements/<slug:slug>/": p.VIEW_PUBLISHED,
    "engagements/<slug:slug>/history/": p.VIEW_PUBLISHED,
    "engagements/<slug:slug>/people/": p.VIEW_PUBLISHED,
    "engagements/<slug:slug>/people/invite/": p.MANAGE_ROLES,
    "engagements/<slug:slug>/documents/": p.VIEW_PUBLISHED,
    "engagements/<slug:slug>/documents/new/": p.UPLOAD_DOCUMENT,
    "engagements/<slug:slug>/records/": p.VIEW_PUBLISHED,
    "engagements/<slug:slug>/records/new/": p.EDIT_RECORD,
    "engagements/<slug:slug>/status/": p.EDIT_RECORD,
    "engagements/<slug:slug>/edit/": p.EDIT_RECORD,
    "engagements/<slug:slug>/updates/": p.VIEW_PUBLISHED,
    "engagements/<slug:slug>/updates/new/": p.EDIT_UPDATE,
    "engagements/<slug:slug>/milestones/": p.VIEW_PUBLISHED,
    "engagements/<slug:slug>/milestones/add/": p.EDIT_MILESTONE,
    "engagements/<slug:slug>/milestones/template/": p.EDIT_MILESTONE,
    "engagements/<slug:engagement>/milestones/export.csv": p.EXPORT,
    "engagements/<slug:engagement>/milestones/export.xlsx": p.EXPORT,
    "engagements/<slug:engagement>/milestones/import/": p.IMPORT,
    "engagements/<slug:engagement>/milestones/import/template.csv": p.IMPORT,
    "engagements/<slug:engagement>/milestones/import/template.xlsx": p.IMPORT,
    "milestones/<int:pk>/": p.VIEW_PUBLISHED,
    "milestones/<int:pk>/edit/": p.EDIT_MILESTONE,
    "updates/<int:pk>/": p.VIEW_TEAM,  # a draft
    "updates/<int:pk>/edit/": p.EDIT_UPDATE,
    "updates/<int:pk>/archive/": p.APPROVE_UPDATE,
    "updates/<int:pk>/versions/": p.VIEW_TEAM,
    "requests/<int:pk>/": p.VIEW_REQUEST,
    "records/<int:pk>/edit/": p.EDIT_RECORD,
    "records/<int:pk>/archive/": p.EDIT_RECORD,
    "cities/<slug:slug>/notes/new/": p.WRITE_LOCAL_NOTE,
}
ONLY_CARRIED_OUT = {
    "milestones/<int:pk>/archive/",
    "updates/<int:pk>/move/", "requests/<int:pk>/assign/", "requests/<int:pk>/close/", "requests/<int:pk>/reopen/",
    "milestones/<int:pk>/review/", "milestones/<int:pk>/restore/", "milestones/<int:pk>/dependency/",
    "engagements/<slug:slug>/comments/new/", "engagements/<slug:engagement>/milestones/import/keep/",
    "engagements/<slug:engagement>/milestones/import/reasons/",
}  # fmt: skip


def things(engagement, by) -> dict[str, int]:
    """One of each in an engagement, at the level of the team."""
    update = QuarterlyUpdate.objects.create(engagement=engagement, year=2026, quarter=3, written_by=by)
    asked = ExpertRequest.objects.create(
        engagement=engagement, kind="question", question="Which?", due_on=(NOW + timedelta(days=9)).date(),
        asked_by=by, asked_at=NOW,
    )  # fmt: skip
    record = Record.objects.create(
        engagement=engagement, kind="decision", title="One", on=NOW.date(), written_by=by, created_at=NOW
    )
    return {
        "milestones": MilestoneFactory(engagement=engagement).pk, "updates": update.pk, "requests": asked.pk,
        "records": record.pk,
    }  # fmt: skip


def holds(role: Role, permission: str, own: bool) -> bool:
    """What the table says: leads and funders hold theirs in the whole initiative."""
    if own or role in (Role.LEAD, Role.FUNDER):
        return permission in PERMISSIONS[role]
    return permission in p.ELSEWHERE.get(role, frozenset())


def test_the_walk_names_every_page():
    ours = {
        route for route in routes(get_resolver().url_patterns)
        if route.startswith(("engagements/", "milestones/<", "updates/", "requests/<", "records/"))
    }  # fmt: skip
    assert ours - {"engagements/"} == (set(PAGES) | ONLY_CARRIED_OUT) - {"cities/<slug:slug>/notes/new/"}


@pytest.mark.parametrize("role", list(Role))
def test_each_page_answers_each_role_as_the_table_says_in_both_cities(role):
    mine, other = pair()
    writer = UserFactory()
    ids = {row.pk: things(row, give(writer, Role.ADVISER, row).user) for row in (mine, other)}
    client = Client()
    client.force_login(everybody(mine)[role])
    wrong = []
    for own, engagement in ((True, mine), (False, other)):
        for route, permission in PAGES.items():
            slug = engagement.city.slug if route.startswith("cities/") else engagement.slug
            pk = ids[engagement.pk].get(route.split("/")[0], 0)
            address = "/" + route.replace("<slug:slug>", slug).replace("<slug:engagement>", slug).replace(
                "<int:pk>", str(pk)
            )
            status = client.get(address).status_code
            may = holds(role, permission, own)
            sees = holds(role, p.VIEW_PUBLISHED, own)
            if (status == 200) != may or (not may and status not in ((403, 404) if sees else (404,))):
                wrong.append((route, "own" if own else "other", status, may))
    assert wrong == []
