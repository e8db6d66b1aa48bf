"""Plans, results, pilots, questions to experts and risks in the record: their default, and the words that leave."""

from datetime import timedelta

import pytest

from engagements.discussion.actions.requests import answer_request, create_request
from engagements.discussion.actions.risks import add_risk
from engagements.models import Pilot, Plan, Result, User
from engagements.permissions import Role
from engagements.plans.actions.status import move_plan
from tests.engagements.discussion.discussion import allowed, as_
from tests.engagements.pilots.worked_pilot import analyze, make_worked
from tests.engagements.pilots.worked_pilot import publish as publish_verdict
from tests.engagements.public_records.test_public_records import exported, mark, table
from tests.factories import grid
from tests.factories.engagements import NOW
from tests.factories.pilots import lock, make_pilot
from tests.factories.plans import city_house, make_plan, publish
from tests.factories.results import make_desk

pytestmark = pytest.mark.django_db
DAY = NOW.date()
RESULT = "Employed after a year: that 5 more in 100 had a job"


@pytest.fixture
def work(tmp_path):
    """Of each kind one that was published and one that was not; a question with its answer, and two risks."""
    desk = make_desk(city_house(tmp_path)[0])
    here, say = desk.city, {"engagement": desk.city.pk, "by": desk.lead, "now": NOW}
    plan = make_plan(here, desk.adviser, title="Moves", need="Few get far.", tracts=grid.geoids(1), interventions=1)
    things = {
        "plan": publish(plan, desk.people),
        "plan draft": make_plan(here, desk.adviser, title="Moves again", need="Doubtful need."),
        "result": desk.published(finding="that 5 more in 100 had a job"),
        "result draft": desk.draft(finding="that nothing came of it"),
        "pilot draft": make_pilot(here, desk.people, title="Coaching at home", draft={"question": "Does it?"}).pilot,
        "request": create_request(question="Is 5 a lot?", due_on=DAY + timedelta(9), **say),
        "risk": add_risk(title="The grant ends", likelihood=2, severity=3, opened_on=DAY, visibility="all", **say),
        "risk of the team": add_risk(title="Ana may leave", likelihood=1, severity=1, opened_on=DAY, **say),
    }
    request = things["request"]
    answer_request(
        request=request.pk, answer="Yes: +1 313 555 0142 knows.", expected_version=1, by=desk.expert, now=NOW
    )
    return desk, things


def kinds(rows) -> list[str]:
    return sorted(row["kind"] for row in rows)


def export(desk, first=DAY - timedelta(days=3_000), last=DAY + timedelta(days=3_000)):
    """Of all days unless they are chosen."""
    return exported(desk.city, desk.lead, first, last)[1]


def text(archive, title: str) -> str:
    (row,) = [row for row in table(archive, "index.csv") if row["title"] == title]
    return archive.read(row["file"]).decode()


def test_what_was_published_is_shareable_and_the_rest_waits_for_somebody(work):
    desk, _things = work
    worked = make_worked(city=desk.city)
    analyze(worked)
    verdict = publish_verdict(worked)
    archive = export(desk)
    shared, withheld = table(archive, "index.csv"), table(archive, "withheld.csv")
    found = [row["title"] for row in shared if row["kind"] in ("Plan", "Result", "Pilot", "Risk")]
    assert sorted(found) == sorted(
        ["Moves", RESULT, f"{verdict.outcome}: {verdict.finding}", worked.pilot.title, "The grant ends"]
    )
    of_work = [row for row in withheld if row["kind"] != "Document"]
    assert kinds(of_work) == ["Pilot", "Plan", "Question to an expert", "Result", "Risk"]
    assert {row["reason"] for row in of_work} == {"Deliberative process"}
    everything = b"".join(archive.read(name) for name in archive.namelist())
    for secret in (
        b"Moves again",
        b"Doubtful need",
        b"nothing came of it",
        b"Coaching at home",
        b"Is 5 a lot",
        b"Ana may",
    ):
        assert secret not in everything, secret


def test_words_are_those_that_were_published(work):
    desk, things = work
    plan = things["plan"]
    plan.refresh_from_db()
    move_plan(plan=plan.pk, status="draft", expected_version=plan.version, by=desk.adviser, now=NOW, why="Prices")
    Plan.objects.filter(pk=plan.pk).update(title="A new title", need="A need nobody published.")
    row = desk.move(things["result"], "draft", desk.adviser, why="Typed wrongly")
    Result.objects.filter(pk=row.pk).update(finding="that nobody published this")
    archive = export(desk)
    everything = b"".join(archive.read(name) for name in archive.namelist())
    assert b"A new title" not in everything and b"nobody published this" not in everything
    said = text(archive, "Moves")
    assert "Few get far." in said and "nobody published" not in said and "Offer 0" in said
    found = text(archive, RESULT)
    assert things["result"].sentence in found and "Employed after a year" in found and "Retracted" not in found


def test_the_day_is_that_of_the_version_that_leaves(work):
    """A draft of one year that is published in the next is found among the entries of the next."""
    desk, things = work
    later = NOW + timedelta(days=90)
    row = desk.move(things["result"], "draft", desk.adviser, why="Typed wrongly")
    desk.answer(desk.ask(row))
    desk.move(row, "in_review", desk.adviser, now=later)
    desk.move(row, "published", desk.expert, now=later, why="Typed wrongly")
    found = {row["title"]: row["date"] for row in table(export(desk), "index.csv")}
    assert found[RESULT] == later.date().isoformat() and found["Moves"] == DAY.isoformat()
    assert RESULT in str(table(export(desk, later.date(), later.date()), "index.csv"))
    assert RESULT not in str(table(export(desk, DAY, DAY), "index.csv"))


def test_what_was_retracted_says_so(work):
    desk, things = work
    row = things["result"]
    desk.move(row, "retracted", desk.expert, now=NOW + timedelta(hours=1), why="The data were of another city.")
    said = text(export(desk), f"Retracted: {RESULT}")
    assert "Retracted: The data were of another city." in said


def test_a_closed_plan_says_what_happened_and_an_effect_of_0_is_said(work):
    desk, things = work
    plan = things["plan"]
    said = {"what_happened": "Half of them moved.", "by": desk.adviser, "now": NOW}
    move_plan(plan=plan.pk, status="closed", expected_version=plan.version, **said)
    desk.published(finding="that nothing changed", effect=0.0, low=-1.0, high=1.0)
    archive = export(desk)
    assert "What happened\nHalf of them moved." in text(archive, "Moves")
    said = text(archive, "Employed after a year: that nothing changed")
    assert "Effect\n0\n" in said and "Interval, lower end\n-1" in said


def test_a_record_that_comes_with_the_portal_says_that_no_city_confirmed_it(work):
    desk, things = work
    row = things["result draft"]
    Result.objects.filter(pk=row.pk).update(seed_key="newark-1", seed_sha256="0" * 64)
    mark(desk.city, desk.staff, ("result", row.pk), mark="shareable", reason="")
    archive = export(desk)
    assert "not confirmed by the city" in text(archive, "Employed after a year: that nothing came of it")
    assert "not confirmed by the city" not in text(archive, RESULT)


def test_what_somebody_marks_shareable_has_its_words_without_contacts(work):
    desk, things = work
    chosen = [
        ("expertrequest", things["request"].pk),
        ("plan", things["plan draft"].pk),
        ("result", things["result draft"].pk),
        ("pilot", things["pilot draft"].pk),
        ("risk", things["risk of the team"].pk),
    ]
    assert mark(desk.city, desk.staff, *chosen, mark="shareable", reason="") == 5
    archive = export(desk)
    answer = text(archive, "Is 5 a lot?")
    assert "Yes: [telephone number withheld] knows." in answer
    assert "Doubtful need." in text(archive, "Moves again")
    assert things["result draft"].sentence in text(archive, "Employed after a year: that nothing came of it")
    draft = text(archive, "Coaching at home")
    assert "A draft that was not locked." in draft and "Does it?" in draft
    assert "Likelihood: Low. Severity: Low." in text(archive, "Ana may leave")


def test_a_locked_pilot_goes_with_its_fingerprint_and_without_whom_to_call(work):
    desk, _things = work
    locked = make_pilot(desk.city, desk.people, title="Coaching by phone")
    version = lock(locked, at=NOW)
    mark(desk.city, desk.staff, ("pilot", locked.pilot.pk), mark="shareable", reason="")
    said = text(export(desk), "Coaching by phone")
    assert version.sha256 in said and "Version 1, locked on 2026-11-23" in said
    assert "Ana Ruiz" not in said and "ana@example.org" not in said
    Pilot.objects.filter(pk=locked.pilot.pk).update(
        state="stopped",
        stopped_at=NOW.replace(hour=1),
        stopped_by=desk.lead,
        stopped_kind="harm",
        stopped_reason="Lost aid.",
    )
    said = text(export(desk), "Coaching by phone")
    assert "Stopped on 2026-11-22\nIt harmed people, or might have. Lost aid." in said  # in the zone of who asks


def test_an_author_without_a_name_is_no_email_address(work):
    desk, things = work
    User.objects.filter(pk=things["result"].written_by_id).update(name="")
    archive = export(desk)
    everything = b"".join(archive.read(name) for name in archive.namelist())
    assert b"[email address withheld]" in everything and b"@example.org" not in everything


def test_a_draft_of_an_older_form_costs_its_words_and_not_the_export(work):
    desk, things = work
    Pilot.objects.filter(pk=things["pilot draft"].pk).update(draft={"a name of before": 1})
    mark(desk.city, desk.staff, ("pilot", things["pilot draft"].pk), mark="shareable", reason="")
    assert "can’t be read any more" in text(export(desk), "Coaching at home")


def test_every_kind_is_on_the_page_for_those_who_mark(work):
    desk, _things = work
    at = f"/engagements/{desk.city.slug}/public-records/"
    assert allowed(desk.people, at) == {Role.LEAD, Role.ADVISER, Role.CITY_STAFF}
    for kind, number in (("plan", 2), ("result", 2), ("pilot", 1), ("request", 1), ("risk", 2)):
        page = as_(desk.staff).get(f"{at}?kind={kind}")
        assert page.context["total"] == number, kind
