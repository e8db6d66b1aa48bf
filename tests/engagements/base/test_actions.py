"""Every write: who may, what is kept, who is told, what a second click does."""

import uuid
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile

from engagements.access.errors import NotAllowed, NotFound
from engagements.access.tokens import find_user_of_token
from engagements.base.editing import Conflict
from engagements.discussion.actions.comments import add_comment, change_comment
from engagements.discussion.actions.documents import NewFile, add_document
from engagements.discussion.actions.requests import answer_request, close_request, create_request, report_problem
from engagements.discussion.actions.updates import change_update, move_update, start_update
from engagements.discussion.queries.discussion import comments, documents
from engagements.discussion.queries.requests import requests
from engagements.discussion.queries.updates import updates
from engagements.home.actions import set_status
from engagements.milestones.actions.dependencies import add_dependency
from engagements.milestones.actions.milestones import add_milestone, apply_template, archive_milestone, change_milestone
from engagements.milestones.actions.progress import log_progress
from engagements.milestones.milestone_templates import TEMPLATES
from engagements.milestones.queries.milestones import MilestoneFilter, milestones
from engagements.models import Activity, Comment, Document, DueDateChange, Milestone, Notification, ProgressEntry
from engagements.people.actions.profile import make_unsubscribe_token, unsubscribe
from engagements.people.actions.roles import end_role, give_role
from engagements.people.actions.tokens import make_access_token, revoke_token
from engagements.permissions import Role
from engagements.reviews.rules.checklists import all_yes
from tests.factories.engagements import (
    NOW,
    TODAY,
    EngagementFactory,
    MilestoneFactory,
    UserFactory,
    everybody,
    member,
    pair,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def work():
    """An engagement, everybody in it, a milestone the adviser owns."""
    engagement, _ = pair()
    people = everybody(engagement)
    return engagement, people, MilestoneFactory(engagement=engagement, owner=people[Role.ADVISER])


def told(user, kind) -> list[str]:
    return [row.line for row in Notification.objects.filter(user=user, kind=kind)]


def test_logging_keeps_line_status_dates_feed_and_tells_the_owner(work):
    engagement, people, milestone = work
    entry = log_progress(
        milestone=milestone.pk, status="in_progress", line=" Met the team. ", by=people[Role.CITY_STAFF], now=NOW
    )
    milestone.refresh_from_db()
    assert (entry.old_status, entry.status, entry.line) == ("planned", "in_progress", "Met the team.")
    assert (milestone.status, milestone.started_on, milestone.version) == ("in_progress", TODAY, 2)
    row = Activity.objects.get()
    assert (row.verb, row.noun, row.line, row.visibility) == ("logged", "milestone", "Met the team.", "team")
    assert row.changes == {"status": ["planned", "in_progress"]}
    assert told(people[Role.ADVISER], "change") == [f"{milestone.title}: Met the team."]


def test_who_may_not_log_is_told_there_is_nothing(work):
    engagement, people, milestone = work
    strangers = [people[Role.FUNDER], people[Role.LOCAL_PARTNER], UserFactory(), member(Role.ADVISER, pair()[0])]
    for user in strangers:
        with pytest.raises(NotFound):
            log_progress(milestone=milestone.pk, status="blocked", line="x", by=user, now=NOW)
    assert not ProgressEntry.objects.exists() and not Activity.objects.exists()


def test_a_second_click_is_the_first_one(work):
    _, people, milestone = work
    common = {"milestone": milestone.pk, "status": "blocked", "line": "x", "by": people[Role.ADVISER], "now": NOW}
    first = log_progress(submission=(key := uuid.uuid4()), **common)
    assert log_progress(submission=key, **common) == first
    assert log_progress(submission=uuid.uuid4(), **common) != first
    assert ProgressEntry.objects.count() == 2 and Activity.objects.count() == 2


def test_approval_is_the_leads_where_it_is_asked(work):
    _, people, milestone = work
    Milestone.objects.filter(pk=milestone.pk).update(needs_approval=True)
    log = {"milestone": milestone.pk, "now": NOW}
    with pytest.raises(ValidationError, match="doesn't go"):
        log_progress(status="done", line="Done.", by=people[Role.ADVISER], **log)
    log_progress(status="awaiting_review", line="Ready.", by=people[Role.ADVISER], **log)
    assert told(people[Role.LEAD], "assignment") == [f"To review: {milestone.title}"]
    with pytest.raises(ValidationError, match="for others to decide"):
        log_progress(status="done", line="Done.", by=people[Role.ADVISER], **log)
    log_progress(status="done", line="Read it.", by=people[Role.LEAD], **log)
    milestone.refresh_from_db()
    assert (milestone.status, milestone.done_on, milestone.approved_by) == ("done", TODAY, people[Role.LEAD])


def test_a_date_moves_with_a_reason_only(work):
    _, people, milestone = work
    move = {
        "milestone": milestone.pk,
        "changes": {"due_on": date(2027, 1, 15)},
        "expected_version": 1,
        "by": people[Role.ADVISER],
        "now": NOW,
    }
    for extra, field in (({}, "slip_reason"), ({"slip_reason": "other"}, "slip_words")):
        with pytest.raises(ValidationError) as found:
            change_milestone(**move, **extra)
        assert list(found.value.message_dict) == [field]
    change_milestone(slip_reason="data", **move)
    slip = DueDateChange.objects.get()
    assert (slip.old, slip.new, slip.reason) == (date(2026, 12, 15), date(2027, 1, 15), "data")
    with pytest.raises(ValidationError, match="starts on Jan 1, 2026"):
        change_milestone(**move | {"changes": {"due_on": date(2025, 1, 1)}, "expected_version": 2}, slip_reason="data")
    with pytest.raises(ValidationError, match="of the engagement's team"):
        change_milestone(**move | {"changes": {"owner": UserFactory().pk}, "expected_version": 2})


def test_different_fields_merge_the_same_field_is_refused_with_both_versions(work):
    _, people, milestone = work
    edit = {"milestone": milestone.pk, "expected_version": 1, "now": NOW}
    change_milestone(changes={"title": "Theirs"}, by=people[Role.LEAD], **edit)
    merged = change_milestone(changes={"funder_note": "Soon."}, by=people[Role.ADVISER], **edit)
    assert (merged.title, merged.funder_note, merged.version) == ("Theirs", "Soon.", 3)
    whole_form = {"title": milestone.title, "funder_note": "Soon.", "stage": "design"}  # title as it was seen
    merged = change_milestone(changes=whole_form, by=people[Role.ADVISER], **edit)
    assert (merged.title, merged.stage) == ("Theirs", "design")
    with pytest.raises(Conflict) as found:
        change_milestone(changes={"title": "Mine"}, by=people[Role.ADVISER], **edit)
    assert (found.value.theirs, found.value.yours) == ({"title": "Theirs"}, {"title": "Mine"})
    assert found.value.fields[0].base == milestone.title and found.value.version == 4


def test_a_template_makes_a_chain_of_working_days(work):
    engagement, people, _ = work
    made = apply_template(
        engagement=engagement.pk, template="field", starts_on=date(2026, 11, 23), by=people[Role.ADVISER], now=NOW
    )
    assert [m.title for m in made] == [step.title for step in TEMPLATES["field"].steps]
    assert all(m.due_on.weekday() < 5 for m in made) and made[0].due_on == date(2026, 12, 7)
    assert [list(m.dependencies.values_list("needs_id", flat=True)) for m in made[1:]] == [[m.pk] for m in made[:-1]]
    with pytest.raises(ValidationError, match="itself depends on"):
        add_dependency(milestone=made[0].pk, needs=made[3].pk, by=people[Role.ADVISER], now=NOW)


def test_archived_is_out_of_the_lists_and_says_why(work):
    _, people, milestone = work
    with pytest.raises(ValidationError, match="Say why"):
        archive_milestone(milestone=milestone.pk, expected_version=1, by=people[Role.LEAD], now=NOW, why=" ")
    archive_milestone(milestone=milestone.pk, expected_version=1, by=people[Role.LEAD], now=NOW, why="Twice.")
    seen = milestones(people[Role.LEAD], MilestoneFilter(), today=TODAY)
    assert seen.rows == () and Milestone.objects.get(pk=milestone.pk).archived_by == people[Role.LEAD]


@pytest.mark.parametrize(
    ("visibility", "readers"),
    [
        ("team", "lead adviser expert city_staff"),
        ("city", "lead adviser expert city_staff local_partner"),
        ("all", "lead adviser expert city_staff local_partner funder"),
    ],
)
def test_a_comment_is_read_at_its_level_and_by_nobody_else(work, visibility, readers):
    engagement, people, _ = work
    add_comment(engagement=engagement.pk, body="Hello.", visibility=visibility, by=people[Role.ADVISER], now=NOW)
    found = {role.value for role, user in people.items() if comments(user, engagement.pk)}
    assert found == set(readers.split())


def test_mentioned_are_those_who_may_read_and_once(work):
    engagement, people, _ = work
    staff, funder = people[Role.CITY_STAFF], people[Role.FUNDER]
    comment = add_comment(
        engagement=engagement.slug,
        body=f"Dear @{staff.email} and @{funder.email}, see.",
        visibility="team",
        by=people[Role.ADVISER],
        now=NOW,
        mentions=[people[Role.EXPERT].pk],
    )
    assert set(comment.mentions.all()) == {staff, people[Role.EXPERT]}
    assert len(told(staff, "mention")) == 1 and told(funder, "mention") == []
    change_comment(
        comment=comment.pk, body=f"@{staff.email} again", expected_version=1, by=people[Role.ADVISER], now=NOW
    )
    assert len(told(staff, "mention")) == 1
    with pytest.raises(NotAllowed):
        change_comment(comment=comment.pk, body="mine now", expected_version=2, by=people[Role.EXPERT], now=NOW)


def test_nobody_writes_for_readers_beyond_their_level(work):
    engagement, people, _ = work
    for role, visibility in ((Role.CITY_STAFF, "all"), (Role.LOCAL_PARTNER, "team"), (Role.FUNDER, "all")):
        with pytest.raises(NotAllowed):
            add_comment(engagement=engagement.pk, body="x", visibility=visibility, by=people[role], now=NOW)
    assert not Comment.objects.exists()


def test_a_document_is_kept_under_a_random_name_and_read_at_its_level(work, settings):
    engagement, people, _ = work
    file = NewFile(ContentFile(b"minutes"), "../<script>.pdf", "application/pdf", "Minutes")
    made = add_document(engagement=engagement.pk, file=file, by=people[Role.ADVISER], now=NOW)
    assert "script" not in made.file.path and made.size == 7
    assert settings.DOCUMENTS_DIR in Path(made.file.path).parents
    assert Path(made.file.path).read_bytes() == b"minutes"
    assert documents(people[Role.CITY_STAFF], engagement.pk)[0].original_name == "../<script>.pdf"
    assert documents(people[Role.LOCAL_PARTNER], engagement.pk) == ()
    for bad, match in ((b"", "empty"), (b"x", "consent")):
        with pytest.raises(ValidationError, match=match):
            file = NewFile(ContentFile(bad), "a.jpg", "image/jpeg", shows_people=bool(bad))
            add_document(engagement=engagement.pk, file=file, by=people[Role.ADVISER], now=NOW)
    assert Document.objects.count() == 1


def test_an_update_is_reviewed_approved_and_published_and_funders_read_what_was_published(work):
    engagement, people, _ = work
    adviser, lead, funder = people[Role.ADVISER], people[Role.LEAD], people[Role.FUNDER]
    update = start_update(
        engagement=engagement.pk, year=2026, quarter=3, by=adviser, now=NOW, texts={"what_we_did": "Met."}
    )

    def move(status, by, version):
        answers = all_yes("update") if status == "approved" else ()
        sent = {"status": status, "expected_version": version, "answers": answers}
        return move_update(update=update.pk, by=by, now=NOW, **sent).version

    version = move("in_review", adviser, 1)
    with pytest.raises(ValidationError, match="for others"):
        move("approved", adviser, version)
    with pytest.raises(ValidationError, match="changed since you read it"):
        move("approved", lead, 1)
    assert updates(funder) == ()
    version = move("approved", lead, version)
    version = move("published", lead, version)
    assert [row.what_we_did for row in updates(funder)] == ["Met."]
    version = move("draft", lead, version)
    change_update(
        update=update.pk, texts={"what_we_did": "Half a thought"}, expected_version=version, by=adviser, now=NOW
    )
    (seen,) = updates(funder)
    assert (seen.what_we_did, seen.number, seen.status, seen.label) == ("Met.", 1, None, "Published")
    assert updates(adviser)[0].what_we_did == "Half a thought"
    with pytest.raises(ValidationError, match="there already"):
        start_update(engagement=engagement.pk, year=2026, quarter=3, by=adviser, now=NOW)


def test_an_expert_whose_role_ended_answers_no_more_and_another_takes_it_over(work):
    engagement, people, _ = work
    expert = people[Role.EXPERT]
    asked = create_request(
        engagement=engagement.pk,
        question="Is this wide?",
        due_on=TODAY + timedelta(7),
        owner=expert.pk,
        panel_path="/cities/detroit/",
        by=people[Role.ADVISER],
        now=NOW,
    )
    role = expert.roles.get()
    role.ended_on = role.began_on
    role.save()
    assert told(expert, "assignment") == ["Is this wide?"]
    with pytest.raises(NotFound):
        answer_request(request=asked.pk, answer="Yes.", expected_version=1, by=expert, now=NOW)
    answer_request(request=asked.pk, answer="Yes.", expected_version=1, by=people[Role.LEAD], now=NOW)
    close_request(request=asked.pk, expected_version=2, by=people[Role.ADVISER], now=NOW)
    with pytest.raises(NotFound):
        answer_request(request=asked.pk, answer="No.", expected_version=3, by=people[Role.FUNDER], now=NOW)


def test_a_problem_with_any_number_reaches_experts_and_nobody_else(work):
    engagement, people, _ = work
    reader = UserFactory()
    made = report_problem(panel_path="/compare/?cities=a,b", what="Too high.", by=reader, now=NOW)
    seen = {role.value for role, user in people.items() if requests(user, today=TODAY)}
    assert seen == {"lead", "expert"} and requests(reader, today=TODAY)[0].pk == made.pk
    with pytest.raises(ValidationError, match="single"):
        report_problem(panel_path="//evil.example", what="x", by=reader, now=NOW)


def test_roles_are_given_by_leads_and_ended_with_what_they_gave(work):
    engagement, people, milestone = work
    newcomer, lead = UserFactory(), people[Role.LEAD]
    for by in (people[Role.ADVISER], people[Role.CITY_STAFF], newcomer):
        with pytest.raises(NotFound):
            give_role(user=newcomer.pk, role="adviser", engagement=engagement.pk, by=by, now=NOW)
    role = give_role(
        user=newcomer.pk, role="adviser", engagement=engagement.pk, by=UserFactory(is_superuser=True), now=NOW
    )
    with pytest.raises(ValidationError, match="already"):
        give_role(user=newcomer.pk, role="adviser", engagement=engagement.pk, by=lead, now=NOW)
    with pytest.raises(ValidationError, match="belong to an initiative"):
        give_role(user=newcomer.pk, role="funder", engagement=engagement.pk, by=lead, now=NOW)
    end_role(role=role.pk, by=lead, now=NOW)
    with pytest.raises(NotFound):
        log_progress(milestone=milestone.pk, status="blocked", line="x", by=newcomer, now=NOW)


def test_status_of_an_engagement_follows_its_graph_with_a_source(work):
    engagement, people, _ = work
    step = {"engagement": engagement.pk, "by": people[Role.ADVISER], "now": NOW}
    with pytest.raises(ValidationError, match="announced first"):
        set_status(status="active", began_on=TODAY, source="x", **step)
    set_status(status="announced", began_on=date(2026, 1, 1), source="press release", **step)
    for wrong, match in (
        ({"status": "completed", "began_on": TODAY, "source": "x"}, "doesn't go"),
        ({"status": "active", "began_on": TODAY, "source": " "}, "recorded"),
        ({"status": "active", "began_on": date(2025, 1, 1), "source": "x"}, "last status began"),
    ):
        with pytest.raises(ValidationError, match=match):
            set_status(**wrong, **step)


def test_a_token_opens_until_it_ends_and_is_kept_as_a_hash_only():
    user = UserFactory()
    token, secret = make_access_token(name="sheet", scopes=["read"], expires_at=NOW + timedelta(1), by=user, now=NOW)
    assert find_user_of_token(secret=secret, now=NOW).user == user and secret not in str(vars(token))
    for late in (NOW + timedelta(1), NOW + timedelta(2)):
        with pytest.raises(NotFound):
            find_user_of_token(secret=secret, now=late)
    with pytest.raises(NotFound):
        revoke_token(token=token, by=UserFactory(), now=NOW)
    revoke_token(token=token, by=user, now=NOW)
    with pytest.raises(NotFound):
        find_user_of_token(secret=secret, now=NOW)


def test_the_link_in_a_mail_ends_digests_and_a_forged_one_nothing():
    user = UserFactory()
    assert unsubscribe(token=make_unsubscribe_token(user), now=NOW)[0].digest == "none"
    with pytest.raises(ValidationError):
        unsubscribe(token="1:forged:forged", now=NOW)


def test_a_new_milestone_is_checked_like_a_changed_one():
    engagement = EngagementFactory()
    lead = member(Role.LEAD, engagement)
    common = {"engagement": engagement.pk, "title": "Scope", "by": lead, "now": NOW}
    for wrong, field in (
        ({"due_on": date(2025, 1, 1), "stage": "scoping"}, "due_on"),
        ({"due_on": TODAY, "stage": "nowhere"}, "stage"),
        ({"due_on": TODAY, "stage": "scoping", "owner": UserFactory().pk}, "owner"),
    ):
        with pytest.raises(ValidationError) as found:
            add_milestone(**common | wrong)
        assert field in found.value.message_dict
    add_milestone(**common, due_on=TODAY, stage="scoping", owner=lead.pk)
