"""Questions and problems: who may ask, see, answer, and where a mail's link leads."""

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from engagements.access.discussion import visible_requests
from engagements.discussion.actions.requests import assign_request, create_request, report_problem
from engagements.discussion.rules import read_panel_path
from engagements.home.queries.tasks import tasks_of
from engagements.models import ExpertRequest, Notification
from engagements.people.actions.roles import end_role
from engagements.permissions import Role
from tests.engagements.discussion.discussion import SUBMISSION, allowed, as_, house, same_page
from tests.factories.engagements import MilestoneFactory, UserFactory, give

pytestmark = pytest.mark.django_db
TEAM = {Role.LEAD, Role.ADVISER, Role.EXPERT, Role.CITY_STAFF}
EXPERTS = {Role.LEAD, Role.EXPERT}


def tomorrow():
    return timezone.localdate() + timedelta(days=1)


def ask(here, people, **more):
    return create_request(
        engagement=here.pk,
        question="Which tracts are alike?",
        due_on=tomorrow(),
        by=people[Role.CITY_STAFF],
        now=timezone.now(),
        **more,
    )


@pytest.mark.parametrize("role", (Role.CITY_STAFF, Role.EXPERT), ids=("who asked", "who is to answer"))
def test_whoever_left_the_city_reads_nothing_of_it_any_more(role):
    """Also with a role in another city of the same initiative, where others of this city's work is published."""
    here, there, people, _ = house()
    made = ask(here, people, owner=people[Role.EXPERT].pk)
    who = people[role]
    give(who, Role.ADVISER, there)
    assert visible_requests(who).get() == made
    end_role(role=who.roles.get(engagement=here).pk, by=people[Role.LEAD], now=timezone.now())
    assert not visible_requests(who).exists()
    assert as_(who).get(f"/requests/{made.pk}/").status_code == 404


def test_a_question_whose_owner_left_is_a_task_of_who_can_answer_it():
    here, _, people, _ = house()
    made = ask(here, people, owner=people[Role.EXPERT].pk)
    lead, today = people[Role.LEAD], timezone.localdate()

    def answers(user) -> set[int]:
        tasks = tasks_of(user, today=today)
        return {task.pk for task in tasks if (task.noun, task.verb) == ("expertrequest", "answer")}

    assert (answers(lead), answers(people[Role.EXPERT])) == (set(), {made.pk})
    end_role(role=people[Role.EXPERT].roles.get(engagement=here).pk, by=lead, now=timezone.now())
    assert (answers(lead), answers(people[Role.EXPERT])) == ({made.pk}, set())
    assert answers(people[Role.ADVISER]) == set()


def test_asked_with_due_date_expert_milestone_and_panel():
    here, _, people, _ = house()
    milestone = MilestoneFactory(engagement=here)
    url = f"/requests/new/?engagement={here.slug}&panel=/cities/detroit/%23where&milestone={milestone.pk}"
    page = as_(people[Role.CITY_STAFF]).get(url)
    assert 'value="/cities/detroit/#where"' in page.content.decode()
    sent = {
        "question": "Which tracts?",
        "due_on": tomorrow().isoformat(),
        "owner": people[Role.EXPERT].pk,
        "milestone": milestone.pk,
        "panel_path": "http://testserver/cities/detroit/?measure=x#where",
        "submission": SUBMISSION,
    }
    for _ in range(2):
        answer = as_(people[Role.CITY_STAFF]).post(url, sent)
    (made,) = ExpertRequest.objects.all()
    assert answer["Location"] == f"/requests/{made.pk}/"
    assert (made.owner, made.milestone, made.panel_path) == (
        people[Role.EXPERT],
        milestone,
        "/cities/detroit/?measure=x#where",
    )
    assert Notification.objects.filter(kind="assignment").values_list("user_id").get() == (people[Role.EXPERT].pk,)


def test_refusals_stand_at_their_fields_and_keep_what_was_typed():
    here, there, people, others = house()
    url = f"/requests/new/?engagement={here.slug}"
    good = {"question": "Kept?", "due_on": tomorrow().isoformat(), "submission": SUBMISSION}
    for wrong, words in (
        ({"due_on": "2001-01-01"}, "The day is over already."),
        ({"due_on": "soon"}, "Give a day such as"),
        ({"owner": people[Role.ADVISER].pk}, "Select a valid choice"),
        ({"owner": others[Role.EXPERT].pk}, "Select a valid choice"),
        ({"milestone": MilestoneFactory(engagement=there).pk}, "Select a valid choice"),
        ({"panel_path": "https://evil.example/"}, "Link to a page of this portal"),
        ({"panel_path": "//evil.example/"}, "Link to a page of this portal"),
        ({"question": "a\x07b"}, "control characters"),
    ):
        refused = as_(people[Role.ADVISER]).post(url, good | wrong)
        assert refused.status_code == 422 and words in refused.content.decode(), wrong
        assert "question" in wrong or "Kept?" in refused.content.decode()
    assert not ExpertRequest.objects.exists()


def test_each_role_asks_and_sees_what_the_table_says():
    here, _, people, others = house()
    asked = ask(here, people)
    assert allowed(people, f"/requests/new/?engagement={here.slug}") == TEAM
    assert allowed(others, f"/requests/new/?engagement={here.slug}") == {Role.LEAD}
    url = f"/requests/{asked.pk}/"
    assert allowed(people, url) == TEAM
    assert allowed(others, url) == {Role.LEAD}
    assert same_page(as_(others[Role.EXPERT]).get(url), as_(others[Role.EXPERT]).get("/requests/999999/"))
    assert allowed(people, f"{url}assign/") == EXPERTS
    shown = {role for role, person in people.items() if "alike?" in as_(person).get("/requests/").content.decode()}
    assert shown == TEAM
    may_write = {role for role in TEAM if "Your answer" in as_(people[role]).get(url).content.decode()}
    assert may_write == EXPERTS
    sent = {"answer": "These", "version": asked.version, "submission": SUBMISSION}
    assert as_(people[Role.ADVISER]).post(url, sent).status_code == 403


def test_answered_read_opened_again_and_closed():
    here, _, people, _ = house()
    asked = ask(here, people, owner=people[Role.EXPERT].pk)
    url, expert, staff = f"/requests/{asked.pk}/", as_(people[Role.EXPERT]), as_(people[Role.CITY_STAFF])
    empty = expert.post(url, {"answer": " ", "version": asked.version, "submission": SUBMISSION})
    assert empty.status_code == 422
    sent = {"answer": "These two.", "version": asked.version, "submission": SUBMISSION}
    for _ in range(2):
        assert expert.post(url, sent)["Location"] == url
    assert "These two." in staff.get(url).content.decode()
    assert Notification.objects.filter(user=people[Role.CITY_STAFF], line__startswith="Answered").count() == 1
    asked.refresh_from_db()
    again = {"why": "And the third?", "version": asked.version, "submission": SUBMISSION}
    assert staff.post(f"{url}reopen/", again).status_code == 302
    asked.refresh_from_db()
    assert asked.status == "open"
    assert staff.post(f"{url}close/", again | {"version": asked.version, "why": ""}).status_code == 302
    asked.refresh_from_db()
    assert asked.status == "closed"
    assert as_(people[Role.ADVISER]).post(f"{url}reopen/", again | {"version": asked.version}).status_code == 302


def test_whoever_it_was_given_to_answers_it_whatever_else_they_see():
    here, _, people, others = house()
    asked = ask(here, people)
    give = {"owner": people[Role.EXPERT].pk, "version": asked.version, "submission": SUBMISSION}
    assert as_(people[Role.LEAD]).post(f"/requests/{asked.pk}/assign/", give).status_code == 302
    forged = give | {"owner": others[Role.EXPERT].pk}
    assert as_(people[Role.LEAD]).post(f"/requests/{asked.pk}/assign/", forged).status_code == 422


def test_lists_by_tab_in_pages_for_the_same_queries():
    here, _, people, _ = house()
    client, counts = as_(people[Role.EXPERT]), []
    for wanted in (2, 60):
        for _ in range(wanted - ExpertRequest.objects.count()):
            ask(here, people, owner=people[Role.EXPERT].pk)
        with CaptureQueriesContext(connection) as found:
            page = client.get("/requests/?show=mine")
        counts.append(len(found))
        assert len(page.context["requests"]) == min(wanted, 50)
    assert counts[0] == counts[1]
    ExpertRequest.objects.filter(pk=ExpertRequest.objects.first().pk).update(due_on=tomorrow() - timedelta(days=9))
    for show, number in (("overdue", 1), ("asked", 0), ("open", 50), ("nonsense", 50)):
        assert len(client.get(f"/requests/?show={show}").context["requests"]) == number, show


def test_a_problem_with_a_number_comes_from_anybody_signed_in_and_goes_to_experts(client):
    here, _, people, _ = house()
    url = "/requests/problem/?about=/cities/detroit/%3Fmeasure%3Dx%23where"
    stranger = client.get(url)
    assert stranger.status_code == 302
    address = urlsplit(stranger["Location"])
    assert address.path == "/accounts/login/" and parse_qs(address.query)["next"] == [url]
    reader = UserFactory()
    page = as_(reader).get(url)
    assert "The page of Detroit, panel “where”" in page.content.decode()
    for _ in range(2):
        sent = as_(reader).post(url, {"what": "It can't be 34.", "submission": SUBMISSION})
    (made,) = ExpertRequest.objects.all()
    assert (made.panel_path, made.kind, made.engagement) == ("/cities/detroit/?measure=x#where", "problem", None)
    assert as_(reader).get(sent["Location"]).status_code == 200
    assert allowed(people, sent["Location"]) == EXPERTS
    answer = {"answer": "Mended.", "version": made.version, "submission": SUBMISSION}
    assert as_(people[Role.EXPERT]).post(sent["Location"], answer).status_code == 302
    assert "Mended." in as_(reader).get(sent["Location"]).content.decode()


@pytest.mark.parametrize(
    "about",
    [
        "",
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example/",
        "javascript:alert(1)",
        "/a%0d%0ab",
        "/" + "a" * 501,
    ],
)
def test_a_problem_is_about_a_page_of_this_portal(about):
    assert as_(UserFactory()).get(f"/requests/problem/?about={about}").status_code == 404


def test_problems_without_engagement_are_nobody_elses(client):
    here, _, people, _ = house()
    made = report_problem(panel_path="/", what="Wrong", by=UserFactory(), now=timezone.now())
    assert allowed(people, f"/requests/{made.pk}/") == EXPERTS
    assert as_(UserFactory(is_staff=True, is_superuser=True)).get(f"/requests/{made.pk}/").status_code == 404


def test_a_problem_nobody_took_is_a_to_do_of_those_who_sort_them_out():
    here, _, people, _ = house()
    reader = UserFactory()
    made = report_problem(panel_path="/", what="Wrong", by=reader, now=timezone.now())
    waiting = {
        role for role, person in people.items() if [t.pk for t in tasks_of(person, today=tomorrow())] == [made.pk]
    }
    assert waiting == EXPERTS and tasks_of(reader, today=tomorrow()) == ()
    assign_request(
        request=made.pk,
        owner=people[Role.EXPERT].pk,
        expected_version=made.version,
        by=people[Role.LEAD],
        now=timezone.now(),
    )
    assert [t.verb for t in tasks_of(people[Role.EXPERT], today=tomorrow())] == ["answer"]
    assert tasks_of(people[Role.LEAD], today=tomorrow()) == ()


def test_requests_are_reached_from_the_tasks_and_a_milestone():
    here, _, people, _ = house()
    milestone = MilestoneFactory(engagement=here)
    expert = as_(people[Role.EXPERT])
    for page in ("/todo/", f"/engagements/{here.slug}/"):
        assert 'href="/requests/' in expert.get(page).content.decode(), page
    link = f"/requests/new/?engagement={here.slug}&milestone={milestone.pk}"
    page = f"/milestones/{milestone.pk}/"
    assert link.replace("&", "&amp;") in expert.get(page).content.decode()
    assert "Ask an expert" not in as_(people[Role.FUNDER]).get(page).content.decode()
    assert f'value="{milestone.pk}" selected' in expert.get(link).content.decode()


def test_paths_are_named_for_readers():
    assert read_panel_path("/cities/new-york/?a=b#where").words == "The page of New York, panel “where”"
    assert read_panel_path("/tracts/26163500100/#standing").words == "The page of tract 26163500100, panel “standing”"
    assert read_panel_path("/data/").words == "The page /data/"
