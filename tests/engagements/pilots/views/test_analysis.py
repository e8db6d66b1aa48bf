"""The page of the analysis: who asks, watches, cancels and writes; who may approve is said."""

import re
from datetime import timedelta

import pytest

from engagements.models import PilotAnalysis, PilotResult, User
from engagements.permissions import Role
from engagements.pilots.actions.analysis import ask_analysis
from engagements.pilots.queries import public_findings
from engagements.pilots.rules.estimates import Refused
from engagements.verdicts import Verdict
from tests.engagements.pilots.made_finding import make_finding
from tests.engagements.pilots.views.test_verdict import TEAM, get
from tests.engagements.pilots.worked_pilot import NOW, analyze, make_worked, publish
from tests.factories.engagements import member
from tests.factories.pilots import analyze as write_run

pytestmark = pytest.mark.django_db
SUBMISSION = "7f8f1f0e-0f7a-4a57-9d3e-1d2b7c8f0a11"


@pytest.fixture
def worked():
    return make_worked()


def at(worked, tail=""):
    return f"/pilots/{worked.pilot.pk}/{tail}"


def post(client, who, address, **data):
    client.logout()
    if who is not None:
        client.force_login(who)
    return client.post(address, {"submission": SUBMISSION, **data})


@pytest.mark.parametrize("role", list(Role))
def test_who_reads_and_who_does(worked, client, role):
    who, may = worked.person(role), role in TEAM
    assert get(client, who, at(worked, "analysis/")).status_code == (200 if may else 404)
    assert post(client, who, at(worked, "analysis/ask/")).status_code == (302 if may else 404)
    row = PilotAnalysis.objects.first() or ask_analysis(pilot=worked.pilot.pk, by=worked.desk.staff, now=NOW)
    assert post(client, who, at(worked, f"analysis/{row.pk}/cancel/")).status_code == (302 if may else 404)
    row.refresh_from_db()
    assert (row.state == "canceled") == may


def test_strangers_sign_in_first(worked, client):
    for tail in ("analysis/", "result/write/"):
        answer = get(client, None, at(worked, tail))
        assert answer.status_code in (302, 405)


def test_it_waits_and_looks_again_by_itself(worked, client):
    post(client, worked.desk.staff, at(worked, "analysis/ask/"))
    page = get(client, worked.desk.staff, at(worked, "analysis/"))
    assert page["Refresh"] == "3" and "It waits for its turn." in page.content.decode()
    twice = post(client, worked.desk.lead, at(worked, "analysis/ask/"))
    assert twice.status_code == 422 and "already on its way" in twice.content.decode()


def test_a_second_click_asks_once(worked, client):
    for _ in range(2):
        assert post(client, worked.desk.staff, at(worked, "analysis/ask/")).status_code == 302
    assert PilotAnalysis.objects.count() == 1


def test_what_it_found_and_who_may_approve(worked, client):
    analyze(worked, worked.desk.lead)
    text = get(client, worked.desk.staff, at(worked, "analysis/")).content.decode()
    assert "Only the team can read this." in text and "It worked: of 100 residents" in text
    may, may_not = text.split("May approve")[1].split("May not: registered or analyzed it")
    assert str(worked.desk.expert) in may and str(worked.desk.lead) in may_not
    assert "exploratory" in text or "By other methods" not in text


def test_people_are_told_by_name_and_never_by_email(worked, client):
    """The team of another city reads this page too: whoever has no name is a reviewer, and someone who asked."""
    analyze(worked, worked.desk.lead)
    people = worked.desk.people.values()
    for name in ("Ann Ames", ""):
        User.objects.filter(pk__in=[one.pk for one in people]).update(name=name)
        text = get(client, worked.desk.staff, at(worked, "analysis/")).content.decode()
        may, rest = text.split("May approve")[1].split("May not: registered or analyzed it")
        for said in (may, rest):
            assert ("Ann Ames" if name else "a reviewer") in said
        assert ("Ann Ames" if name else "Someone") in rest.split("Asked by")[-1]
        assert not [one.email for one in people if one.email in text.split("<main")[1]]


def test_several_reviewers_without_a_name_are_counted(worked, client):
    for _ in range(2):
        member(Role.EXPERT, worked.desk.city, name="")
    analyze(worked)
    assert "2 reviewers" in get(client, worked.desk.staff, at(worked, "analysis/")).content.decode()


def test_runs_name_their_method_and_keep_its_key(worked, client):
    analyze(worked)
    write_run(worked.desk, worked.data, role="exploratory", method="a method of before")
    text = get(client, worked.desk.staff, at(worked, "analysis/")).content.decode()
    assert 'Method"><span>Difference between the groups<br><span class="note"><code>difference</code></span>' in text
    assert 'Method"><span><code>a method of before</code>' in text


def test_a_refusal_is_said_once_with_one_full_stop(worked, client, monkeypatch):
    analyze(worked)
    refused = Refused("clusters", "Only 2 schools got it.", "At least 3 of each kind.")
    found = make_finding(primary=refused, verdict=Verdict.REFUSED, reasons=("Only 2 schools got it.",))
    monkeypatch.setattr(public_findings, "finding_of", lambda _kept: found)
    text = get(client, worked.desk.staff, at(worked, "analysis/")).content.decode()
    assert text.count("Only 2 schools got it.") == 1 and "got it.." not in text and "At least 3 of each kind." in text


def test_the_result_is_written_from_the_page_and_reviewed_as_others_are(worked, client):
    shown = analyze(worked).pk
    answer = post(client, worked.desk.adviser, at(worked, "result/write/"), analysis=shown)
    link = PilotResult.objects.get()
    assert answer.status_code == 302 and answer["Location"] == f"/results/{link.result_id}/"
    page = get(client, worked.desk.adviser, answer["Location"]).content.decode()
    assert link.result.sentence in page.replace("&#x27;", "'")
    publish(worked, link.result)
    again = post(client, worked.desk.adviser, at(worked, "result/write/"), analysis=shown)
    page = again.content.decode()
    assert again.status_code == 422 and "Nothing was saved." in page and "says this already" in page


def test_a_result_is_only_written_of_the_analysis_that_was_shown(worked, client):
    address, form = at(worked, "analysis/"), re.compile(r'name="analysis" value="(\d+)"')
    first = analyze(worked).pk
    page = get(client, worked.desk.adviser, address).content.decode()
    assert form.search(page)[1] == str(first)
    second = analyze(worked, now=NOW + timedelta(minutes=1)).pk
    for sent, said in (
        ({"analysis": first}, "is done since"),
        ({"analysis": 0}, "is done since"),
        ({}, "Open the page"),
    ):
        answer = post(client, worked.desk.adviser, at(worked, "result/write/"), **sent)
        assert answer.status_code == 422 and not PilotResult.objects.exists()
        page = answer.content.decode()
        assert said in page and form.search(page)[1] == str(second)
    assert post(client, worked.desk.adviser, at(worked, "result/write/"), analysis=second).status_code == 302
    assert PilotResult.objects.get().analysis_id == second


def test_an_analysis_of_another_pilot_is_not_canceled_from_here(worked, client):
    other = make_worked()
    row = ask_analysis(pilot=other.pilot.pk, by=other.desk.staff, now=NOW)
    assert post(client, worked.desk.staff, at(worked, f"analysis/{row.pk}/cancel/")).status_code == 404


def test_without_data_nothing_can_be_run(client):
    made = make_worked()
    made.pilot.datasets.update(content=None, deleted_at=NOW, deleted_why="Its day came.")
    text = get(client, made.desk.staff, at(made, "analysis/")).content.decode()
    assert "Run the registered analysis" in text
    answer = post(client, made.desk.staff, at(made, "analysis/ask/"))
    assert answer.status_code == 422 and "no data to analyze" in answer.content.decode()
