"""The life of a quarterly update, and who reads which words of it."""

import pytest

from engagements.base.text_differences import Piece, compare_words
from engagements.discussion.actions.comments import add_comment
from engagements.discussion.actions.updates import change_update, move_update, start_update
from engagements.discussion.forms.updates import UpdateMoveForm
from engagements.models import Notification, QuarterlyUpdate
from engagements.permissions import Role
from engagements.reviews.rules.checklists import all_yes
from tests.engagements.discussion.discussion import SUBMISSION, allowed, as_, house, same_page
from tests.factories.engagements import NOW, UserFactory
from tests.factories.reviews import answers

pytestmark = pytest.mark.django_db
TEAM = {Role.LEAD, Role.ADVISER, Role.EXPERT, Role.CITY_STAFF}
WRITERS = {Role.LEAD, Role.ADVISER, Role.CITY_STAFF}


def draft(here, people, words="We met ten families."):
    return start_update(
        engagement=here.pk, year=2026, quarter=3, texts={"what_we_did": words}, by=people[Role.ADVISER], now=NOW
    )


def move(person, update, status, **more):
    update.refresh_from_db()
    sent = {"status": status, "version": update.version, "submission": SUBMISSION} | more
    step = "review" if status == "approved" else "move"
    return as_(person).post(f"/updates/{update.pk}/{step}/", sent | answers("update"), follow=True)


def publish(update, people):
    for status, role in (("in_review", Role.ADVISER), ("approved", Role.LEAD), ("published", Role.LEAD)):
        update.refresh_from_db()
        checked = all_yes("update") if status == "approved" else ()
        sent = {"status": status, "expected_version": update.version, "answers": checked}
        move_update(update=update.pk, by=people[role], now=NOW, **sent)
    update.refresh_from_db()


def test_from_a_draft_to_what_funders_read():
    here, _, people, _ = house()
    url = f"/engagements/{here.slug}/updates/new/"
    sent = {"quarter": "2026-3", "what_we_did": "We met ten families.", "submission": SUBMISSION}
    as_(people[Role.CITY_STAFF]).get(url)
    page = as_(people[Role.CITY_STAFF]).get(url)
    sent["quarter"] = page.context["form"].fields["quarter"].choices[0][0]
    for _ in range(2):
        made = as_(people[Role.CITY_STAFF]).post(url, sent)
    update = QuarterlyUpdate.objects.get()
    assert made["Location"] == f"/updates/{update.pk}/"
    assert update.status == "draft"
    assert "Submitted" in move(people[Role.CITY_STAFF], update, "in_review").content.decode()
    assert Notification.objects.filter(user=people[Role.LEAD], kind="assignment").count() == 1
    assert "for others to decide" in move(people[Role.ADVISER], update, "approved").content.decode()
    back = move(people[Role.LEAD], update, "draft", why="Say which families agreed")
    assert "Sent back" in back.content.decode()
    assert Notification.objects.filter(user=people[Role.CITY_STAFF], line__startswith="Back to you").exists()
    move(people[Role.CITY_STAFF], update, "in_review")
    move(people[Role.LEAD], update, "approved")
    assert as_(people[Role.FUNDER]).get(f"/updates/{update.pk}/").status_code == 404
    assert "Funders can read it" in move(people[Role.LEAD], update, "published").content.decode()
    assert "We met ten families." in as_(people[Role.FUNDER]).get(f"/updates/{update.pk}/").content.decode()


def test_funders_read_the_published_words_while_the_next_version_is_written():
    here, _, people, _ = house()
    update = draft(here, people)
    publish(update, people)
    assert "A new version is begun" in move(people[Role.LEAD], update, "draft").content.decode()
    update.refresh_from_db()
    change_update(
        update=update.pk,
        texts={"what_we_did": "We met nine families."},
        expected_version=update.version,
        by=people[Role.ADVISER],
        now=NOW,
    )
    words = {role: as_(people[role]).get(f"/updates/{update.pk}/").content.decode() for role in Role}
    assert {role for role in Role if "nine families" in words[role]} == TEAM
    assert {role for role in Role if "ten families" in words[role]} == set(Role) - TEAM
    versions = {role: as_(people[role]).get(f"/updates/{update.pk}/versions/").content.decode() for role in Role}
    assert {role for role in Role if "<ins>nine</ins>" in versions[role]} == TEAM
    assert all("Draft" not in versions[role] and "nine" not in versions[role] for role in set(Role) - TEAM)


def test_each_role_sees_and_may_what_the_table_says():
    here, _, people, others = house()
    update = draft(here, people)
    url = f"/updates/{update.pk}/"
    assert allowed(people, url) == allowed(people, f"{url}versions/") == TEAM
    assert allowed(people, f"{url}edit/") == WRITERS
    assert allowed(people, f"{url}archive/") == {Role.LEAD}
    assert allowed(people, f"/engagements/{here.slug}/updates/new/") == WRITERS
    assert allowed(others, url) == {Role.LEAD}
    assert same_page(as_(others[Role.ADVISER]).get(url), as_(others[Role.ADVISER]).get("/updates/999999/"))
    publish(update, people)
    assert allowed(people, url) == set(Role)
    assert allowed(others, url) == {Role.LEAD, Role.ADVISER, Role.CITY_STAFF, Role.FUNDER}
    assert as_(UserFactory(is_staff=True, is_superuser=True)).get(url).status_code == 404
    listed = as_(people[Role.FUNDER]).get(f"/engagements/{here.slug}/updates/").content.decode()
    assert "Q3 2026" in listed and "Written by" not in listed


def test_reviewers_say_why_in_comments_funders_do_not_see():
    here, _, people, _ = house()
    update = draft(here, people)
    publish(update, people)
    add_comment(engagement=here.pk, update=update.pk, body="Too long", visibility="team", by=people[Role.LEAD], now=NOW)
    shown = {role for role in Role if "Too long" in as_(people[role]).get(f"/updates/{update.pk}/").content.decode()}
    assert shown == TEAM


def test_two_who_write_the_same_part_see_both_versions():
    here, _, people, _ = house()
    update = draft(here, people)
    url, sent = f"/updates/{update.pk}/edit/", {"version": update.version, "submission": SUBMISSION}
    assert as_(people[Role.ADVISER]).post(url, sent | {"what_we_did": "Theirs"}).status_code == 302
    late = as_(people[Role.CITY_STAFF]).post(url, sent | {"what_we_did": "Mine"})
    assert late.status_code == 409
    assert all(words in late.content.decode() for words in ("We met ten families.", "Theirs", "Mine"))
    update.refresh_from_db()
    assert update.what_we_did == "Theirs"


def test_approval_is_of_what_was_read_and_empty_updates_are_not_approved():
    here, _, people, _ = house()
    update = draft(here, people, words="")
    move(people[Role.ADVISER], update, "in_review")
    assert "no words to approve" in move(people[Role.LEAD], update, "approved").content.decode()
    seen = QuarterlyUpdate.objects.get()
    change_update(
        update=seen.pk, texts={"what_we_did": "New"}, expected_version=seen.version, by=people[Role.ADVISER], now=NOW
    )
    stale = {"status": "approved", "version": seen.version} | answers("update")
    answer = as_(people[Role.LEAD]).post(f"/updates/{seen.pk}/review/", stale, follow=True)
    assert "read it again before you decide" in answer.content.decode()
    update.refresh_from_db()
    assert update.status == "in_review"


def test_one_update_a_quarter_and_nothing_typed_is_lost():
    here, _, people, _ = house()
    url = f"/engagements/{here.slug}/updates/new/"
    client = as_(people[Role.ADVISER])
    quarter = client.get(url).context["form"].fields["quarter"].choices[0][0]
    client.post(url, {"quarter": quarter, "submission": SUBMISSION})
    again = {"quarter": quarter, "what_we_need": "Time", "submission": f"{SUBMISSION[:-1]}9"}
    refused = client.post(url, again)
    assert refused.status_code == 422
    assert "is there already" in refused.content.decode() and "Time" in refused.content.decode()


def test_words_are_compared_one_by_one():
    left, right = compare_words("We met ten families.", "We met nine families.")
    assert left == (Piece("same", "We met "), Piece("gone", "ten"), Piece("same", " families."))
    assert right == (Piece("same", "We met "), Piece("new", "nine"), Piece("same", " families."))
    assert compare_words("", "New") == ((), (Piece("new", "New"),))
    long = "word " * 7_000
    assert compare_words(long, long + "x")[1] == (Piece("new", long + "x"),)


def test_a_move_with_a_missing_field_names_it_and_needs_no_submission():
    form = UpdateMoveForm({"version": "1"})
    assert not form.is_valid() and form.problems == "Next step: This field is required."
    assert UpdateMoveForm({"version": "1", "status": "draft"}).is_valid()
