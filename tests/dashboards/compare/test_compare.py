"""Cities on one axis: page, CSV and API from the same panels."""

import csv
import io
import re

import numpy as np
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from atlas.records.places import Reference
from dashboards.compare import side_by_side
from dashboards.panels import compare, compare_groups
from mobility_portal.bench.pages import forget
from tests.dashboards.panels.records import make_city, make_groups, make_headline, make_measure, make_tracts
from tests.factories import portal

RANK = make_measure("kfr_pooled_pooled_p25", label="Household income rank", unit="rank")
DAYTON, TULSA = make_city(slug="dayton", name="Dayton"), make_city(slug="tulsa", name="Tulsa")


def means(first: tuple, second: tuple):
    found = {
        slug: make_headline(city=slug, value=value, standard_error=error)
        for slug, (value, error) in (("dayton", first), ("tulsa", second))
    }
    return compare.build_means((DAYTON, TULSA), found, RANK)


@pytest.mark.parametrize(
    ("first", "second", "said"),
    [
        ((0.31, 0.004), (0.38, 0.004), "The difference is beyond chance"),
        ((0.31, 0.004), (0.315, 0.004), "too close to call"),
        ((0.31, None), (0.38, 0.004), "can’t say whether they differ beyond chance"),
    ],
)
def test_two_cities_are_set_apart_only_beyond_the_noise(first, second, said):
    assert said in means(first, second).finding


def test_the_noise_of_a_difference_is_that_of_both():
    """1.96 x sqrt(.004^2 + .003^2) = .0098: .0097 apart is noise, .0099 is not."""
    assert "too close to call" in means((0.31, 0.004), (0.3197, 0.003)).finding
    assert "beyond chance" in means((0.31, 0.004), (0.3199, 0.003)).finding.split("so we can’t")[0]


def test_every_city_has_a_row_with_interval_and_the_nation_comes_last():
    table = means((0.31, 0.004), (0.38, None)).table
    keys = [column.key for column in table.columns]
    rows = [dict(zip(keys, row, strict=True)) for row in table.rows]
    assert [row["place"] for row in rows] == ["Dayton", "Tulsa", "United States, average low-income child"]
    assert rows[0]["low"] == pytest.approx(0.31 - 1.959964 * 0.004) and rows[1]["low"] is None
    assert rows[0]["tract_mean"] == 0.315 and rows[0]["adjustment"] == pytest.approx(-0.005)
    assert rows[0]["adjustment_in_errors"] == pytest.approx(-1.25) and "adjusted" in rows[0]["how"]


def test_spreads_count_each_tract_once():
    values = np.array([0.2, 0.3, 0.4, np.nan, 0.9], dtype=np.float32)
    found = compare.build_spreads((make_tracts(RANK, values=values),))
    row = found.table.rows[0]
    assert row[1:6] == pytest.approx(np.percentile([0.2, 0.3, 0.4], [10, 25, 50, 75, 90]), rel=1e-6)
    assert row[6] == 3


@pytest.mark.django_db
def test_the_page_the_csv_and_the_api_agree(tmp_path, client):
    portal.build(tmp_path)
    page = client.get("/compare/?cities=springfield")
    words = page.content.decode()
    assert page.status_code == 200 and "Springfield" in words.split("<h1>")[1].split("</h1>")[0]
    assert {"means", "spreads", "groups"} <= set(re.findall(r'<details class="fold" id="([a-z]+)"', words))
    text = client.get("/compare/means.csv?cities=springfield").content.decode()
    rows = list(csv.DictReader(io.StringIO(text)))
    api = client.get("/api/v1/compare/?cities=springfield").json()
    assert float(rows[0]["value"]) == api["panels"][0]["rows"][0]["value"]
    assert api["panels"][0]["rows"][0]["standard_error"] is None
    headline = client.get("/api/v1/cities/springfield/").json()["headline"]["value"]
    assert api["panels"][0]["rows"][0]["value"] == headline


@pytest.mark.django_db
def test_a_city_or_measure_nobody_has_offers_the_nearest(tmp_path, client):
    portal.build(tmp_path)
    answer = client.get("/compare/?cities=springfeild")
    assert answer.status_code == 404 and "cities=springfield" in answer.content.decode()
    answer = client.get("/compare/?cities=springfield&measure=kfr_pooled_pooled_p52")
    assert answer.status_code == 404 and "kfr_pooled_pooled_p25" in answer.content.decode()
    answer = client.get("/api/v1/compare/?cities=springfield,nowhere")
    assert answer.status_code == 404 and answer["Content-Type"] == "application/problem+json"
    assert client.get("/api/v1/compare/?cities=springfield&measure=jail_pooled_pooled_mean").status_code == 404
    assert client.get("/api/v1/compare/").status_code == 400


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("measure", "because"),
    [
        ("kfr_pooled_pooled_p25_usd_2015", "dollars are never averaged: ask for the percentile"),
        ("hhinc_mean2000", "it is no outcome of children"),
    ],
)
def test_what_exists_and_is_not_compared_or_analysed_says_why(tmp_path, client, measure, because):
    portal.build(tmp_path)
    for done, address in (
        ("compared", "/api/v1/compare/?cities=springfield&"),
        ("analysed", "/api/v1/cities/springfield/panels/spread/?"),
    ):
        answer = client.get(f"{address}measure={measure}")
        detail = answer.json()["detail"]
        assert answer.status_code == 404 and "There is no measure" not in detail
        assert detail.startswith(f"The measure '{measure}' exists, but is not {done} here because {because}")
        assert "kfr_pooled_pooled_p25" in detail.split("Nearest: ")[1]
    page = client.get(f"/compare/?cities=springfield&measure={measure}").content.decode()
    assert "This measure is not shown here" in page and because in page


@pytest.mark.django_db
def test_the_summary_offers_only_what_it_answers(tmp_path, client):
    portal.build(tmp_path)
    address = "/api/v1/cities/springfield/summary/?measure="
    detail = client.get(address + "hhinc_mean").json()["detail"]
    offered = detail.split("Nearest: ")[1].rstrip(".").split(", ")
    assert offered and all(client.get(address + slug).status_code == 200 for slug in offered)


@pytest.mark.django_db
def test_comparing_costs_the_same_for_four_cities_and_for_eight(tmp_path, client):
    """The page holds four columns; the tables have every city that was asked for."""
    portal.build(tmp_path)
    for i in range(7):
        portal.add_city(f"town-{i}", f"26{i:05d}")

    def count(cities):
        client.get(f"/compare/?cities={cities}")
        forget()  # as after a flip
        with CaptureQueriesContext(connection) as seen:
            page = client.get(f"/compare/?cities={cities}")
        assert page.status_code == 200 and len(page.context["columns"]) <= 4
        return len(seen)

    four = ",".join(["springfield", *(f"town-{i}" for i in range(3))])
    everybody = ",".join(["springfield", *(f"town-{i}" for i in range(7))])
    assert 0 < count(four) == count(everybody) <= 60
    page = client.get(f"/compare/?cities={everybody}")
    assert page.context["left_out"] == 4


@pytest.mark.django_db
def test_without_a_choice_the_largest_cities_stand_there_a_to_z(tmp_path, client):
    portal.build(tmp_path)
    for i in range(4):
        portal.add_city(f"town-{i}", f"26{i:05d}")
    page = client.get("/compare/")
    chosen = [column.city for column in page.context["columns"]]
    assert len(chosen) == 3 and [c.name for c in chosen] == sorted(c.name for c in chosen)
    assert "springfield" in {c.slug for c in chosen}, "it has tracts, the towns have none"
    words = page.content.decode()
    assert "plotly" not in words and " style=" not in words.split("<main")[1]
    for one in chosen:
        others = ",".join(city.slug for city in chosen if city is not one)
        assert f'href="?cities={others}&amp;measure=' in words, "each can be removed"


def placed(*found: tuple[str, float, float | None]):
    return [side_by_side._place_row(name, value, error, 0.41) for name, value, error in found], list(found)


@pytest.mark.parametrize(
    ("found", "verdict", "said"),
    [
        ((("A", 0.30, 0.002), ("B", 0.36, 0.002)), "clear", "B is 6.0 above A"),
        ((("A", 0.30, 0.004), ("B", 0.305, 0.004)), "close", "No two differ"),
        ((("A", 0.30, None), ("B", 0.36, 0.002)), "unknown", "margin"),
        ((("A", 0.30, None),), "alone", ""),
    ],
)
def test_places_are_told_apart_only_with_margins_that_leave_out_zero(found, verdict, said):
    block = side_by_side._block(*placed(*found))
    assert block.verdict == verdict and said in block.said
    assert [row.mark.is_hollow for row in block.rows] == [error is None for _, _, error in found]
    if verdict != "clear":
        assert "above" not in block.said


def test_a_pair_that_two_places_could_tell_apart_may_be_too_close_among_three():
    """.0098 apart with errors of .004 and .003 is just clear alone, and not with three pairs at once."""
    two = side_by_side._block(*placed(("A", 0.30, 0.004), ("B", 0.3099, 0.003)))
    three = side_by_side._block(*placed(("A", 0.30, 0.004), ("B", 0.3099, 0.003), ("C", 0.5, 0.003)))
    assert "B is 1.0 above A" in two.said and "B is" not in three.said and "C is" in three.said


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ((0.30, 0.38), "reached less income"),
        ((0.45, 0.50), "reached more income"),
        ((0.30, 0.45), "only Tulsa is above"),
        ((0.30, None), "side by side"),
    ],
)
def test_the_finding_says_on_which_side_of_the_nation(values, said):
    nation = Reference("nation", "United States", 0.41, None, 32_000, "mean", "")
    found = {
        slug: make_headline(city=slug, value=value, references=(nation,))
        for slug, value in zip(("dayton", "tulsa"), values, strict=True)
    }
    words = side_by_side.finding((DAYTON, TULSA), found, RANK)
    assert said in words and "Dayton" in words and len(words.split()) <= 20


@pytest.mark.parametrize(("error", "said"), [(0.001, "reached less income"), (0.01, "side by side"), (None, "less")])
def test_a_margin_that_reaches_the_nation_leaves_the_finding_without_a_side(error, said):
    """39.8 with a margin of 2.0 reaches the nation's 41.0."""
    nation = Reference("nation", "United States", 0.41, None, 32_000, "mean", "")
    found = {
        "dayton": make_headline(city="dayton", value=0.30, references=(nation,)),
        "tulsa": make_headline(city="tulsa", value=0.398, standard_error=error, references=(nation,)),
    }
    assert said in side_by_side.finding((DAYTON, TULSA), found, RANK)


def test_groups_stand_beside_the_same_group_elsewhere_and_nationally():
    found = {"dayton": make_groups(), "tulsa": make_groups()}
    panel = compare_groups.build((DAYTON, TULSA), found)
    groups = {row[0] for row in panel.table.rows}
    assert "all children" not in groups and len(panel.table.rows) == 2 * len(groups)
    assert " in Dayton, the " in panel.finding and panel.finding.endswith("nationally.")
    level = found["dayton"].levels[1]
    row = next(row for row in panel.table.rows if row[:2] == (level.group.words, "Tulsa"))
    assert row[2:5] == (level.here.value, level.here.standard_error, level.nation.value)
