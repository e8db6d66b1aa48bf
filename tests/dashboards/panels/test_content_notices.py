"""Incarceration and teenage birth: no score, no order of tracts; by race or gender only after their context."""

import json
import re

import pytest

from dashboards.exports.svg.paragraphs import break_lines
from dashboards.panels import distribution, where
from tests.dashboards.panels.records import make_histogram, make_measure, make_tracts
from tests.factories import files, portal

SPLIT = "jail_black_male_p25"
POOLED = "jail_pooled_pooled_mean"
CITY = "/cities/springfield/"
API = "/api/v1/cities/springfield/"
SAYS = "April 1, 2010"
FILES = [f"{panel}.{ending}" for panel in ("where", "distribution", "spread") for ending in ("csv", "svg", "png")]


@pytest.fixture
def city(tmp_path, db):
    found = portal.build(tmp_path)
    values = dict(zip((*portal.CITY_TRACTS, portal.OUTSIDE), (".30", ".10", ".25", ".20"), strict=True))
    portal.ingest(files.shown_tract(tmp_path / "split.csv", values, "Incarceration_Rate_rB_gM_p25"))
    return found


def test_by_race_or_gender_no_file_opens_without_the_context(city, client):
    for name in (*FILES, "profile.pdf", "profile.pptx"):
        address = f"{CITY}{name}?measure={SPLIT}"
        answer = client.get(address)
        assert answer.status_code == 403 and SAYS in answer.content.decode(), name
        assert f"{CITY}{name}?measure={SPLIT}&amp;context=read" in answer.content.decode(), name
        assert client.get(f"{address}&context=read").status_code == 200, name


def test_the_api_answers_with_the_context_and_the_address_that_opens_it(city, client):
    for name in ("panels/where/", "panels/distribution/", "panels/spread/", "panels/characteristics/", "tracts/"):
        answer = client.get(f"{API}{name}?measure={SPLIT}")
        assert answer.status_code == 403 and answer["Content-Type"] == "application/problem+json", name
        assert (
            SAYS in answer.json()["detail"] and f"{API}{name}?measure={SPLIT}&context=read" in answer.json()["detail"]
        )
        opened = client.get(f"{API}{name}?measure={SPLIT}&context=read")
        assert opened.status_code == 200, name
        assert name == "tracts/" or SAYS in " ".join(opened.json()["caveats"]), name


def test_the_context_stands_on_what_was_opened(city, client):
    for name in ("where", "distribution"):
        address = f"{CITY}{name}.{{}}?measure={SPLIT}&context=read"
        assert SAYS in json.dumps(client.get(address.format("datapackage.json")).json(), ensure_ascii=False)
        assert SAYS in client.get(address.format("svg")).content.decode()
    page = client.get(f"{CITY}?measure={SPLIT}&context=read").content.decode()
    assert f"where.csv?measure={SPLIT}&amp;context=read" in page
    chart = client.get(f"{CITY}charts/distribution/?measure={SPLIT}&context=read").content.decode()
    assert f"distribution.csv?measure={SPLIT}&amp;context=read" in chart and SAYS in chart


def test_other_measures_keep_no_context_in_their_addresses(city, client):
    page = client.get(f"{CITY}?context=read").content.decode()
    assert not re.search(r"\.(csv|png|svg)[^\"]*context=read", page)


@pytest.mark.parametrize("measure", [POOLED, SPLIT])
@pytest.mark.parametrize("panel", ["rent", "children", "clustering"])
def test_no_panel_sets_tracts_in_an_order_by_it(city, client, panel, measure):
    page = client.get(f"{CITY}{panel}.csv?measure={measure}&context=read")
    assert page.status_code == 404 and "not offered for incarceration" in page.content.decode()
    assert f"{panel}.csv?measure=kfr_" in page.content.decode()
    api = client.get(f"{API}panels/{panel}/?measure={measure}&context=read")
    assert api.status_code == 404
    assert "no score of a neighborhood" in api.json()["detail"] and "Nearest: k" in api.json()["detail"]


def test_the_analysis_page_waits_and_leaves_those_panels_out(city, client):
    waiting = client.get(f"{CITY}analysis/?measure={SPLIT}").content.decode()
    assert SAYS in waiting and f"?measure={SPLIT}&amp;context=read" in waiting and 'id="spread"' not in waiting
    for query in (f"measure={SPLIT}&context=read", f"measure={POOLED}"):
        opened = client.get(f"{CITY}analysis/?{query}").content.decode()
        assert SAYS in opened and 'id="spread"' in opened and "not offered for incarceration" in opened
        assert 'id="rent"' not in opened and 'id="children"' not in opened and 'id="clustering"' not in opened


def test_the_city_page_that_waits_holds_no_number_of_it(city, client):
    waiting = client.get(f"{CITY}?measure={SPLIT}").content.decode()
    assert "Open the map and the table" in waiting and 'id="figure-map"' not in waiting
    assert "30.0%" not in waiting and "30 in 100" not in waiting


def test_the_map_says_the_name_alone_and_ranks_nothing():
    tracts = make_tracts(make_measure(POOLED, label="Share incarcerated", unit="share"))
    panel = where.build(tracts)
    for trace in panel.figure.data[:2]:
        assert trace.hovertemplate == "<b>%{customdata[0]}</b><extra></extra>"
        assert {row[1] for row in trace.customdata} == {""}
    assert "national_percentile" not in [column.key for column in panel.table.columns]
    assert "value" in [column.key for column in panel.table.columns]
    said = " ".join([panel.finding, *panel.caveats, distribution.build(tracts, *make_histogram()).finding])
    assert "above the middle" not in said and "percentile" not in said and "were below" not in said


def test_what_the_browser_gets_for_the_map_ranks_nothing(city, client):
    sent = client.get(f"{CITY}map.json?measure={POOLED}").json()
    assert set(sent["words"]) == {""}, "no neighborhood has a word of its own"
    card = client.get(f"{CITY}card.html?measure={POOLED}&tract=26163500100").content.decode()
    assert "is not shown for one neighborhood" in card
    for text in (json.dumps(sent), card):
        assert not re.search(r"higher than|lower than|percentile|\brank\b", text)
    assert not re.search(r"\babove\b|\bbelow\b", card)


def test_lines_break_between_words_and_lose_none():
    text = "one two three incomprehensibilities four"
    lines = break_lines(text, 12, 80)
    assert " ".join(lines) == text and len(lines) > 2
    assert "incomprehensibilities" in lines
