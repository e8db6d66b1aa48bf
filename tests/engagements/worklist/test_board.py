"""The board and its cards: what each sees and may change there, moved, edited in place, undone, by two at once."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from engagements.milestones.actions.milestones import change_milestone
from engagements.milestones.actions.progress import log_progress
from engagements.models import DueDateChange, Milestone, ProgressEntry
from engagements.permissions import EDIT_MILESTONE, LOG_PROGRESS, PERMISSIONS, Role
from tests.factories.engagements import MilestoneFactory, everybody, pair

pytestmark = pytest.mark.django_db
NOW = timezone.now()
TODAY = timezone.localdate(NOW)
SOON = TODAY + timedelta(days=5)


@pytest.fixture
def work():
    here, there = pair()
    return here, there, everybody(here)


def client_of(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def columns(page) -> dict[str, list[str]]:
    return {column.status: [card.title for card in column.cards] for column in page.context["columns"]}


def of_form(page, **changed) -> dict:
    """What a browser would send of a card's form."""
    form = page.context["card_form"]
    values = {name: form[name].value() for name in form.fields}
    return {name: value for name, value in (values | changed).items() if value not in (None, False)}


def test_the_board_is_what_is_open_and_mine(work):
    here, there, people = work
    adviser = people[Role.ADVISER]
    MilestoneFactory(engagement=here, owner=adviser, title="Mine", due_on=SOON)
    MilestoneFactory(engagement=here, owner=adviser, title="At work", status="in_progress", due_on=TODAY)
    MilestoneFactory(engagement=here, title="Nobody’s", due_on=SOON)
    MilestoneFactory(engagement=here, owner=adviser, title="Over", status="done", done_on=TODAY)
    MilestoneFactory(engagement=there, title="Elsewhere", due_on=SOON)
    client = client_of(adviser)
    page = client.get("/todo/")
    assert columns(page) == {
        "planned": ["Mine"], "in_progress": ["At work"], "at_risk": [], "blocked": [], "awaiting_review": [],
    }  # fmt: skip
    assert page.context["counts"].this_week == 2 and page.context["counts"].done_this_month == 1
    assert columns(client.get("/todo/?who=team"))["planned"] == ["Mine", "Nobody’s"]
    assert set(columns(client.get("/todo/?who=all"))["planned"]) == {"Mine", "Nobody’s", "Elsewhere"}
    assert columns(client.get(f"/todo/?who=all&city={there.city.slug}"))["planned"] == ["Elsewhere"]
    assert columns(client.get("/todo/?who=team&due=overdue"))["planned"] == []
    done = client.get("/todo/?done=on")
    assert [card.title for card in done.context["done_cards"]] == ["Over"]


def test_a_lead_finds_what_waits_for_approval_and_the_sentence_says_so(work):
    here, _, people = work
    MilestoneFactory(engagement=here, title="Sign", status="awaiting_review", needs_approval=True, due_on=SOON)
    MilestoneFactory(engagement=here, owner=people[Role.LEAD], title="Late", due_on=TODAY - timedelta(days=2))
    page = client_of(people[Role.LEAD]).get("/todo/")
    assert columns(page)["awaiting_review"] == ["Sign"] and page.context["counts"].to_review == 1
    assert page.context["headline"] == "One thing waits for your review; one task is overdue"
    assert "Approve<span" in page.content.decode()


def test_who_only_reads_sees_all_and_no_form(work):
    here, _, people = work
    row = MilestoneFactory(engagement=here, title="Read only", owner=people[Role.ADVISER], due_on=SOON)
    log_progress(milestone=row.pk, status="blocked", line="The lawyer is ill", by=people[Role.ADVISER], now=NOW)
    for role in (Role.FUNDER, Role.LOCAL_PARTNER):
        page = client_of(people[role]).get(f"/todo/?edit={row.pk}")
        assert columns(page)["blocked"] == ["Read only"]
        assert page.context["card_form"] is None
        assert "card-edit" not in page.content.decode() and "lawyer" not in page.content.decode()


@pytest.mark.parametrize("view", ["board", "list", "timeline"])
def test_a_page_of_work_takes_at_most_37_statements_whoever_reads_it(work, view):
    here, _, people = work
    for number in range(3):
        MilestoneFactory(engagement=here, title=f"Step {number}", owner=people[Role.ADVISER], due_on=SOON)
    for user in people.values():
        client = client_of(user)
        client.get("/todo/")  # what every page remembers is not counted
        with CaptureQueriesContext(connection) as asked:
            assert client.get(f"/todo/?who=all&view={view}").status_code == 200
        assert len(asked) <= 37, user


@pytest.mark.parametrize("role", list(Role))
def test_each_role_moves_and_edits_what_the_table_says(work, role):
    here, there, people = work
    client = client_of(people[role])
    for engagement in (here, there):
        row = MilestoneFactory(engagement=engagement, due_on=SOON)
        own = engagement is here or role == Role.LEAD
        may_log = own and LOG_PROGRESS in PERMISSIONS[role]
        moved = client.post("/work/move/", {"pick": f"{row.pk}:1", "status": "at_risk"})
        assert moved.status_code == (200 if may_log else 422), (role, engagement)
        row.refresh_from_db()
        assert row.status == ("at_risk" if may_log else "planned")
        page = client.get(f"/todo/?who=all&edit={row.pk}")
        form = page.context.get("card_form")
        assert (form is not None) == may_log
        assert form is None or ("owner" in form.fields) == (EDIT_MILESTONE in PERMISSIONS[role])
        sent = {
            "pick": f"{row.pk}:{row.version}", "seen_status": row.status, "status": row.status, "seen_owner": "",
            "owner": people[role].pk, "due_on": SOON.isoformat(), "seen_due_on": SOON.isoformat(),
        }  # fmt: skip
        client.post(f"/todo/?edit={row.pk}", sent)
        row.refresh_from_db()
        assert (row.owner is not None) == (own and EDIT_MILESTONE in PERMISSIONS[role]), role


def test_a_card_is_edited_in_place_and_the_date_asks_why(work):
    here, _, people = work
    row = MilestoneFactory(engagement=here, owner=people[Role.ADVISER], due_on=SOON)
    client, at = client_of(people[Role.ADVISER]), f"/todo/?view=board&edit={row.pk}"
    later = SOON + timedelta(days=9)
    sent = of_form(client.get(at), status="in_progress", owner=people[Role.EXPERT].pk, due_on=later.isoformat())
    answer = client.post(at, sent)
    assert answer.status_code == 422 and "slip_reason" in answer.context["card_form"].errors
    assert answer.context["card_form"]["due_on"].value() == later.isoformat()
    answer = client.post(at, sent | {"slip_reason": "data", "slip_words": "The list comes later"})
    assert answer.status_code == 302 and answer.url == "/todo/?view=board"
    row.refresh_from_db()
    assert (row.status, row.owner, row.due_on) == ("in_progress", people[Role.EXPERT], later)
    assert DueDateChange.objects.get().reason == "data"
    assert ProgressEntry.objects.get().line == "Status changed to In progress."


def test_saving_what_did_not_change_writes_nothing(work):
    here, _, people = work
    row = MilestoneFactory(engagement=here, owner=people[Role.ADVISER], due_on=SOON)
    client, at = client_of(people[Role.ADVISER]), f"/todo/?edit={row.pk}"
    assert client.post(at, of_form(client.get(at))).status_code == 302
    row.refresh_from_db()
    assert row.version == 1 and not ProgressEntry.objects.exists()


def test_a_card_of_two_cities_saves_both(work):
    here, there, people = work
    lead = people[Role.LEAD]
    rows = [MilestoneFactory(engagement=at, owner=lead, title="Same task", due_on=SOON) for at in (here, there)]
    client = client_of(lead)
    page = client.get("/todo/")
    (card,) = page.context["columns"][0].cards
    assert set(card.cities) == {here.city.name, there.city.name} and page.context["columns"][0].more == 0
    moved = client.post("/work/move/", {"pick": card.pick, "status": "blocked"})
    assert moved.status_code == 200
    assert {Milestone.objects.get(pk=row.pk).status for row in rows} == {"blocked"}


def test_two_people_at_one_card(work):
    here, _, people = work
    row = MilestoneFactory(engagement=here, owner=people[Role.ADVISER], due_on=SOON)
    client, at = client_of(people[Role.ADVISER]), f"/todo/?edit={row.pk}"
    sent = of_form(client.get(at), owner=people[Role.EXPERT].pk)
    log_progress(milestone=row.pk, status="at_risk", line="A flood", by=people[Role.LEAD], now=NOW)
    assert client.post(at, sent).status_code == 302  # another field: both are kept
    row.refresh_from_db()
    assert (row.status, row.owner) == ("at_risk", people[Role.EXPERT])
    at = f"/todo/?who=team&edit={row.pk}"
    sent = of_form(client.get(at), owner=people[Role.CITY_STAFF].pk)
    change_milestone(
        milestone=row.pk, changes={"owner": people[Role.LEAD].pk}, expected_version=row.version, by=people[Role.LEAD],
        now=NOW,
    )  # fmt: skip
    answer = client.post(at, sent)
    words = answer.content.decode()
    assert answer.status_code == 422 and str(people[Role.LEAD]) in words
    row.refresh_from_db()
    assert row.owner == people[Role.LEAD]
    again = of_form(answer)  # seen now: sent again it goes over it
    assert again["owner"] == str(people[Role.CITY_STAFF].pk)
    assert client.post(at, again).status_code == 302
    row.refresh_from_db()
    assert row.owner == people[Role.CITY_STAFF]


def test_a_move_is_refused_in_a_sentence(work):
    here, _, people = work
    row = MilestoneFactory(engagement=here, needs_approval=True, due_on=SOON)
    client = client_of(people[Role.ADVISER])
    for sent, words in (
        ({"pick": f"{row.pk}:1", "status": "done"}, "go from “Not started” to “Done”"),
        ({"pick": f"{row.pk}:1", "status": "nonsense"}, "nonsense"),
        ({"pick": "", "status": "at_risk"}, "Choose at least one"),
        ({"pick": f"{10**9}:1", "status": "at_risk"}, "not yours"),
        ({"pick": "x:y ☃", "status": "at_risk"}, "Choose at least one"),
    ):
        answer = client.post("/work/move/", sent)
        assert answer.status_code == 422 and words in answer.json()["problem"], sent
    log_progress(milestone=row.pk, status="blocked", line="Hers", by=people[Role.LEAD], now=NOW)
    stale = client.post("/work/move/", {"pick": f"{row.pk}:1", "status": "at_risk"})
    assert stale.status_code == 422 and "changed status" in stale.json()["problem"]
    row.refresh_from_db()
    assert row.status == "blocked"


def test_a_change_is_undone_once_with_its_days(work):
    here, _, people = work
    row = MilestoneFactory(engagement=here, owner=people[Role.ADVISER], due_on=SOON)
    client = client_of(people[Role.ADVISER])
    client.post("/work/move/", {"pick": f"{row.pk}:1", "status": "done"})
    row.refresh_from_db()
    assert row.status == "done" and row.done_on
    kept = client.get("/todo/").context["last_change"]
    sent = {"key": kept.key, "back": "/todo/?view=list"}
    answer = client.post("/work/undo/", sent)
    assert answer.url == "/todo/?view=list"
    row.refresh_from_db()
    assert (row.status, row.done_on, row.started_on) == ("planned", None, None)
    assert [entry.status for entry in ProgressEntry.objects.order_by("pk")] == ["done", "planned"]
    client.post("/work/undo/", sent)
    row.refresh_from_db()
    assert row.status == "planned" and client.get("/todo/").context["last_change"] is None


def test_many_are_undone_together_or_not_at_all(work):
    here, _, people = work
    lead = people[Role.LEAD]
    rows = [MilestoneFactory(engagement=here, owner=lead, due_on=SOON, title=f"Step {n}") for n in range(3)]
    client = client_of(lead)
    picks = [f"{row.pk}:1" for row in rows]
    page = client.get("/milestones/change/", {"pick": picks})
    form = page.context["form"]
    sent = {"pick": picks, "owner": people[Role.EXPERT].pk, "shift_days": 7, "slip_reason": "capacity",
            "status": "", "line": "", "slip_words": "", "submission": form["submission"].value()}  # fmt: skip
    assert client.post("/milestones/change/", sent).status_code == 302
    kept = client.get("/todo/").context["last_change"]
    assert len(kept.versions) == 3
    log_progress(milestone=rows[1].pk, status="at_risk", line="Hers", by=people[Role.ADVISER], now=NOW)
    refused = client.post("/work/undo/", {"key": kept.key, "back": "/todo/"}, follow=True)
    assert "Step 1" in refused.content.decode() and "Nothing was undone" in refused.content.decode()
    assert {Milestone.objects.get(pk=row.pk).due_on for row in rows} == {SOON + timedelta(days=7)}
    page = client.get("/milestones/change/", {"pick": [f"{row.pk}:2" for row in rows[:1]]})
    sent |= {"pick": [f"{rows[0].pk}:2"], "shift_days": -7, "submission": page.context["form"]["submission"].value()}
    client.post("/milestones/change/", sent)
    kept = client.get("/todo/").context["last_change"]
    client.post("/work/undo/", {"key": kept.key, "back": "/todo/"})
    assert Milestone.objects.get(pk=rows[0].pk).due_on == SOON + timedelta(days=7)
    assert DueDateChange.objects.filter(milestone=rows[0]).count() == 3


def test_undo_leads_only_to_the_pages_of_work_and_knows_its_change(work):
    here, _, people = work
    row = MilestoneFactory(engagement=here, due_on=SOON)
    client = client_of(people[Role.ADVISER])
    client.post("/work/move/", {"pick": f"{row.pk}:1", "status": "at_risk"})
    for back in ("https://example.org/", "//example.org/todo/", "/accounts/logout/", "x"):
        assert client.post("/work/undo/", {"key": "another", "back": back}).url == "/todo/"
    row.refresh_from_db()
    assert row.status == "at_risk"


def test_a_long_column_says_how_many_more(work):
    here, _, people = work
    Milestone.objects.bulk_create(
        Milestone(engagement=here, title=f"Step {n:03d}", stage="field", due_on=SOON + timedelta(days=n))
        for n in range(40)
    )
    page = client_of(people[Role.LEAD]).get("/todo/?who=team")
    (planned,) = (column for column in page.context["columns"] if column.status == "planned")
    assert (len(planned.cards), planned.total, planned.more) == (12, 40, 28)
    assert planned.cards[0].title == "Step 000"
    last = Milestone.objects.get(title="Step 039")
    page = client_of(people[Role.LEAD]).get(f"/todo/?who=team&edit={last.pk}")
    assert page.context["card_form"].card.title in [card.title for card in page.context["columns"][0].cards]


@pytest.mark.parametrize("address", ["/todo/", "/milestones/", "/engagements/{slug}/milestones/"])
@pytest.mark.parametrize("view", ["board", "list", "timeline", "nonsense"])
@pytest.mark.parametrize(
    "query", ["", "&due=week", "&status=blocked", "&who=x&city=x&due=x&theme=x", "&q=%00", "&edit=x-1"]
)
def test_every_view_of_every_place_answers(work, address, view, query):
    here, _, people = work
    MilestoneFactory(engagement=here, due_on=SOON)
    MilestoneFactory(engagement=here, due_on=date(2026, 2, 1), status="done", done_on=date(2026, 2, 1))
    page = client_of(people[Role.CITY_STAFF]).get(f"{address.format(slug=here.slug)}?view={view}{query}")
    assert page.status_code == 200
