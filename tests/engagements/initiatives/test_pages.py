"""The guided form, with and without a script: fields counted, slips at their field, nothing typed is lost."""

import json
from datetime import date, timedelta

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.utils import timezone

from engagements.initiatives.actions.initiatives import archive_initiative
from engagements.models import AccessToken, Initiative
from engagements.people.actions.tokens import make_access_token
from engagements.permissions import Role
from tests.factories import portal
from tests.factories.engagements import EngagementFactory, everybody
from tests.factories.places import gazetteer

pytestmark = pytest.mark.django_db

TYPED = {
    "name": "Mobility Next",
    "funders": "New Foundation\nOld Fund",
    "pledge": "9 million",
    "pledge_on": "2026-11-02",
    "source": "foundation.example/press",
    "starts_on": "2027-01-04",
    "ends_on": "2028-06-30",
    "city_1": "Detroit, MI",
    "city_2": "newark, new jersey",
    "city_3": "",
    "template": "scoping",
}


@pytest.fixture
def people(tmp_path):
    found = everybody(EngagementFactory())  # in a city that was there before the list came
    portal.ingest(gazetteer(tmp_path / "2019_Gaz_place_national.txt"))
    return found


@pytest.fixture
def lead(people):
    client = Client()
    client.force_login(people[Role.LEAD])
    return client


def page_of(answer):
    return BeautifulSoup(answer.content, "html.parser")


def send(client, address="/initiatives/new/", **typed):
    hidden = {
        field["name"]: field.get("value", "")
        for field in page_of(client.get(address)).select("main form[method=post] input[type=hidden]")
        if field["name"] != "csrfmiddlewaretoken"
    }
    return client.post(address, hidden | typed)


def test_three_cities_take_at_most_twelve_fields(lead):
    fields = page_of(lead.get("/initiatives/new/")).select("main form[method=post] .field")
    assert 0 < len(fields) <= 12


def test_one_form_makes_all_of_it(lead, people):
    answer = send(lead, **TYPED, team=[f"{people[Role.ADVISER].pk}:adviser"])
    made = Initiative.objects.get(name="Mobility Next")
    assert (answer.status_code, answer["Location"]) == (302, f"/initiatives/{made.slug}/")
    page = page_of(lead.get(answer["Location"]))
    assert [row.th.get_text(strip=True) for row in page.select("tbody tr")] == ["Detroit, MI", "Newark, NJ"]
    assert "$9,000,000" in page.main.get_text()
    assert lead.get("/initiatives/").status_code == 200


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"city_2": "Atlantis, NJ"}, "city_2"),
        ({"city_2": "Newark"}, "city_2"),
        ({"city_2": "Detroit, MI (city 2622000)"}, "city_2"),
        ({"city_1": "", "city_2": ""}, "city_1"),
        ({"ends_on": "2026-12-31"}, "ends_on"),
        ({"pledge": "a lot"}, "pledge"),
        ({"pledge_on": ""}, "pledge_on"),
        ({"pledge_on": "2099-01-01"}, "pledge_on"),
        ({"source": ""}, "source"),
        ({"name": ""}, "name"),
        ({"starts_on": "soon"}, "starts_on"),
        ({"template": "none such"}, "template"),
        ({"funders": "x" * 151}, "funders"),
    ],
)
def test_a_slip_stands_at_its_field_and_nothing_typed_is_lost(lead, changed, field):
    before = Initiative.objects.count()
    answer = send(lead, **TYPED | changed)
    assert (answer.status_code, Initiative.objects.count()) == (422, before)
    page = page_of(answer)
    assert page.select_one(f"#id_{field}_error"), [each["id"] for each in page.select(".field-problem")]
    assert page.select_one("[role=alert]")
    for name, text in (TYPED | changed).items():
        shown = page.select_one(f"#id_{name}")
        if shown.name == "select":
            chosen = shown.select_one("[selected]")
            assert chosen is None or chosen["value"] == text
        else:
            assert (shown.get("value") or shown.get_text()).strip() == text


def test_of_several_places_of_a_name_one_is_chosen_without_a_script(lead):
    page = page_of(send(lead, **TYPED | {"city_2": "Newark"}))
    offered = [option["value"] for option in page.select("#id_city_2 option")]
    assert sorted(offered[1:]) == [
        "Newark, DE (city 1050670)",
        "Newark, NJ (city 3451000)",
        "Newark, OH (city 3955000)",
    ]
    assert send(lead, **TYPED | {"city_2": offered[1]}).status_code == 302


def test_more_city_fields_come_without_a_script_and_keep_what_was_typed(lead):
    answer = send(lead, **TYPED, more_cities="1")
    page = page_of(answer)
    assert answer.status_code == 200 and not page.select(".field-problem")
    assert len(page.select("[data-suggest]")) == 6 and page.select_one("#id_city_2")["value"] == TYPED["city_2"]
    assert not Initiative.objects.filter(name="Mobility Next").exists()


def test_the_second_click_makes_nothing_twice(lead):
    first = page_of(lead.get("/initiatives/new/"))
    submission = first.select_one("[name=submission]")["value"]
    answers = [lead.post("/initiatives/new/", TYPED | {"submission": submission, "city_count": "3"}) for _ in range(2)]
    assert {answer["Location"] for answer in answers} == {"/initiatives/mobility-next-2027/"}
    assert Initiative.objects.filter(name="Mobility Next").count() == 1


def test_the_next_is_copied_from_the_last(lead):
    send(lead, **TYPED)
    page = page_of(lead.get("/initiatives/new/?copy=mobility-next-2027"))
    assert page.select_one("#id_city_1")["value"] == "Detroit, MI (city 2622000)"
    assert page.select_one("#id_funders").get_text().split("\n")[-2:] == ["New Foundation", "Old Fund"]
    assert not page.select_one("#id_pledge").get("value")
    assert lead.get("/initiatives/new/?copy=nothing-here").status_code == 404


def test_places_are_suggested_to_leads_only(lead, people):
    found = json.loads(lead.get("/initiatives/places/?q=newa").content)["suggestions"]
    assert {each["title"] for each in found} == {"Newark, DE", "Newark, NJ", "Newark, OH"}
    adviser = Client()
    adviser.force_login(people[Role.ADVISER])
    assert adviser.get("/initiatives/places/?q=newa").status_code == 404
    assert Client().get("/initiatives/places/?q=newa").status_code == 302


def test_it_is_changed_archived_and_restored_on_pages(lead, people):
    send(lead, **TYPED)
    here = "/initiatives/mobility-next-2027/"
    seen = page_of(lead.get(here + "edit/"))
    assert seen.select_one("#id_pledge")["value"] == "9,000,000"
    assert seen.select_one("#id_pledge_source").get_text(strip=True) == TYPED["source"]
    changed = {name: TYPED[name] for name in TYPED if "city" not in name} | {"name": "Next"}
    assert send(lead, here + "edit/", **changed).status_code == 422  # a pledge without its source
    answer = send(lead, here + "edit/", **changed, pledge_source="foundation.example/pledge")
    made = Initiative.objects.get(name="Next")
    assert answer.status_code == 302
    assert (made.source, made.pledge_source) == (TYPED["source"], "foundation.example/pledge")
    assert send(lead, here + "cities/", city_1="3955000").status_code == 302
    assert send(lead, here + "cities/", city_1="3955000").status_code == 422
    assert send(lead, here + "archive/", why="Made by mistake.").status_code == 302
    page = page_of(lead.get(here))
    assert page.select_one(f"form[action='{here}restore/']") and not page.select(f"a[href='{here}edit/']")
    assert lead.get("/portfolio/").status_code == 302  # of the other initiative, the only one that is listed
    assert lead.post(here + "restore/").status_code == 302
    assert Initiative.objects.get(name="Next").archived_at is None


def key_of(user):
    _, secret = make_access_token(
        name="a program",
        scopes=[AccessToken.Scope.READ, AccessToken.Scope.WRITE_INITIATIVES],
        expires_at=timezone.now() + timedelta(days=1),
        by=user,
        now=timezone.now(),
    )
    return {"headers": {"Authorization": f"Bearer {secret}"}}


BODY = {
    "name": "Mobility Next",
    "source": "foundation.example/press",
    "starts_on": "2027-01-04",
    "ends_on": "2028-06-30",
    "pledge": {"amount": "9000000.00", "announced_on": "2026-11-02", "source": "foundation.example/press"},
    "funders": ["New Foundation"],
    "places": ["2622000", "3451000"],
    "template": "scoping",
}


def test_the_api_makes_changes_and_archives(people):
    key, client = key_of(people[Role.LEAD]), Client()
    json_type = {"content_type": "application/json", **key}
    made = client.post("/api/v1/initiatives/", BODY, **json_type)
    assert made.status_code == 201, made.content
    row = made.json()
    assert (row["cities"], row["pledge"]["amount"], row["funders"]) == (2, "9000000.00", ["New Foundation"])
    here = f"/api/v1/initiatives/{row['id']}/"
    changed = client.patch(here, {"version": row["version"], "ends_on": "2028-12-31"}, **json_type).json()
    assert (changed["ends_on"], changed["pledge"]["amount"]) == ("2028-12-31", "9000000.00")
    assert client.post(here + "cities/", {"places": ["3955000"]}, **json_type).json()["cities"] == 3
    gone = client.post(here + "archive/", {"version": changed["version"], "why": "A test."}, **json_type)
    assert gone.status_code == 200 and Initiative.objects.get(pk=row["id"]).archived_at
    back = client.post(here + "restore/", **json_type)
    assert back.status_code == 200 and back.json()["archived_at"] is None
    assert not Initiative.objects.get(pk=row["id"]).archived_at


def test_the_api_copies_funders_cities_and_team_and_neither_money_nor_dates(people):
    key, client = key_of(people[Role.LEAD]), Client()
    json_type = {"content_type": "application/json", **key}
    team = [{"user": people[Role.ADVISER].pk, "role": "adviser"}]
    first = client.post("/api/v1/initiatives/", BODY | {"team": team}, **json_type).json()
    there = f"/api/v1/initiatives/{first['id']}/copies/"
    words = {"name": "Mobility After Next", "source": "foundation.example/next", "starts_on": "2029-01-08"}
    made = client.post(there, words, **json_type)
    assert made.status_code == 201, made.content
    row = made.json()
    assert (row["cities"], row["funders"], row["pledge"], row["ends_on"]) == (2, ["New Foundation"], None, None)
    copy = Initiative.objects.get(pk=row["id"])
    assert {role.user_id for role in copy.roles.filter(role="adviser")} == {people[Role.ADVISER].pk}
    one = client.post(there, words | {"name": "A third", "places": ["2622000"], "funders": []}, **json_type).json()
    assert (one["cities"], one["funders"]) == (1, [])
    again = client.post(there, words, **json_type)
    assert again.status_code == 400 and "name" in json.dumps(again.json())


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"places": ["9999999"]}, "places"),
        ({"places": ["Detroit"]}, "places"),
        ({"ends_on": "2026-01-01", "pledge": None}, "ends_on"),
        ({"pledge": BODY["pledge"] | {"announced_on": "2099-01-01"}}, "pledge_on"),
        ({"template": "none such"}, "template"),
        ({"team": [{"user": 999_999_999, "role": "adviser"}]}, "team"),
        ({"unknown": 1}, "unknown"),
    ],
)
def test_the_api_refuses_what_the_form_refuses(people, changed, field):
    answer = Client().post(
        "/api/v1/initiatives/", BODY | changed, content_type="application/json", **key_of(people[Role.LEAD])
    )
    assert answer.status_code == 400 and field in json.dumps(answer.json()), answer.content
    assert not Initiative.objects.filter(name="Mobility Next").exists()


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.LEAD])
def test_others_read_and_write_no_initiative_by_api(people, role):
    client, key = Client(), key_of(people[role])
    assert client.get("/api/v1/initiatives/", **key).json()["count"] == 1
    answer = client.post("/api/v1/initiatives/", BODY, content_type="application/json", **key)
    assert answer.status_code == 403
    only = Initiative.objects.get()
    for method, address, body in (
        (client.patch, "", {"version": 1, "name": "Mine"}),
        (client.post, "cities/", {"places": ["2622000"]}),
        (client.post, "archive/", {"version": 1, "why": "Mine."}),
        (client.post, "restore/", {}),
        (client.post, "copies/", {"name": "Mine", "source": "x", "starts_on": "2029-01-08"}),
    ):
        there = f"/api/v1/initiatives/{only.pk}/{address}"
        assert method(there, body, content_type="application/json", **key).status_code == 404


def test_an_archived_initiative_is_in_no_list(lead, people):
    send(lead, **TYPED)
    made = Initiative.objects.get(name="Mobility Next")
    assert "Mobility Next" in page_of(lead.get("/portfolio/")).get_text()
    archive_initiative(
        initiative=made.pk, expected_version=made.version, by=people[Role.LEAD], now=timezone.now(), why="A test."
    )
    for address in ("/portfolio/", "/engagements/"):
        assert "Mobility Next" not in page_of(lead.get(address)).get_text()
    assert lead.get(f"/portfolio/{made.slug}/").status_code == 200
    assert date(2027, 1, 4) == made.starts_on
