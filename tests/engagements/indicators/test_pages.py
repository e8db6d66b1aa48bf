"""Pages and forms of indicators and risks: who sees what, what bad input is told, nothing typed is lost."""

import uuid
from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from engagements.discussion.actions.risks import add_risk, change_risk
from engagements.home.queries.tasks import tasks_of
from engagements.models import Indicator, IndicatorValue, Notification, Risk
from engagements.permissions import Role
from tests.engagements.discussion.discussion import as_, house
from tests.factories.engagements import NOW, TODAY
from tests.factories.indicators import FIELDS, Q2, Q3, ValueEntry, approved, enter, make_indicator, move, versions
from tests.factories.reviews import answers

pytestmark = pytest.mark.django_db
STAFF, LEAD, EXPERT, FUNDER, PARTNER = Role.CITY_STAFF, Role.LEAD, Role.EXPERT, Role.FUNDER, Role.LOCAL_PARTNER


@pytest.fixture
def world(settings, tmp_path):
    settings.DOCUMENTS_DIR = tmp_path
    here, _, people, _ = house()
    return here, people, make_indicator(here, people[STAFF])


def body(response) -> str:
    return response.content.decode()


def period(**more) -> dict:
    """What the form of a period sends; the third and fourth rows are for new groups."""
    base = {
        "submission": str(uuid.uuid4()),
        "period_start": "2026-07-01",
        "period_end": "2026-09-30",
        "visibility": "team",
        "note": "",
    }
    return base | more


def test_the_list_sets_apart_the_citys_people_and_the_programmes(world):
    here, people, row = world
    make_indicator(here, people[STAFF], name="City rate", kind="population")
    page = body(as_(people[STAFF]).get(f"/engagements/{here.slug}/indicators/"))
    first, second = page.split('id="population-title"')
    assert "Residents seen" in first and "City rate" not in first and "City rate" in second
    assert "none yet" in first and "No approved value yet" in first and "A list" in first


def test_below_the_team_only_approved_values_are_there(world):
    here, people, row = world
    approved(row, people, ValueEntry(31_313_131), period=Q2)
    enter(row, people[STAFF], ValueEntry(77_777_777), ValueEntry(44, "sex", "women"))
    hidden = make_indicator(here, people[STAFF], name="Only drafts")
    enter(hidden, people[STAFF], ValueEntry(5))
    for role in (FUNDER, PARTNER):
        client = as_(people[role])
        pages = [
            f"/engagements/{here.slug}/indicators/",
            f"/indicators/{row.pk}/",
            f"/engagements/{here.slug}/",
            f"/engagements/{here.slug}/timeline/",
            f"/engagements/{here.slug}/indicators/export.csv",
            f"/indicators/{row.pk}/actuals.csv",
            f"/engagements/{here.slug}/timeline.csv",
        ]
        for url in pages:
            answer = client.get(url)
            assert answer.status_code == 200, url
            said = body(answer).split("<main")[-1].replace(",", "")
            assert (
                "31313131" in said and "77777777" not in said and "women" not in said and "Only drafts" not in said
            ), url
            assert people[STAFF].name not in said or url == f"/engagements/{here.slug}/", url
        assert client.get(f"/indicators/{hidden.pk}/").status_code == 404


def test_a_value_opened_again_is_gone_for_others_until_it_is_approved_anew(world):
    here, people, row = world
    rows = approved(row, people)
    funder = as_(people[FUNDER])
    assert funder.get(f"/indicators/{row.pk}/").status_code == 200
    lead = as_(people[LEAD])
    url = f"/indicators/{row.pk}/reopen/?start=2026-07-01&end=2026-09-30"
    answer = lead.post(url, {"submission": str(uuid.uuid4()), "reason": "other", "words": ""})
    assert answer.status_code == 422 and "Say in words" in body(answer)
    assert lead.post(url, {"submission": str(uuid.uuid4()), "reason": "late_data", "words": "x"}).status_code == 302
    assert funder.get(f"/indicators/{row.pk}/").status_code == 404
    move(rows, "in_review", people[STAFF])
    move(rows, "approved", people[LEAD])
    assert "reopened once: data came late" in body(funder.get(f"/indicators/{row.pk}/")).lower()


def test_a_period_is_entered_in_one_table_with_its_file(world):
    here, people, row = world
    client = as_(people[STAFF])
    data = period(**{"value-0": "60", "category-1": "women", "value-1": "40", "category-2": "men", "value-2": "20"})
    data["file"] = SimpleUploadedFile("list.csv", b"who,when\n1,2\n")
    assert client.post(f"/indicators/{row.pk}/enter/", data).status_code == 302
    found = {(v.category, v.value) for v in IndicatorValue.objects.all()}
    assert found == {("", 60), ("women", 40), ("men", 20)}
    page = body(client.get(f"/indicators/{row.pk}/"))
    assert "Evidence: list.csv" in page and "Send to review (3 values)" in page
    again = body(client.get(f"/indicators/{row.pk}/enter/?start=2026-07-01&end=2026-09-30"))
    assert 'value="60' in again and "women" in again


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({}, "Enter a value."),
        ({"value-0": "sixty"}, "Write a number."),
        ({"value-0": "60.5"}, "This is a whole number."),
        ({"value-0": "60", "period_end": f"{date.today() + timedelta(days=40)}"}, "has not ended yet"),
        ({"value-0": "60", "period_start": "soon"}, "Give a day such as"),
        ({"value-0": "60", "category-1": "women", "value-1": "61"}, "more than the 60 people of everybody"),
        ({"value-0": "60", "category-1": "women"}, "Enter a value."),
        ({"value-0": "60", "category-1": "w", "value-1": "1", "category-2": "W", "value-2": "2"}, "has a row already"),
    ],
)
def test_bad_numbers_are_told_at_their_field_and_kept_in_the_form(world, data, words):
    _, people, row = world
    answer = as_(people[STAFF]).post(f"/indicators/{row.pk}/enter/", period(**data | {"note": "typed words"}))
    assert answer.status_code == 422 and words in body(answer) and "typed words" in body(answer)
    assert not IndicatorValue.objects.exists()


def test_a_file_that_lies_is_refused_and_nothing_is_entered(world):
    _, people, row = world
    data = period(**{"value-0": "60"}) | {"file": SimpleUploadedFile("list.pdf", b"<script>alert(1)</script>")}
    answer = as_(people[STAFF]).post(f"/indicators/{row.pk}/enter/", data)
    assert answer.status_code == 422 and not IndicatorValue.objects.exists()


def test_who_comes_second_sees_the_others_number(world):
    _, people, row = world
    (value,) = enter(row, people[STAFF])
    sent = period(**{"value-0": "70", "version-0": "1"})
    assert as_(people[Role.ADVISER]).post(f"/indicators/{row.pk}/enter/", sent).status_code == 302
    mine = period(**{"value-0": "80", "version-0": "1"})
    answer = as_(people[STAFF]).post(f"/indicators/{row.pk}/enter/", mine)
    assert answer.status_code == 409 and "value is now 70" in body(answer) and 'value="80"' in body(answer)
    again = mine | {"version-0": str(versions(value)[value.pk]), "submission": str(uuid.uuid4())}
    assert as_(people[STAFF]).post(f"/indicators/{row.pk}/enter/", again).status_code == 302


def test_reviewers_find_it_in_their_to_dos_and_decide_on_the_page(world):
    here, people, row = world
    rows = enter(row, people[STAFF], ValueEntry(60), ValueEntry(40, "sex", "women"))
    picks = [f"{pk}:{version}" for pk, version in versions(*rows).items()]
    move_url = f"/indicators/{row.pk}/move/"
    assert as_(people[STAFF]).post(move_url, {"pick": picks, "status": "in_review"}).status_code == 302
    title = "Residents seen, Jul to Sep 2026"
    for role in (EXPERT, LEAD):
        found = [task for task in tasks_of(people[role], today=TODAY) if task.noun == "indicator"]
        assert [(task.verb, task.title) for task in found] == [("review", title)]
    assert not [task for task in tasks_of(people[STAFF], today=TODAY) if task.noun == "indicator"]
    assert f'href="/indicators/{row.pk}/"' in body(as_(people[EXPERT]).get("/todo/"))
    review = f"/indicators/{row.pk}/review/?start={Q3[0]}&end={Q3[1]}"
    assert review.replace("&", "&amp;") in body(as_(people[EXPERT]).get(f"/indicators/{row.pk}/"))
    assert "Mark as reviewed" in body(as_(people[EXPERT]).get(review))
    checked = answers("value", outlier="A flood.")
    stale = as_(people[EXPERT]).post(review, {"pick": picks, "status": "reviewed"} | checked)
    assert stale.status_code == 422 and "A value changed since you read it" in body(stale)
    assert "A flood." in body(stale)
    picks = [f"{pk}:{version}" for pk, version in versions(*rows).items()]
    half = checked | {"point_unit": ""}
    assert as_(people[EXPERT]).post(review, {"pick": picks, "status": "reviewed"} | half).status_code == 422
    assert as_(people[EXPERT]).post(review, {"pick": picks, "status": "reviewed"} | checked).status_code == 302
    assert not [task for task in tasks_of(people[EXPERT], today=TODAY) if task.noun == "indicator"]
    (left,) = [task for task in tasks_of(people[LEAD], today=TODAY) if task.noun == "indicator"]
    assert left.verb == "approve"
    refused = as_(people[EXPERT]).post(
        move_url, {"pick": [f"{pk}:{v}" for pk, v in versions(*rows).items()], "status": "approved"}, follow=True
    )
    assert "for others to decide" in body(refused)
    picks = [f"{pk}:{version}" for pk, version in versions(*rows).items()]
    assert as_(people[LEAD]).post(move_url, {"pick": picks, "status": "approved"}).status_code == 302  # and refused
    assert set(IndicatorValue.objects.values_list("status", flat=True)) == {"in_review"}
    assert as_(people[LEAD]).post(review, {"pick": picks, "status": "approved"} | checked).status_code == 302
    assert set(IndicatorValue.objects.values_list("status", flat=True)) == {"approved"}
    told = Notification.objects.filter(kind="change", user=people[FUNDER]).get()
    assert told.line == "Approved: Residents seen, Jul to Sep 2026, 2 values"


def test_an_indicator_is_added_and_changed_on_forms(world):
    here, people, _ = world
    client, url = as_(people[STAFF]), f"/engagements/{here.slug}/indicators/new/"
    sent = {name: value for name, value in FIELDS.items() if name != "dimensions"} | {
        "submission": str(uuid.uuid4()),
        "name": "Jobs",
        "every_months": "3",
        "dimensions": "sex, age group",
        "target": "-5",
    }
    answer = client.post(url, sent)
    assert answer.status_code == 422 and 'value="Jobs"' in body(answer) and "can’t be less than 0" in body(answer)
    assert client.post(url, sent | {"target": "300"}).status_code == 302
    made = Indicator.objects.get(name="Jobs")
    assert made.dimensions == ["sex", "age group"]
    edit = sent | {"target": "400", "version": made.version, "why": ""}
    assert client.post(f"/indicators/{made.pk}/edit/", edit).status_code == 302
    stale = client.post(f"/indicators/{made.pk}/edit/", edit | {"target": "500"})
    assert stale.status_code == 409 and "400" in body(stale)
    gone = {"submission": str(uuid.uuid4()), "version": made.version + 1, "why": "Not needed"}
    assert client.post(f"/indicators/{made.pk}/archive/", gone).status_code == 302
    assert client.get(f"/indicators/{made.pk}/").status_code == 404


def test_risks_are_written_read_at_their_level_and_closed(world):
    here, people, _ = world
    client, url = as_(people[LEAD]), f"/engagements/{here.slug}/risks/new/"
    sent = {
        "submission": str(uuid.uuid4()),
        "title": "The data come late",
        "likelihood": "3",
        "severity": "2",
        "opened_on": "2026-11-01",
        "visibility": "city",
        "owner": people[FUNDER].pk,
    }
    assert client.post(url, sent).status_code == 422  # a funder is not on offer
    bad = client.post(url, sent | {"owner": "", "severity": "7", "title": " "})
    assert bad.status_code == 422 and body(bad).count("field-problem") >= 2
    assert client.post(url, sent | {"owner": people[PARTNER].pk}).status_code == 302
    risk = Risk.objects.get()
    said = body(as_(people[PARTNER]).get(f"/engagements/{here.slug}/risks/"))
    assert "The data come late" in said and "High likelihood × medium severity = 6; 6 or more is red." in said
    assert "The data come late" not in body(as_(people[FUNDER]).get(f"/engagements/{here.slug}/risks/"))
    assert "The data come late" not in body(as_(people[FUNDER]).get(f"/engagements/{here.slug}/"))
    open_risks = body(as_(people[EXPERT]).get(f"/engagements/{here.slug}/")).split('id="risks-title"')[1]
    assert "The data come late" in open_risks.split("</section>")[0]
    narrow = sent | {"owner": people[PARTNER].pk, "visibility": "team", "version": risk.version}
    answer = client.post(f"/risks/{risk.pk}/edit/", narrow)
    assert answer.status_code == 422 and "may not read it at this level" in body(answer)
    close = {"submission": str(uuid.uuid4()), "version": risk.version, "closed_on": "2026-11-20", "outcome": ""}
    assert client.post(f"/risks/{risk.pk}/close/", close).status_code == 422
    early = client.post(f"/risks/{risk.pk}/close/", close | {"outcome": "Came", "closed_on": "2026-10-01"})
    assert early.status_code == 422 and "between the day it was seen and today" in body(early)
    assert client.post(f"/risks/{risk.pk}/close/", close | {"outcome": "Came"}).status_code == 302
    assert "Closed Nov 20, 2026." in body(client.get(f"/engagements/{here.slug}/risks/"))
    # The section of open risks stands only while there is one; what changed still names it.
    assert 'id="risks-title"' not in body(client.get(f"/engagements/{here.slug}/"))
    gone = {"submission": str(uuid.uuid4()), "version": risk.version + 1, "why": "Twice"}
    assert client.post(f"/risks/{risk.pk}/archive/", gone).status_code == 302
    assert client.get(f"/risks/{risk.pk}/edit/").status_code == 404


def test_a_risk_that_is_opened_to_all_tells_nothing_of_what_it_said_before(world):
    here, people, _ = world
    common = {"by": people[LEAD], "now": NOW}
    risk = add_risk(engagement=here.pk, title="The mayor drinks", likelihood=2, severity=2, opened_on=TODAY, **common)
    changes = {"title": "Staff may leave", "owner": people[FUNDER].pk, "visibility": "all"}
    risk = change_risk(risk=risk.pk, changes=changes, expected_version=risk.version, **common)
    risk = change_risk(
        risk=risk.pk, changes={"owner": people[STAFF].pk, "severity": 3}, expected_version=risk.version, **common
    )
    client = as_(people[FUNDER])
    told = client.get("/api/v1/activity/").json()["results"]
    assert [row["changes"] for row in told] == [{"severity": [2, 3]}, {"visibility": ["team", "all"]}]
    for url in ("/api/v1/activity/", f"/engagements/{here.slug}/", f"/engagements/{here.slug}/history/", "/todo/"):
        assert "drinks" not in body(client.get(url)), url


def test_the_feed_of_funders_tells_no_risk_of_the_team(world):
    here, people, _ = world
    Risk.objects.create(engagement=here, title="Secret", likelihood=1, severity=1, opened_on=NOW.date())
    for url in (f"/engagements/{here.slug}/", f"/engagements/{here.slug}/history/"):
        assert "Secret" not in body(as_(people[FUNDER]).get(url))
    assert "Secret" in body(as_(people[STAFF]).get(f"/engagements/{here.slug}/history/"))


def test_pages_ask_as_much_for_20_as_for_2(world):
    here, people, row = world
    clients = {role: as_(people[role]) for role in (STAFF, FUNDER)}
    urls = [
        f"/engagements/{here.slug}/indicators/",
        f"/indicators/{row.pk}/",
        f"/engagements/{here.slug}/timeline/",
        f"/engagements/{here.slug}/risks/",
        f"/engagements/{here.slug}/",
        "/todo/",
        f"/engagements/{here.slug}/indicators/export.csv",
        "/api/v1/indicators/",
        f"/api/v1/indicators/{row.pk}/values/",
        "/api/v1/risks/",
    ]

    def counts() -> dict[tuple[Role, str], int]:
        found = {}
        for role, client in clients.items():
            for url in urls:
                with CaptureQueriesContext(connection) as seen:
                    assert client.get(url).status_code == 200, (role, url)
                found[role, url] = len(seen)
        return found

    def fill(first: int, last: int) -> None:
        for n in range(first, last):
            one = make_indicator(here, people[STAFF], name=f"Number {n}", counts_people=True)
            approved(one, people, ValueEntry(9), ValueEntry(4, "sex", "women"))
            Risk.objects.create(
                engagement=here,
                title=f"Risk {n}",
                likelihood=1,
                severity=1,
                opened_on=NOW.date(),
                visibility="all",
                owner=people[LEAD],
            )
            groups = [ValueEntry(3, "sex", f"group {n}")]
            approved(row, people, *([ValueEntry(300)] if n == 0 else []), *groups)

    fill(0, 2)
    counts()
    few = counts()
    fill(2, 20)
    assert counts() == few
