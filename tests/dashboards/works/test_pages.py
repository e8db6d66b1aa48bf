"""/what-works/ is the door: results and pilots by outcome, nulls and stopped ones too, then studies."""

import re

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import Client

from dashboards.works.figure import said_of
from dashboards.works.page import SIZE, _counts
from dashboards.works.studies import Studies
from engagements.permissions import Role
from engagements.pilots.queries.works import works
from engagements.pilots.rules.works import outcome_tables
from engagements.seeds.evidence import seed_evidence
from engagements.seeds.initiative import seed
from tests.engagements.discussion.discussion import as_
from tests.factories.engagements import EngagementFactory
from tests.factories.results import Desk, make_desk

pytestmark = pytest.mark.django_db
OWN = {"own_data": "Our survey", "verdict": "worked"}


@pytest.fixture
def desk() -> Desk:
    return make_desk()


@pytest.fixture
def client() -> Client:
    return Client()


def test_a_verdict_stands_in_the_table_of_its_outcome_with_its_range_and_source(client, desk):
    row = desk.published(**OWN, cost_usd=28.0, cost_price_year=2026, cost_unit="person")
    page = client.get("/what-works/").content.decode()
    assert f'<a href="/results/{row.pk}/">{desk.city.city.name}: Coaching for parents</a>' in page
    assert "Employed after a year" in page and "+5 in 100" in page and "+1 to +9" in page and "$28" in page
    assert "tag-verdict tag-done" in page and 'href="https://example.org/report"' in page
    assert "Money" not in page.split("Leads to")[-1].split("</table>")[0]  # of a stranger


def test_what_others_published_is_quoted_and_has_no_solid_tag(client, desk):
    desk.published(finding="that 5 more in 100 had a job")
    page = client.get("/what-works/").content.decode()
    assert "Reported by others: quoted, not judged" in page
    assert "tag-verdict" not in page.split('id="read-title"')[0] and "Reported gain" in page


def test_nulls_and_stopped_tests_are_rows_and_retracted_ones_are_counted(client, desk):
    desk.published(finding="Coach A", own_data="Ours", verdict="did_not_work", effect=0.5, low=-1.0, high=2.0)
    desk.published(
        finding="Coach B", own_data="Ours", verdict="stopped", effect=None, low=None, high=None, level=None, unit=""
    )
    gone = desk.published(finding="Coach C")
    desk.move(gone, "retracted", desk.expert, why="Wrong")
    page = client.get("/what-works/").content.decode()
    assert "Did not work" in page and "Stopped" in page and "1 result was retracted" in page
    assert f"/results/{gone.pk}/" not in page
    assert page.count('<tr class="finding-row">') == 2 and page.count('class="outcome"') == 1


def test_what_the_words_say_of_stopped_is_true_of_one_whose_outcome_was_measured(client, desk):
    """Data of it came in, and nobody may analyze them any more."""
    desk.published(
        finding="Coach B",
        own_data="Stopped before its data were analyzed",
        verdict="stopped",
        effect=None,
        low=None,
        high=None,
        level=None,
        unit="",
    )
    page = client.get("/what-works/").content.decode()
    assert "It was stopped before its outcome was measured or analyzed, so there is no number." in page


FILTERS = {
    "": 2,
    "outcome=employed-after-a-year": 1,
    "verdict=worked": 1,
    "verdict=gain": 1,
    "verdict=stopped": 0,
    "design=randomized": 2,
    "design=quasi": 0,
    "show=pilots": 1,
    "show=reported": 1,
    "show=studies": 0,
    "q=coaching+PAID": 1,
    "sort=effect": 2,
    "sort=newest&q=nothing+like+it": 0,
}


def test_filters_are_all_of_the_address(client, desk):
    desk.published(**OWN)
    desk.published(outcome="Rent paid", finding="that 5 more in 100 paid rent")
    for query, rows in FILTERS.items():
        answer = client.get(f"/what-works/?{query}")
        assert answer.status_code == 200
        assert answer.content.decode().count('<tr class="finding-row">') == rows, query


def test_a_filter_that_cannot_be_is_said_and_nothing_is_filtered(client, desk):
    desk.published(**OWN)
    answer = client.get("/what-works/?verdict=splendid")
    page = answer.content.decode()
    assert answer.status_code == 400 and "Verdict: There is no such choice here." in page
    assert page.count('<tr class="finding-row">') == 1 and "splendid" not in page
    assert client.get("/what-works/export.csv?verdict=splendid").status_code == 400


def test_made_up_work_is_apart_and_only_for_who_sees_its_engagement(client):
    desk = make_desk(EngagementFactory(is_fictional=True))
    desk.published(**OWN)
    assert "Coaching for parents" not in client.get("/what-works/").content.decode()
    assert "Coaching for parents" not in client.get("/what-works/?demo=1").content.decode()
    funder = as_(desk.people[Role.FUNDER])
    page = funder.get("/what-works/").content.decode()
    assert "Coaching for parents" not in page and "See 1 demo result<" in page
    demo = funder.get("/what-works/?demo=1").content.decode()
    assert "Coaching for parents" in demo and "strip-demo" in demo


@pytest.mark.parametrize(
    ("number", "is_whole", "said"),
    [
        (1, True, "from 1 program"),
        (1, False, "from 1 program"),
        (7, False, "from 7 programs"),
        (7, True, "from 7 programs, most elsewhere"),
    ],
)
def test_programs_are_counted_and_only_the_whole_library_is_mostly_of_elsewhere(number, is_whole, said):
    (found, *_others) = _counts(Studies(count=9, programs=number), (), is_whole=is_whole)
    assert found.note == said


def test_tests_of_a_picture_are_counted(desk):
    desk.published(**OWN)
    desk.published(finding="Coach B")
    (table,) = outcome_tables(works(AnonymousUser()).rows)
    assert said_of(table).startswith("2 tests with a number; lines are their likely ranges. ")


def test_who_may_open_money_and_milestones_is_led_there(desk):
    desk.published(**OWN)
    page = as_(desk.lead).get("/what-works/").content.decode()
    assert (
        f"/engagements/{desk.city.slug}/money/entries/" in page and f"/engagements/{desk.city.slug}/milestones/" in page
    )
    other = make_desk()
    elsewhere = as_(other.staff).get("/what-works/").content.decode()
    assert f"/engagements/{desk.city.slug}/" not in elsewhere


def test_the_table_downloads_with_its_limits_and_no_formula(client, desk):
    desk.published(**OWN, outcome="=1+1")
    file = client.get("/what-works/export.csv")
    words = file.content.decode("utf-8-sig")
    assert file.status_code == 200 and "worked" in words and "\n=1" not in words and ",=1" not in words
    assert client.get("/what-works/export.xlsx").status_code == 200


def test_what_a_verdict_means_is_said_with_one_word_for_the_range(client, desk):
    desk.published(**OWN)
    page = " ".join(client.get("/what-works/").content.decode().split())
    for words in (
        "The whole likely range is better than no change, and the estimate is at least what the city said is worth",
        "The whole likely range is better than no change, but ends short of what is worth having.",
        "The whole likely range is worse than no change.",
        "was measured before its planned end, was locked after data, or its design allows no more.",
        "The design or the data allow no number.",
    ):
        assert words in page, words
    assert "The interval" not in page


def test_the_picture_of_an_outcome(client, desk):
    desk.published(**OWN)
    svg = client.get("/what-works/employed-after-a-year.svg")
    assert svg.status_code == 200 and b"<svg" in svg.content and b"Results in one city may not repeat" in svg.content
    assert b"1 test with a number; the line is its likely range." in b" ".join(svg.content.split())
    assert client.get("/what-works/employed-after-a-year.png").content.startswith(b"\x89PNG")
    assert client.get("/what-works/nothing.svg").status_code == 404


def test_what_cities_reported_stands_on_top_with_who_was_searched(client):
    seed()
    seed_evidence()
    page = client.get("/what-works/")
    quoted, words = page.context["page"].quoted, page.content.decode()
    assert [row.work.city for row in quoted] == sorted(row.work.city for row in quoted) and len(quoted) == 4
    assert sum(row.work.fields.is_outside for row in quoted) == words.count("not counted as the initiative") == 1
    assert page.context["page"].unreported == 7 and "November 29, 2026" in words
    for row in quoted:
        assert row.work.sentence and f"/results/{row.work.pk}/" in words
    assert words.index('id="reported-title"') < words.index('id="annual_earnings"')
    assert 'id="reported-title"' not in client.get("/what-works/?outcome=justice").content.decode()


def test_studies_stand_below_and_lead_to_the_library(client):
    seed_evidence()
    page = client.get("/what-works/").content.decode()
    assert 'id="annual_earnings"' in page and 'href="/evidence/"' in page and 'href="/evidence/?family=' in page
    assert "thousands of" in re.search(r"<h1>(.*?)</h1>", page)[1]
    nulls = client.get("/what-works/?verdict=zero").content.decode()
    assert "No difference found" in nulls and "Better" not in nulls.split("<main")[1].split("read-title")[0]


def test_the_count_of_statements_does_not_grow(client, desk, django_assert_max_num_queries):
    desk.published(**OWN)
    client.get("/what-works/")
    with django_assert_max_num_queries(40) as few:
        client.get("/what-works/?sort=effect")
    for number in range(4):
        desk.published(**OWN, outcome=f"Outcome {number}")
    with django_assert_max_num_queries(40) as many:
        client.get("/what-works/?sort=effect")
    assert len(few) == len(many)


def test_a_page_shows_some_rows_and_one_outcome_shows_all_on_the_same_axis(client, desk):
    for number in range(SIZE + 1):
        desk.published(**OWN, finding=f"Coach {chr(97 + number)}")
    first = client.get("/what-works/").content.decode()
    assert first.count('<tr class="finding-row">') == SIZE
    assert f'<a href="?outcome=employed-after-a-year">All {SIZE + 1}</a>' in first
    second = client.get("/what-works/?page=2").content.decode()
    whole = client.get("/what-works/?outcome=employed-after-a-year").content.decode()
    assert second.count('<tr class="finding-row">') == 1 and whole.count('<tr class="finding-row">') == SIZE + 1
    marks = [set(re.findall(r'<circle class="m-this" cx="([^"]+)"', page)) for page in (first, second, whole)]
    assert marks[0] == marks[1] == marks[2] and len(marks[0]) == 1
