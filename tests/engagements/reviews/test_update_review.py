"""An update is sent back with a comment on a section, changed, read again as a difference, and approved."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from engagements.discussion.actions.comments import add_comment, settle_comment
from engagements.discussion.actions.updates import change_update, move_update, start_update
from engagements.models import Comment, QuarterlyUpdate, ReviewDecision
from engagements.permissions import Role
from engagements.reviews.rules.checklists import all_yes
from tests.engagements.discussion.discussion import allowed, as_, house
from tests.factories.engagements import NOW
from tests.factories.reviews import answers

pytestmark = pytest.mark.django_db
TEAM = {Role.LEAD, Role.ADVISER, Role.EXPERT, Role.CITY_STAFF}


def in_review(here, people, words="We met ten families.") -> QuarterlyUpdate:
    row = start_update(
        engagement=here.pk, year=2026, quarter=3, texts={"what_we_did": words}, by=people[Role.ADVISER], now=NOW
    )
    return move_update(
        update=row.pk, status="in_review", expected_version=row.version, by=people[Role.ADVISER], now=NOW
    )


def test_the_team_reads_the_review_and_a_lead_decides():
    here, _, people, others = house()
    row = in_review(here, people)
    url = f"/updates/{row.pk}/review/"
    assert allowed(people, url) == TEAM
    assert allowed(others, url) == {Role.LEAD}
    forms = {role: 'name="status"' in as_(people[role]).get(url).content.decode() for role in TEAM}
    assert {role for role, shown in forms.items() if shown} == {Role.LEAD}
    sent = {"status": "approved", "version": row.version} | answers("update")
    assert as_(people[Role.ADVISER]).post(url, sent).status_code == 422
    row.refresh_from_db()
    assert row.status == "in_review" and not ReviewDecision.objects.exists()


def test_what_was_typed_is_still_there_after_a_refusal_and_the_decision_keeps_its_points():
    here, _, people, _ = house()
    row = in_review(here, people)
    lead, url = as_(people[Role.LEAD]), f"/updates/{row.pk}/review/"
    sent = {"status": "approved", "version": row.version} | answers("update", sources="From the meeting.")
    page = lead.post(url, {**sent, "point_numbers": "", "why": "Good work"})
    words = page.content.decode()
    assert page.status_code == 422 and "From the meeting." in words and "Good work" in words
    assert words.count(" checked") == 3
    assert "can only be sent back" in lead.post(url, sent | {"point_people": "no"}).content.decode()
    assert lead.post(url, sent).status_code == 302
    decision = ReviewDecision.objects.get()
    assert (decision.outcome, decision.moved_to, decision.seen_version) == ("approved", "approved", row.version)
    assert decision.answers[0] == {
        "key": "sources",
        "statement": "Every claim has a source, or says who saw it.",
        "must": False,
        "answer": "no",
        "words": "From the meeting.",
    }
    assert "3 of 4 points" in lead.get(url).content.decode()


def test_sent_back_changed_and_compared():
    here, _, people, _ = house()
    row = in_review(here, people)
    lead, url = as_(people[Role.LEAD]), f"/updates/{row.pk}/review/"
    add_comment(
        engagement=here.pk,
        update=row.pk,
        section="what_we_did",
        body="Say which families.",
        visibility="team",
        by=people[Role.LEAD],
        now=NOW,
    )
    assert lead.post(url, {"status": "draft", "version": row.version, "why": "Which?"}).status_code == 302
    assert ReviewDecision.objects.get().open_comments == 1
    row.refresh_from_db()
    row = change_update(
        update=row.pk,
        texts={"what_we_did": "We met ten families beside the river.", "what_we_need": "A van."},
        expected_version=row.version,
        by=people[Role.ADVISER],
        now=NOW,
    )
    move_update(update=row.pk, status="in_review", expected_version=row.version, by=people[Role.ADVISER], now=NOW)
    page = lead.get(url)
    changes = page.context["since"].changes
    assert [(change.section, change.before) for change in changes] == [
        ("what_we_did", "We met ten families."),
        ("what_we_need", ""),
    ]
    assert "<ins> beside the river.</ins>" in page.content.decode() or "<ins>" in page.content.decode()
    assert page.context["open_count"] == 1
    comment = Comment.objects.get()
    client = as_(people[Role.ADVISER])
    assert client.post(f"/comments/{comment.pk}/settle/", {"settled": "yes"}).status_code == 302
    comment.refresh_from_db()
    assert comment.settled_by == people[Role.ADVISER] and lead.get(url).context["open_count"] == 0
    client.post(f"/comments/{comment.pk}/settle/", {"settled": "no"})
    comment.refresh_from_db()
    assert comment.settled_at is None


def test_a_comment_is_settled_by_whoever_may_write_at_its_level():
    here, _, people, others = house()
    row = in_review(here, people)
    comment = add_comment(
        engagement=here.pk, update=row.pk, body="Word", visibility="team", by=people[Role.LEAD], now=NOW
    )
    url = f"/comments/{comment.pk}/settle/"
    answers_ = {role: as_(people[role]).post(url, {"settled": "yes"}).status_code for role in Role}
    assert {role for role, status in answers_.items() if status == 302} == TEAM
    assert as_(others[Role.ADVISER]).post(url).status_code == 404


def test_the_database_refuses_an_approval_without_a_whole_checklist_and_never_forgets_one():
    here, _, people, _ = house()
    row = in_review(here, people)
    kept = {"update": row, "outcome": "approved", "moved_to": "approved", "seen_version": row.version}
    kept |= {"checklist_version": 1, "decided_by": people[Role.LEAD], "decided_at": NOW, "engagement": here}
    point = {"key": "a", "statement": "A.", "must": False, "answer": "no", "words": "So."}
    for wrong in ([], [point | {"answer": ""}], [point | {"words": " "}], [point | {"must": True}], {"a": "yes"}):
        with pytest.raises(IntegrityError, match="an answer"), transaction.atomic():
            ReviewDecision.objects.create(**kept, answers=wrong)
    made = ReviewDecision.objects.create(**kept, answers=[point])
    for broken in (lambda: made.delete(), lambda: ReviewDecision.objects.update(why="No")):
        with pytest.raises(Exception, match="Cannot"), transaction.atomic():
            broken()
    with pytest.raises(IntegrityError, match="decision_about_one_thing"), transaction.atomic():
        ReviewDecision.objects.create(**kept | {"update": None}, answers=[point])


def test_as_many_statements_with_many_comments():
    here, _, people, _ = house()
    row = in_review(here, people)
    lead, url = as_(people[Role.LEAD]), f"/updates/{row.pk}/review/"
    counts = []
    for more in (1, 6):
        for _ in range(more):
            add_comment(
                engagement=here.pk,
                update=row.pk,
                section="what_we_did",
                body="Word",
                visibility="team",
                by=people[Role.EXPERT],
                now=NOW,
            )
        settle_comment(comment=Comment.objects.latest("pk").pk, is_settled=True, by=people[Role.LEAD], now=NOW)
        lead.get(url)
        with CaptureQueriesContext(
            connection,
        ) as found:
            assert lead.get(url).status_code == 200
        counts.append(len(found))
    assert counts[0] == counts[1]


def test_a_list_of_another_kind_is_refused():
    here, _, people, _ = house()
    row = in_review(here, people)
    with pytest.raises(Exception, match="Not on the checklist"):
        move_update(
            update=row.pk,
            status="approved",
            expected_version=row.version,
            by=people[Role.LEAD],
            now=NOW,
            answers=all_yes("value"),
        )
