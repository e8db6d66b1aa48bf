"""The permission table, written out: whoever changes it changes this too."""

import re
from datetime import timedelta

import pytest
from django.conf import settings
from django.utils import timezone

from engagements.access.engagements import engagement_for
from engagements.access.errors import NotFound
from engagements.access.roles import engagements_with, permissions_by_engagement
from engagements.permissions import (
    ALL,
    ANALYZE_PILOT,
    ANSWER_REQUEST,
    APPROVE_INDICATOR,
    APPROVE_MILESTONE,
    APPROVE_PLAN,
    APPROVE_UPDATE,
    ASK_REQUEST,
    COMMENT_ALL,
    COMMENT_CITY,
    COMMENT_TEAM,
    CREATE_INITIATIVE,
    DRAW_PILOT,
    EDIT_EVIDENCE,
    EDIT_INDICATOR,
    EDIT_MILESTONE,
    EDIT_MONEY,
    EDIT_PILOT,
    EDIT_PLAN,
    EDIT_RECORD,
    EDIT_RESULT,
    EDIT_UPDATE,
    EXPORT,
    EXPORT_CITY_RECORD,
    EXPORT_PUBLIC_RECORD,
    IMPORT,
    LOG_PROGRESS,
    MAKE_REPORT,
    MANAGE_INITIATIVE,
    MANAGE_ROLES,
    MARK_PUBLIC_RECORD,
    PUBLISH_PLAN,
    READ_PILOT_UNITS,
    REPLY_RESULT,
    REVIEW_EVIDENCE,
    REVIEW_INDICATOR,
    REVIEW_PLAN,
    REVIEW_RESULT,
    REVIEW_UPDATE,
    SHARE_PORTFOLIO,
    UPLOAD_DOCUMENT,
    UPLOAD_PILOT_DATA,
    VIEW_CITY,
    VIEW_FUNDER_FACING,
    VIEW_HISTORY,
    VIEW_INDICATOR,
    VIEW_MONEY,
    VIEW_PAYEE,
    VIEW_PILOT,
    VIEW_PLAN,
    VIEW_PORTFOLIO,
    VIEW_PUBLISHED,
    VIEW_REQUEST,
    VIEW_RESULT,
    VIEW_TEAM,
    VIEW_TEAM_DOCUMENT,
    WRITE_LOCAL_NOTE,
    Role,
)
from tests.factories.engagements import EngagementFactory, UserFactory, everybody, give, member, pair

# lead, adviser, expert, city staff, local partner, funder: in their own engagement
TABLE = {
    VIEW_PUBLISHED: "yes yes yes yes yes yes",
    VIEW_FUNDER_FACING: "yes yes yes yes yes yes",
    VIEW_CITY: "yes yes yes yes yes no",
    VIEW_TEAM: "yes yes yes yes no no",
    VIEW_HISTORY: "yes yes yes yes no no",
    VIEW_TEAM_DOCUMENT: "yes yes yes yes no no",
    VIEW_REQUEST: "yes yes yes yes no no",
    LOG_PROGRESS: "yes yes yes yes no no",
    EDIT_MILESTONE: "yes yes no no no no",
    APPROVE_MILESTONE: "yes no no no no no",
    COMMENT_TEAM: "yes yes yes yes no no",
    COMMENT_CITY: "yes yes yes yes yes no",
    COMMENT_ALL: "yes yes no no no no",
    UPLOAD_DOCUMENT: "yes yes yes yes yes no",
    ASK_REQUEST: "yes yes yes yes no no",
    ANSWER_REQUEST: "yes no yes no no no",
    EDIT_UPDATE: "yes yes no yes no no",
    REVIEW_UPDATE: "yes no no no no no",
    APPROVE_UPDATE: "yes no no no no no",
    EDIT_RECORD: "yes yes no no no no",
    WRITE_LOCAL_NOTE: "yes yes no yes no no",
    MANAGE_ROLES: "yes no no no no no",
    CREATE_INITIATIVE: "yes no no no no no",
    MANAGE_INITIATIVE: "yes no no no no no",
    EXPORT: "yes yes no yes no no",
    IMPORT: "yes yes no no no no",
    MARK_PUBLIC_RECORD: "yes yes no yes no no",
    EXPORT_PUBLIC_RECORD: "yes no no yes no no",
    EXPORT_CITY_RECORD: "yes no no no no no",
    VIEW_PLAN: "yes yes yes yes no no",
    EDIT_PLAN: "yes yes no yes no no",
    REVIEW_PLAN: "yes no yes no no no",
    APPROVE_PLAN: "yes no no no no no",
    PUBLISH_PLAN: "no no no yes no no",
    VIEW_MONEY: "yes yes yes yes no yes",
    VIEW_PAYEE: "yes yes yes yes no no",
    EDIT_MONEY: "yes yes no yes no no",
    VIEW_INDICATOR: "yes yes yes yes no no",
    EDIT_INDICATOR: "yes yes no yes no no",
    REVIEW_INDICATOR: "yes no yes no no no",
    APPROVE_INDICATOR: "yes no no no no no",
    VIEW_RESULT: "yes yes yes yes no no",
    EDIT_RESULT: "yes yes no yes no no",
    REVIEW_RESULT: "yes no yes no no no",
    REPLY_RESULT: "no no no yes no no",
    VIEW_PILOT: "yes yes yes yes no no",
    EDIT_PILOT: "yes yes no yes no no",
    DRAW_PILOT: "yes yes no yes no no",
    READ_PILOT_UNITS: "yes yes no yes no no",
    UPLOAD_PILOT_DATA: "yes yes no yes no no",
    ANALYZE_PILOT: "yes yes yes yes no no",
    EDIT_EVIDENCE: "yes no yes no no no",
    REVIEW_EVIDENCE: "yes no yes no no no",
    MAKE_REPORT: "yes yes no no no yes",
    VIEW_PORTFOLIO: "yes yes no yes yes yes",
    SHARE_PORTFOLIO: "yes no no no no yes",
}
# in another city of the same initiative: leads and funders hold their role there too
ELSEWHERE = dict.fromkeys(TABLE, "own no no no no own") | {
    VIEW_PUBLISHED: "own yes no yes no own",
    VIEW_FUNDER_FACING: "own yes no yes no own",
}


def test_the_table_is_complete():
    assert set(TABLE) == ALL


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
        assert not any(engagements_with(user, permission).exists() for permission in ALL)
        assert permissions_by_engagement(user, [mine.pk]) == {}
    owner = UserFactory(is_superuser=True, is_staff=True)
    assert [q for q in sorted(ALL) if engagements_with(owner, q).exists()] == [MANAGE_ROLES]
    assert permissions_by_engagement(owner, [mine.pk]) == {mine.pk: frozenset({MANAGE_ROLES})}


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
        assert engagements_with(user, LOG_PROGRESS).exists() is holds


@pytest.mark.django_db
def test_fetching_asks_once_and_says_the_same_of_missing_and_foreign(django_assert_num_queries):
    mine, strange = EngagementFactory(), EngagementFactory()
    user = member(Role.CITY_STAFF, mine)
    with django_assert_num_queries(1):
        assert engagement_for(user, mine.slug, VIEW_TEAM) == mine
    for key in (strange.pk, strange.slug, 10**9, "nowhere"):
        with pytest.raises(NotFound, match="We can’t find this. It may have moved, or it isn’t shared with you."):
            engagement_for(user, key, VIEW_PUBLISHED)
