"""The permission table, written out: whoever changes it changes this too."""

import re
from datetime import timedelta

import pytest
from django.conf import settings
from django.utils import timezone

from engagements import permissions as p
from engagements.access.work import NotFound, engagement_for, engagements_with, permissions_by_engagement
from engagements.permissions import Role
from tests.factories.engagements import EngagementFactory, UserFactory, everybody, give, member, pair

# lead, adviser, expert, city staff, local partner, funder: in their own engagement
TABLE = {
    p.VIEW_PUBLISHED: "yes yes yes yes yes yes",
    p.VIEW_FUNDER_FACING: "yes yes yes yes yes yes",
    p.VIEW_CITY: "yes yes yes yes yes no",
    p.VIEW_TEAM: "yes yes yes yes no no",
    p.VIEW_HISTORY: "yes yes yes yes no no",
    p.VIEW_TEAM_DOCUMENT: "yes yes yes yes no no",
    p.VIEW_REQUEST: "yes yes yes yes no no",
    p.LOG_PROGRESS: "yes yes yes yes no no",
    p.EDIT_MILESTONE: "yes yes no no no no",
    p.APPROVE_MILESTONE: "yes no no no no no",
    p.COMMENT_TEAM: "yes yes yes yes no no",
    p.COMMENT_CITY: "yes yes yes yes yes no",
    p.COMMENT_ALL: "yes yes no no no no",
    p.UPLOAD_DOCUMENT: "yes yes yes yes yes no",
    p.ASK_REQUEST: "yes yes yes yes no no",
    p.ANSWER_REQUEST: "yes no yes no no no",
    p.EDIT_UPDATE: "yes yes no yes no no",
    p.REVIEW_UPDATE: "yes no no no no no",
    p.APPROVE_UPDATE: "yes no no no no no",
    p.EDIT_RECORD: "yes yes no no no no",
    p.WRITE_LOCAL_NOTE: "yes yes no yes no no",
    p.MANAGE_ROLES: "yes no no no no no",
    p.EXPORT: "yes yes no yes no no",
    p.IMPORT: "yes yes no no no no",
    p.VIEW_PLAN: "yes yes yes yes no no",
    p.EDIT_PLAN: "yes yes no yes no no",
    p.REVIEW_PLAN: "yes no yes no no no",
    p.APPROVE_PLAN: "yes no no no no no",
    p.PUBLISH_PLAN: "no no no yes no no",
    p.VIEW_MONEY: "yes yes yes yes no yes",
    p.VIEW_PAYEE: "yes yes yes yes no no",
    p.EDIT_MONEY: "yes yes no yes no no",
    p.VIEW_INDICATOR: "yes yes yes yes no no",
    p.EDIT_INDICATOR: "yes yes no yes no no",
    p.REVIEW_INDICATOR: "yes no yes no no no",
    p.APPROVE_INDICATOR: "yes no no no no no",
    p.EDIT_EVIDENCE: "yes no yes no no no",
    p.REVIEW_EVIDENCE: "yes no yes no no no",
    p.MAKE_REPORT: "yes yes no no no yes",
    p.SHARE_PORTFOLIO: "yes no no no no yes",
}
# in another city of the same initiative: leads and funders hold their role there too
ELSEWHERE = dict.fromkeys(TABLE, "own no no no no own") | {
    p.VIEW_PUBLISHED: "own yes no yes no own",
    p.VIEW_FUNDER_FACING: "own yes no yes no own",
}


def test_the_table_is_complete():
    assert set(TABLE) == p.ALL


def test_the_note_shows_the_same_table():
    note = (settings.BASE_DIR / "docs/engagements.md").read_text("utf-8")
    told = {}
    for line in note.splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        for name in re.sub(r"\(.*?\)", "", cells[0]).split(", "):
            if name.strip() in TABLE and len(cells) == 7:
                told[name.strip()] = " ".join("yes" if cell == "x" else "no" for cell in cells[1:])
    assert told == TABLE


@pytest.mark.django_db
@pytest.mark.parametrize("permission", sorted(TABLE))
def test_each_role_holds_what_the_table_says_in_its_own_city_and_in_another(permission):
    mine, other = pair()
    strange = EngagementFactory()
    for number, (role, user) in enumerate(everybody(mine).items()):
        expected = {mine.pk} if TABLE[permission].split()[number] == "yes" else set()
        there = ELSEWHERE[permission].split()[number]
        if there == "yes" or (there == "own" and expected):
            expected.add(other.pk)
        assert set(engagements_with(user, permission).values_list("pk", flat=True)) == expected, role
        held = permissions_by_engagement(user, [mine.pk, other.pk, strange.pk])
        assert {pk for pk, those in held.items() if permission in those} == expected, role


@pytest.mark.django_db
def test_strangers_operators_and_the_inactive_hold_nothing_superusers_only_roles():
    mine, _ = pair()
    inactive = member(Role.LEAD, mine)
    inactive.is_active = False
    for user in (UserFactory(), UserFactory(is_staff=True), inactive):
        assert not any(engagements_with(user, permission).exists() for permission in p.ALL)
        assert permissions_by_engagement(user, [mine.pk]) == {}
    owner = UserFactory(is_superuser=True, is_staff=True)
    assert [q for q in sorted(p.ALL) if engagements_with(owner, q).exists()] == [p.MANAGE_ROLES]
    assert permissions_by_engagement(owner, [mine.pk]) == {mine.pk: frozenset({p.MANAGE_ROLES})}


@pytest.mark.django_db
def test_what_is_not_in_the_table_is_refused():
    mine, _ = pair()
    assert not engagements_with(member(Role.LEAD, mine), "fly").exists()


@pytest.mark.django_db
def test_a_role_counts_from_its_first_day_until_the_day_it_ends():
    mine, _ = pair()
    user, today = UserFactory(), timezone.localdate()
    role = give(user, Role.ADVISER, mine)
    for began, ended, holds in ((0, None, True), (1, None, False), (-9, 0, False), (-9, 1, True)):
        role.began_on = today + timedelta(days=began)
        role.ended_on = None if ended is None else today + timedelta(days=ended)
        role.save()
        assert engagements_with(user, p.LOG_PROGRESS).exists() is holds


@pytest.mark.django_db
def test_fetching_asks_once_and_says_the_same_of_missing_and_foreign(django_assert_num_queries):
    mine, strange = EngagementFactory(), EngagementFactory()
    user = member(Role.CITY_STAFF, mine)
    with django_assert_num_queries(1):
        assert engagement_for(user, mine.slug, p.VIEW_TEAM) == mine
    for key in (strange.pk, strange.slug, 10**9, "nowhere"):
        with pytest.raises(NotFound, match="There is no such thing here."):
            engagement_for(user, key, p.VIEW_PUBLISHED)
