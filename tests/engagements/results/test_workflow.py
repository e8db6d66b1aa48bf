"""From draft to public and back: who may do what, what the database refuses on its own, and what stays readable."""

from datetime import date, timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, transaction

from engagements.access.errors import NotFound
from engagements.access.results import may_answer_reply, reply_request_for, result_for, visible_results
from engagements.base.editing import Conflict
from engagements.home.queries.tasks import tasks_of
from engagements.models import Notification, ProjectPlan, Result, ResultPublication, SearchRecord
from engagements.people.actions.roles import end_role
from engagements.permissions import Role
from engagements.results.actions.projects import add_project, archive_project, change_project, link_plans
from engagements.results.actions.replies import answer_reply, ask_reply
from engagements.results.actions.results import archive_result, change_result
from engagements.results.actions.searches import add_search, publish_search
from engagements.results.queries.drafts import result_page, result_pages
from engagements.results.queries.published import evidence_states, initiative_record, record_of_cities
from engagements.results.records import Arm, ProjectFields, SearchFields, Source
from engagements.reviews.rules.checklists import Answer, all_yes
from tests.factories.engagements import NOW, EngagementFactory, give, member
from tests.factories.plans import make_plan
from tests.factories.results import Desk, make_desk
from tests.factories.reviews import decided


@pytest.fixture
def desk(db) -> Desk:
    return make_desk()


STRANGER = AnonymousUser()


def refused(act) -> dict:
    with pytest.raises(ValidationError) as found:
        act()
    return found.value.message_dict if hasattr(found.value, "error_dict") else {"": found.value.messages}


def test_a_draft_is_for_the_team_and_a_publication_for_everybody(desk):
    row = desk.draft()
    assert list(visible_results(desk.expert)) == [row]
    for viewer in (STRANGER, desk.people[Role.FUNDER], desk.people[Role.LOCAL_PARTNER]):
        with pytest.raises(NotFound):
            result_for(viewer, row.pk)
    desk.answer(desk.ask(row), "add", "We coached 300.")
    desk.move(row, "in_review", desk.adviser)
    desk.move(row, "published", desk.expert)
    page = result_page(STRANGER, row.pk)
    assert page.fields.effect == 5.0 and page.reply.answer == "add" and "We coached 300." in page.reply.words
    assert page.publications[0].checked and not page.held


def test_nobody_publishes_without_the_city_the_checklist_or_their_own_words(desk):
    row = desk.draft()
    desk.move(row, "in_review", desk.adviser)
    assert "city" in refused(lambda: desk.move(row, "published", desk.expert))[""][0]
    request = desk.ask(row)
    assert refused(lambda: desk.move(row, "published", desk.expert))
    late = NOW + timedelta(days=40)
    half = (Answer("words", "yes"),)
    assert "point_sources" in refused(lambda: desk.move(row, "published", desk.expert, late, answers=half))
    no = (*all_yes("result")[1:], Answer("sources", "no", "One is gone."))
    assert list(refused(lambda: desk.move(row, "published", desk.expert, late, answers=no))) == ["point_sources"]
    desk.move(row, "published", desk.expert, late)  # asked, no reply
    assert result_page(STRANGER, row.pk).reply.asked_on == request.asked_on
    mine = desk.draft(finding="that 6 more had a job")
    lead = desk.people[Role.LEAD]
    Result.objects.filter(pk=mine.pk).update(written_by=lead)
    desk.answer(desk.ask(mine))
    desk.move(mine, "in_review", lead)
    assert "You wrote this" in refused(lambda: desk.move(mine, "published", lead))[""][0]


@pytest.mark.parametrize("role", [Role.ADVISER, Role.CITY_STAFF, Role.LOCAL_PARTNER, Role.FUNDER])
def test_only_experts_and_leads_publish(desk, role):
    row = desk.draft()
    desk.answer(desk.ask(row))
    desk.move(row, "in_review", desk.adviser)
    with pytest.raises((ValidationError, NotFound)):
        desk.move(row, "published", desk.people[role])
    row.refresh_from_db()
    assert row.status == "in_review"


def test_what_was_sent_back_says_why_and_is_a_task_again(desk):
    row = desk.draft()
    desk.move(row, "in_review", desk.adviser)
    assert "why" in refused(lambda: desk.move(row, "draft", desk.expert))
    desk.move(row, "draft", desk.expert, why="Name the second source")
    tasks = [(task.verb, task.noun) for task in tasks_of(desk.adviser, today=NOW.date())]
    assert ("finish", "result") in tasks
    assert Notification.objects.filter(user=desk.adviser, noun="result").exists()


def test_a_correction_shows_before_and_after_and_the_old_words_stay_until_reviewed(desk):
    row = desk.published()
    change = {"pk": row.pk, "changes": {"effect": 4.0}, "by": desk.adviser, "now": NOW}
    row.refresh_from_db()
    assert "why" in refused(lambda: change_result(**change, expected_version=row.version))
    change_result(**change, expected_version=row.version, why="A slip of the key")
    assert result_page(STRANGER, row.pk).fields.effect == 5.0
    assert result_page(desk.expert, row.pk).fields.effect == 4.0
    desk.move(row, "in_review", desk.adviser)
    assert refused(lambda: desk.move(row, "published", desk.expert))  # another sentence: the city is asked again
    desk.answer(desk.ask(row))
    desk.move(row, "published", desk.expert, why="A slip of the key")
    page = result_page(STRANGER, row.pk)
    assert page.fields.effect == 4.0 and page.publications[0].changes[0] == ("effect", 5.0, 4.0)
    assert page.publications[0].kind == "corrected" and page.publications[1].sentence != page.sentence


def test_a_retraction_is_public_and_counts_for_nothing(desk):
    row = desk.published()
    desk.move(row, "retracted", desk.expert, why="The data were wrong")
    page = result_page(STRANGER, row.pk)
    assert page.is_retracted and page.publications[0].why == "The data were wrong"
    (found,) = initiative_record(desk.city.initiative_id).rows
    assert found.kind == "open" and found.result is None and len(found.retracted) == 1
    assert refused(
        lambda: archive_result(pk=row.pk, expected_version=row.version, by=desk.adviser, now=NOW, why="Gone")
    )


def test_two_people_who_change_the_same_field_both_see_both(desk):
    row = desk.draft()
    seen = row.version
    change_result(pk=row.pk, changes={"against": "Nothing"}, expected_version=seen, by=desk.staff, now=NOW)
    with pytest.raises(Conflict) as found:
        change_result(pk=row.pk, changes={"against": "Usual help"}, expected_version=seen, by=desk.adviser, now=NOW)
    assert found.value.theirs == {"against": "Nothing"}
    change_result(pk=row.pk, changes={"context": "A boom"}, expected_version=seen, by=desk.adviser, now=NOW)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"sources": ()}, "sources"),
        ({"unit": ""}, "unit"),
        ({"effect": 12.0}, "effect"),
        ({"arms": (Arm("A", 1), Arm("B", 2)), "participants": 4}, "participants"),
        ({"verdict": "worked"}, "verdict"),
        ({"measured_from": date(2019, 1, 1)}, "measured_from"),
        ({"size_in_words": "five times", "size_source": "Another report"}, "size_source"),
        ({"reported_precision": "month", "reported_on": None}, "reported_on"),
    ],
)
def test_bad_input_is_refused_at_its_field(desk, changes, field):
    assert field in refused(lambda: desk.draft(**changes))
    assert not Result.objects.exists()


def test_a_month_is_kept_by_its_first_day(desk):
    row = desk.draft(reported_on=date(2026, 3, 17), reported_precision="month")
    assert (row.reported_on, row.reported_precision) == (date(2026, 3, 1), "month")
    change = {"changes": {"reported_precision": "year"}, "by": desk.adviser, "now": NOW}
    row = change_result(pk=row.pk, expected_version=row.version, **change)
    assert (row.reported_on, row.reported_precision) == (date(2026, 1, 1), "year")


def test_the_same_in_letters_that_only_look_different_in_capitals(desk):
    desk.draft(outcome="Heat over 300 kelvin")
    assert "finding" in refused(lambda: desk.draft(outcome="Heat over 300 \N{KELVIN SIGN}elvin"))


def test_the_same_result_twice_and_a_strange_project_are_refused(desk):
    desk.draft()
    assert "finding" in refused(lambda: desk.draft(finding="THAT 5 more in 100 had a job"))
    other = EngagementFactory(initiative=desk.city.initiative)
    lead = desk.people[Role.LEAD]
    elsewhere = add_project(engagement=other.pk, fields=ProjectFields("Elsewhere"), by=lead, now=NOW)
    assert "project" in refused(lambda: desk.draft(project=elsewhere.pk, finding="another"))
    strange = (Source("D", kind="document", document=1),)
    assert "sources.0.document" in refused(lambda: desk.draft(sources=strange, finding="another"))


@pytest.mark.parametrize(
    "assignment",
    [
        "sources = '[]'",
        """sources = '[{"title": "A", "kind": "link", "url": "http://example.org"}]'""",
        """sources = '[{"title": "A", "kind": "link"}]'""",
        """sources = '[{"title": "A", "kind": "document", "document": 999999}]'""",
        "unit = ''",
        "effect = 10",
        "level = 100",
        "low = NULL",
        """participants = 4, arms = '[{"name": "A", "number": 1}, {"name": "B", "number": 2}]'""",
        """arms = '[{"number": 1}]'""",
        "verdict = 'worked'",
        "verdict = 'splendid', own_data = 'Ours'",
        "measured_from = '2019-01-01'",
        "cost_usd = 5",
        "reach_number = 5",
        "project_id = NULL",
        "design = 'guess'",
        "status = 'published'",
        "finding = ''",
        "effect = 'Infinity', high = 'Infinity'",
        "size_in_words = 'five times'",
        "size_source = 'The report'",
        "size_in_words = 'five times', size_source = 'Another report'",
        "reported_precision = 'by'",
        "reported_precision = 'month', reported_on = '2026-06-02'",
        "reported_precision = 'year', reported_on = '2026-06-01'",
        "reported_precision = 'month', reported_on = NULL",
        "reported_precision = 'month', reported_on = '2019-01-01'",
    ],
)
def test_the_database_refuses_it_too(desk, assignment):
    row = desk.draft()
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE engagements_result SET {assignment} WHERE id = %s", [row.pk])


def test_the_database_refuses_to_publish_what_the_city_was_not_asked_about(desk):
    row = desk.draft()
    reviewed = f"reviewed_by_id = {desk.expert.pk}, reviewed_at = '2026-11-24'"
    publish = f"UPDATE engagements_result SET status = 'published', {reviewed} WHERE id = {row.pk}"
    with pytest.raises(DatabaseError, match="has not replied"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(publish)
    desk.answer(desk.ask(row))
    with pytest.raises(DatabaseError, match="answered the checklist"), transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(publish)
    decided("result", [row], desk.expert, "published", NOW)
    with connection.cursor() as cursor:
        cursor.execute(publish)
    with pytest.raises(DatabaseError, match="only as a draft"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE engagements_result SET effect = 4 WHERE id = {row.pk}")


def test_publications_stay(desk):
    row = desk.published()
    for act in (
        lambda: ResultPublication.objects.filter(result=row).update(why="x"),
        lambda: ResultPublication.objects.filter(result=row).delete(),
        lambda: Result.objects.filter(pk=row.pk).delete(),
    ):
        with pytest.raises(Exception, match="Cannot|protected|referenced"), transaction.atomic():
            act()


def test_a_search_is_public_once_the_city_was_asked_and_somebody_else_published_it(desk):
    fields = SearchFields(desk.project.pk, "Ann", "A result", "example.org", NOW.date())
    row = add_search(engagement=desk.city.pk, fields=fields, by=desk.adviser, now=NOW)
    go = {"pk": row.pk, "expected_version": row.version, "now": NOW}
    assert refused(lambda: publish_search(**go, by=desk.expert))
    with pytest.raises(DatabaseError), transaction.atomic():
        SearchRecord.objects.filter(pk=row.pk).update(published_at=NOW, published_by=desk.expert)
    request = ask_reply(by=desk.adviser, now=NOW, search=row.pk, contact=desk.staff.pk)
    answer_reply(
        pk=request.pk, answer="correct", reply="See our site", expected_version=request.version, by=desk.staff, now=NOW
    )
    publish_search(**go, by=desk.expert)
    found = initiative_record(desk.city.initiative_id).rows[0]
    assert found.kind == "not_found" and "See our site" in found.confirmed and not found.is_confirmed
    assert "searched_on" in refused(
        lambda: add_search(engagement=desk.city.pk, fields=fields, by=desk.adviser, now=NOW)
    )


def test_a_request_has_a_contact_of_the_city_an_owner_and_reminders(desk):
    row = desk.draft()
    for wrong in (desk.adviser, desk.people[Role.FUNDER]):
        assert "contact" in refused(lambda w=wrong: ask_reply(by=desk.adviser, now=NOW, result=row.pk, contact=w.pk))
    request = desk.ask(row)
    assert desk.ask(row).pk == request.pk and request.owner == desk.adviser
    assert ("answer", "replyrequest") in [(t.verb, t.noun) for t in tasks_of(desk.staff, today=NOW.date())]
    assert ("read", "replyrequest") in [
        (t.verb, t.noun) for t in tasks_of(desk.adviser, today=NOW.date() + timedelta(days=60))
    ]
    assert Notification.objects.filter(user=desk.staff, noun="replyrequest").exists()
    with pytest.raises(NotFound):
        answer_reply(pk=request.pk, answer="agree", expected_version=1, by=desk.adviser, now=NOW)
    stranger = member(Role.CITY_STAFF, EngagementFactory(initiative=desk.city.initiative))
    with pytest.raises(NotFound):
        answer_reply(pk=request.pk, answer="agree", expected_version=1, by=stranger, now=NOW)


def test_whoever_left_the_city_answers_for_it_no_more(desk):
    """Also with a role in another city of the same initiative."""
    request = desk.ask(desk.draft())
    other = EngagementFactory(initiative=desk.city.initiative)
    give(desk.staff, Role.CITY_STAFF, other)
    assert may_answer_reply(desk.staff, request.pk)
    end_role(role=desk.staff.roles.get(engagement=desk.city).pk, by=desk.lead, now=NOW)
    assert not may_answer_reply(desk.staff, request.pk)
    with pytest.raises(NotFound):
        reply_request_for(desk.staff, request.pk)
    assert "replyrequest" not in {task.noun for task in tasks_of(desk.staff, today=NOW.date())}


def test_dollars_find_the_state_of_what_they_paid_for(desk):
    plan = make_plan(desk.city, desk.adviser)
    link_plans(pk=desk.project.pk, plans=[plan.pk], by=desk.adviser, now=NOW)
    initiative = desk.city.initiative_id
    assert evidence_states(initiative).by_plan == {plan.pk: "no_test"}
    row = desk.project
    change_project(pk=row.pk, changes={"test": "running"}, expected_version=row.version, by=desk.adviser, now=NOW)
    assert evidence_states(initiative).by_plan == {plan.pk: "being_tested"}
    desk.published()
    assert evidence_states(initiative).by_plan == {plan.pk: "reported"}
    desk.published(finding="that it worked", verdict="worked", own_data="Our own survey")
    assert evidence_states(initiative).by_project == {desk.project.pk: "worked"}
    other = add_project(engagement=desk.city.pk, fields=ProjectFields("Another"), by=desk.adviser, now=NOW)
    assert "plans" in refused(lambda: link_plans(pk=other.pk, plans=[plan.pk], by=desk.adviser, now=NOW))
    elsewhere = make_plan(EngagementFactory(initiative=desk.city.initiative), desk.adviser)
    assert "plans" in refused(lambda: link_plans(pk=other.pk, plans=[elsewhere.pk], by=desk.adviser, now=NOW))
    with pytest.raises(DatabaseError), transaction.atomic():
        ProjectPlan.objects.create(engagement=desk.city, project=other, plan=elsewhere)


def test_a_project_with_results_stays_and_its_name_is_taken(desk):
    desk.draft()
    row = desk.project
    row.refresh_from_db()
    assert refused(lambda: archive_project(pk=row.pk, expected_version=row.version, by=desk.adviser, now=NOW, why="x"))
    same = ProjectFields("coaching FOR parents")
    assert "title" in refused(lambda: add_project(engagement=desk.city.pk, fields=same, by=desk.adviser, now=NOW))


def test_reading_takes_as_many_statements_for_many_as_for_few(desk, django_assert_max_num_queries):
    for number in range(5):
        desk.published(finding=f"finding {number}")
    with django_assert_max_num_queries(5):
        assert len(initiative_record(desk.city.initiative_id).rows[0].results) == 5
    with django_assert_max_num_queries(6):
        assert record_of_cities().of(desk.city.city.slug).result
    with django_assert_max_num_queries(10):
        pages = result_pages(desk.adviser, visible_results(desk.adviser))
        assert len(pages) == 5 and len(pages[0].others) == 4
