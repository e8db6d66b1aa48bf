"""Milestones through their forms: added, edited, reviewed, linked, archived, many at once; conflicts show both."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.db.models import F
from django.test import Client

from engagements.milestones.actions.bulk import BulkChange, RowsRefused, change_many
from engagements.milestones.actions.milestones import change_milestone
from engagements.models import DueDateChange, Engagement, EngagementRole, Milestone, MilestoneDependency, ProgressEntry
from engagements.permissions import Role
from tests.factories.engagements import NOW, TODAY, MilestoneFactory, everybody, pair

pytestmark = pytest.mark.django_db


@pytest.fixture
def work():
    here, there = pair()
    return here, there, everybody(here)


@pytest.fixture
def adviser(work) -> Client:
    return client_of(work[2][Role.ADVISER])


def client_of(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def typed(page, **changed) -> dict:
    """What a browser would send of the page's form."""
    form = page.context["form"]
    values = {name: form[name].value() for name in form.fields}
    return {name: value for name, value in (values | changed).items() if value not in (None, False)}


def test_added_once_with_two_clicks_and_as_the_engagement_asks(work, adviser):
    here, _, people = work
    at = f"/engagements/{here.slug}/milestones/add/"
    sent = typed(
        adviser.get(at),
        title="Sign the agreement",
        stage="design",
        due_on="2026-12-20",
        owner=people[Role.CITY_STAFF].pk,
    )
    first, second = adviser.post(at, sent), adviser.post(at, sent)
    made = Milestone.objects.get()
    assert first.url == second.url == f"/milestones/{made.pk}/"
    assert (made.title, made.due_on, made.owner) == ("Sign the agreement", date(2026, 12, 20), people[Role.CITY_STAFF])


@pytest.mark.parametrize(
    ("changed", "field", "words"),
    [
        ({"title": ""}, "title", "Say what is promised."),
        ({"due_on": "soon"}, "due_on", "Write the date as"),
        ({"due_on": "2025-12-31"}, "due_on", "The engagement starts on Jan 1, 2026"),
        ({"stage": "x"}, "stage", "not one of the available choices"),
        ({"owner": "999999999"}, "owner", "not one of the available choices"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_the_rest_is_kept(work, adviser, changed, field, words):
    here, _, _ = work
    at = f"/engagements/{here.slug}/milestones/add/"
    sent = typed(adviser.get(at), title="Kept", stage="design", due_on="2026-12-20", funder_note="Also kept") | changed
    answer = adviser.post(at, sent)
    assert answer.status_code == 422 and words in str(answer.context["form"].errors[field])
    assert "Also kept" in answer.content.decode() and Milestone.objects.count() == 0


def test_a_date_moves_only_with_a_reason_and_the_page_shows_it(work, adviser):
    here, _, _ = work
    milestone = MilestoneFactory(engagement=here)
    at = f"/milestones/{milestone.pk}/edit/"
    sent = typed(adviser.get(at), due_on="2027-01-15")
    assert "Say why the date moves." in adviser.post(at, sent).content.decode()
    assert "Say in words" in adviser.post(at, sent | {"slip_reason": "other"}).content.decode()
    assert adviser.post(at, sent | {"slip_reason": "procurement"}).status_code == 302
    assert DueDateChange.objects.get().reason == "procurement"
    page = adviser.get(f"/milestones/{milestone.pk}/").content.decode()
    assert "Dec 15, 2026" in page and "Jan 15, 2027" in page and "Procurement" in page


def test_different_fields_merge_the_same_field_shows_both_versions(work, adviser):
    here, _, people = work
    milestone = MilestoneFactory(engagement=here, title="Scope")
    at = f"/milestones/{milestone.pk}/edit/"
    sent = typed(adviser.get(at), title="Scope, by me")
    lead = people[Role.LEAD]
    change_milestone(milestone=milestone.pk, changes={"funder_note": "By her"}, expected_version=1, by=lead, now=NOW)
    assert adviser.post(at, sent).status_code == 302
    milestone.refresh_from_db()
    assert (milestone.title, milestone.funder_note) == ("Scope, by me", "By her")
    sent = typed(adviser.get(at), title="Mine again", acceptance_evidence="Typed at length")
    change_milestone(
        milestone=milestone.pk, changes={"title": "Hers"}, expected_version=milestone.version, by=lead, now=NOW
    )
    answer = adviser.post(at, sent)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert all(words in page for words in ("Scope, by me", "Hers", "Mine again", "Typed at length"))
    again = dict(answer.context["typed"]) | {"version": answer.context["version"]}
    assert adviser.post(at, again).status_code == 302
    milestone.refresh_from_db()
    assert (milestone.title, milestone.acceptance_evidence) == ("Mine again", "Typed at length")


def test_a_lead_approves_or_returns_and_nobody_else(work, adviser):
    here, _, people = work
    milestone = MilestoneFactory(engagement=here, status="awaiting_review", needs_approval=True, started_on=TODAY)
    at = f"/milestones/{milestone.pk}/"
    assert "Review this milestone" not in adviser.get(at).content.decode()
    lead = client_of(people[Role.LEAD])
    page = lead.get(at)
    assert "Review this milestone" in page.content.decode()
    form = page.context["forms"]["review"]
    sent = {"version": form["version"].value(), "submission": str(uuid4())}
    assert "in one sentence" in lead.post(f"{at}review/", sent | {"status": "done"}).content.decode()
    assert lead.post(f"{at}review/", sent | {"status": "in_progress", "line": "No minutes"}).status_code == 302
    milestone.refresh_from_db()
    assert milestone.status == "in_progress" and milestone.approved_by is None
    Milestone.objects.filter(pk=milestone.pk).update(status="awaiting_review")
    sent = {"version": milestone.version + 1, "submission": str(uuid4()), "status": "done", "line": "Read them"}
    assert lead.post(f"{at}review/", sent).status_code == 302
    milestone.refresh_from_db()
    assert (milestone.status, milestone.approved_by) == ("done", people[Role.LEAD])


def test_dependencies_are_added_and_a_circle_is_refused_in_words(work, adviser):
    here, _, _ = work
    first, second = MilestoneFactory(engagement=here, title="First"), MilestoneFactory(engagement=here, title="Second")
    assert adviser.post(f"/milestones/{second.pk}/dependency/", {"needs": first.pk, "act": "add"}).status_code == 302
    refused = adviser.post(f"/milestones/{first.pk}/dependency/", {"needs": second.pk, "act": "add"})
    assert refused.status_code == 422 and "itself depends on" in refused.content.decode()
    assert adviser.post(f"/milestones/{second.pk}/dependency/", {"needs": first.pk, "act": "remove"}).status_code == 302
    assert MilestoneDependency.objects.count() == 0


def test_archived_with_a_reason_out_of_the_lists_and_back(work, adviser):
    here, _, people = work
    milestone = MilestoneFactory(engagement=here, title="Not needed")
    at = f"/milestones/{milestone.pk}/"
    assert "Say why it is archived." in adviser.post(f"{at}archive/", {"version": 1}).content.decode()
    assert adviser.post(f"{at}archive/", {"version": 1, "why": "Doubled"}).status_code == 302
    listed = f"/engagements/{here.slug}/milestones/"
    adviser.get(at)  # the message of the page before
    assert "Not needed" not in adviser.get(listed).content.decode()
    assert "Not needed" in adviser.get(f"{listed}?archived=on").content.decode()
    assert client_of(people[Role.FUNDER]).get(at).status_code == 404
    assert adviser.post(f"{at}restore/").status_code == 302
    assert "Not needed" in adviser.get(listed).content.decode()


def test_a_template_is_applied_once(work, adviser):
    here, _, _ = work
    at = f"/engagements/{here.slug}/milestones/template/"
    sent = typed(adviser.get(at), template="scoping", starts_on="2026-11-30")
    assert {adviser.post(at, sent).status_code for _ in range(2)} == {302}
    assert Milestone.objects.count() == 4 and MilestoneDependency.objects.count() == 3
    early = adviser.post(at, typed(adviser.get(at), starts_on="2025-01-01"))
    assert early.status_code == 422 and Milestone.objects.count() == 4


def test_many_change_together(work, adviser):
    here, _, people = work
    rows = [MilestoneFactory(engagement=here, due_on=TODAY + timedelta(n)) for n in range(3)]
    picks = [f"{row.pk}:{row.version}" for row in rows]
    page = adviser.get("/milestones/change/", {"pick": picks})
    assert all(row.title in page.content.decode() for row in rows)
    sent = typed(
        page,
        pick=picks,
        owner=people[Role.EXPERT].pk,
        shift_days=14,
        slip_reason="capacity",
        status="at_risk",
        line="Two weeks of leave",
    )
    assert adviser.post("/milestones/change/", sent).status_code == 302
    for n, row in enumerate(rows):
        row.refresh_from_db()
        assert (row.due_on, row.owner, row.status) == (TODAY + timedelta(n + 14), people[Role.EXPERT], "at_risk")
    assert adviser.post("/milestones/change/", sent).status_code == 302  # the second click
    assert ProgressEntry.objects.count() == DueDateChange.objects.count() == 3


def test_many_are_refused_as_a_whole_with_a_reason_a_row(work, adviser):
    here, _, people = work
    good = MilestoneFactory(engagement=here, title="Good")
    done = MilestoneFactory(engagement=here, title="Finished", status="done", started_on=TODAY, done_on=TODAY)
    changed = MilestoneFactory(engagement=here, title="Changed")
    picks = [f"{row.pk}:{row.version}" for row in (good, done, changed)]
    change_milestone(
        milestone=changed.pk, changes={"owner": people[Role.LEAD].pk}, expected_version=1, by=people[Role.LEAD], now=NOW
    )
    page = adviser.get("/milestones/change/", {"pick": picks})
    sent = typed(page, pick=picks, status="blocked", line="The law changed", owner=people[Role.EXPERT].pk)
    answer = adviser.post("/milestones/change/", sent)
    words = answer.content.decode()
    assert answer.status_code == 422 and "Nothing was changed." in words and "The law changed" in words
    assert set(answer.context["refused"]) == {done.pk, changed.pk}
    assert "go from “Done” to “Blocked”" in words and "Someone changed owner meanwhile." in words
    good.refresh_from_db()
    assert good.version == 1 and ProgressEntry.objects.count() == 0


@pytest.mark.parametrize("role", [Role.EXPERT, Role.CITY_STAFF, Role.LOCAL_PARTNER, Role.FUNDER])
def test_who_may_not_edit_changes_none_of_many(work, role):
    here, _, people = work
    row = MilestoneFactory(engagement=here)
    with pytest.raises(RowsRefused):
        change_many(
            milestones={row.pk: 1},
            bulk_change=BulkChange(owner=None, shift_days=1, slip_reason="data"),
            by=people[role],
            now=NOW,
        )
    page = client_of(people[role]).get("/milestones/change/", {"pick": f"{row.pk}:1"}).content.decode()
    assert row.title not in page
    assert "Edit selected" not in client_of(people[role]).get("/milestones/").content.decode()


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({}, "Say what to change"),
        ({"status": "blocked"}, "in one sentence"),
        ({"shift_days": 3}, "Say why the dates move"),
        ({"shift_days": "x"}, "whole number of days"),
        ({"shift_days": -400, "slip_reason": "data"}, "this is before it"),
    ],
)
def test_a_change_of_many_says_what_is_missing(work, adviser, changed, words):
    here, _, _ = work
    row = MilestoneFactory(engagement=here)
    sent = typed(adviser.get("/milestones/change/", {"pick": f"{row.pk}:1"}), pick=f"{row.pk}:1") | changed
    answer = adviser.post("/milestones/change/", sent)
    assert answer.status_code == 422 and words in answer.content.decode()
    assert Milestone.objects.get().version == 1


def test_an_owner_who_left_is_marked_and_stays_until_somebody_takes_over(work, adviser):
    here, _, people = work
    milestone = MilestoneFactory(engagement=here, owner=people[Role.EXPERT])
    assert "no longer in the team" not in adviser.get(f"/milestones/{milestone.pk}/").content.decode()
    EngagementRole.objects.filter(user=people[Role.EXPERT]).update(ended_on=F("began_on"))
    assert "no longer in the team" in adviser.get(f"/milestones/{milestone.pk}/").content.decode()
    page = adviser.get(f"/milestones/{milestone.pk}/edit/")
    assert f"{people[Role.EXPERT]} (no longer in the team)" in page.content.decode()
    assert adviser.post(f"/milestones/{milestone.pk}/edit/", typed(page, title="Told again")).status_code == 302
    milestone.refresh_from_db()
    assert (milestone.title, milestone.owner) == ("Told again", people[Role.EXPERT])
    other = MilestoneFactory(engagement=here)
    refused = typed(adviser.get(f"/milestones/{other.pk}/edit/"), owner=people[Role.EXPERT].pk)
    assert adviser.post(f"/milestones/{other.pk}/edit/", refused).status_code == 422


def test_what_is_open_comes_first_and_what_is_finished_is_folded_by_year(work, adviser):
    here, _, _ = work
    Engagement.objects.filter(pk=here.pk).update(starts_on=date(2019, 1, 1))
    old = MilestoneFactory(engagement=here, due_on=date(2019, 6, 18), done_on=date(2019, 6, 18), status="done")
    newer = MilestoneFactory(engagement=here, due_on=date(2020, 1, 10), done_on=date(2019, 12, 30), status="done")
    late = MilestoneFactory(engagement=here, due_on=TODAY - timedelta(days=400))
    soon = MilestoneFactory(engagement=here, due_on=TODAY + timedelta(days=3))
    page = adviser.get(f"/engagements/{here.slug}/milestones/")
    at = [page.content.decode().index(f"/milestones/{row.pk}/") for row in (late, soon, newer, old)]
    assert at == sorted(at)
    assert [row.pk for row in page.context["rows_left"]] == [late.pk, soon.pk]
    assert [(one.year, [row.pk for row in one.rows]) for one in page.context["finished"]] == [
        (2019, [newer.pk, old.pk])
    ]
    assert page.content.decode().count('<details class="fold"') == 1
    by_date = adviser.get(f"/engagements/{here.slug}/milestones/?order=due")
    assert not by_date.context["finished"] and [row.pk for row in by_date.context["rows_left"]][0] == old.pk


def test_where_nothing_is_open_the_newest_year_is_unfolded(work, adviser):
    here, _, _ = work
    Engagement.objects.filter(pk=here.pk).update(starts_on=date(2019, 1, 1))
    for year in (2019, 2021):
        MilestoneFactory(engagement=here, due_on=date(year, 6, 1), done_on=date(year, 6, 1), status="done")
    page = adviser.get(f"/engagements/{here.slug}/milestones/")
    assert [one.year for one in page.context["finished"]] == [2021, 2019]
    assert page.content.decode().count('<details class="fold" open>') == 1
