"""The feed repeats nothing a reader may not read where it stands, also of rows written long ago."""

from datetime import timedelta

import pytest
from django.core.files.base import ContentFile

from engagements.discussion.actions.comments import add_comment, archive_comment, change_comment
from engagements.discussion.actions.documents import NewFile, add_document, archive_document
from engagements.discussion.actions.records import add_record, archive_record, change_record
from engagements.discussion.actions.requests import create_request
from engagements.discussion.actions.updates import start_update
from engagements.home.queries.activity import activity
from engagements.models import Activity, Comment
from engagements.permissions import Role
from tests.engagements.discussion.discussion import as_, house
from tests.factories.engagements import NOW, TODAY

pytestmark = pytest.mark.django_db
SECRET = "Names a family"


def words_of(user) -> str:
    return " ".join(f"{row.title} {row.line}" for row in activity(user))


def old_row(comment: Comment) -> None:
    """As the feed was written before: with the comment's words in it."""
    Activity.objects.create(
        engagement=comment.engagement,
        by=comment.author,
        at=NOW,
        verb="commented",
        noun="comment",
        object_id=comment.pk,
        title="the engagement",
        line=comment.body,
        visibility=comment.visibility,
    )


@pytest.fixture
def place():
    here, _, people, _ = house()
    return here, people


@pytest.mark.parametrize("about", ["request", "update"])
def test_what_is_said_about_a_request_or_a_draft_stays_with_those_who_see_it(place, about):
    here, people = place
    lead = people[Role.LEAD]
    if about == "request":
        thing = create_request(engagement=here.pk, question="Which?", due_on=TODAY, by=lead, now=NOW)
    else:
        thing = start_update(engagement=here.pk, year=2026, quarter=3, texts={}, by=lead, now=NOW)
    said = add_comment(engagement=here.pk, body=SECRET, visibility="all", by=lead, now=NOW, **{about: thing.pk})
    old_row(said)
    for role in (Role.FUNDER, Role.LOCAL_PARTNER):
        assert SECRET not in words_of(people[role])
        assert not [row for row in activity(people[role]) if row.noun == "comment"]
        for url in ("/", f"/engagements/{here.slug}/", "/api/v1/activity/"):
            page = as_(people[role]).get(url, follow=True)
            assert page.status_code == 200 and SECRET not in page.content.decode(), url
    assert SECRET in words_of(people[Role.EXPERT])


def test_no_words_of_a_comment_are_kept_in_the_feed(place):
    here, people = place
    add_comment(engagement=here.pk, body=SECRET, visibility="all", by=people[Role.LEAD], now=NOW)
    assert list(Activity.objects.values_list("verb", "line")) == [("commented", "")]
    assert SECRET in words_of(people[Role.FUNDER])


def test_a_comment_changed_or_taken_away_is_read_as_it_is_now(place):
    here, people = place
    lead, funder = people[Role.LEAD], people[Role.FUNDER]
    said = add_comment(engagement=here.pk, body=SECRET, visibility="all", by=lead, now=NOW)
    old_row(said)
    said = change_comment(comment=said.pk, body="Milder", expected_version=said.version, by=lead, now=NOW)
    assert SECRET not in words_of(funder) and "Milder" in words_of(funder)
    archive_comment(comment=said.pk, expected_version=said.version, by=lead, now=NOW)
    assert not activity(funder) and not activity(lead)


def test_a_record_renamed_closed_or_taken_away_is_named_as_it_is_now(place):
    here, people = place
    lead, funder = people[Role.LEAD], people[Role.FUNDER]
    made = add_record(
        engagement=here.pk, kind="note", title=SECRET, on=TODAY, body="x", visibility="all", by=lead, now=NOW
    )
    assert SECRET in words_of(funder)
    made = change_record(record=made.pk, changes={"title": "Milder"}, expected_version=made.version, by=lead, now=NOW)
    assert SECRET not in words_of(funder) and "Milder" in words_of(funder)
    archive_record(record=made.pk, expected_version=made.version, by=lead, now=NOW + timedelta(hours=1))
    assert "Milder" not in words_of(funder) + words_of(lead)


def test_a_document_taken_away_is_not_named_any_more(place, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    here, people = place
    lead, funder = people[Role.LEAD], people[Role.FUNDER]
    made = add_document(
        engagement=here.pk,
        by=lead,
        now=NOW,
        file=NewFile(ContentFile(b"%PDF-1.7"), "a.pdf", "application/pdf", title=SECRET, visibility="all"),
    )
    assert SECRET in words_of(funder)
    archive_document(document=made.pk, expected_version=made.version, by=lead, now=NOW, why="wrong")
    assert SECRET not in words_of(funder) + words_of(lead)
