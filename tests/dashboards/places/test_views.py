"""What the addresses answer, with hand-made records in place of the database."""

import gzip
import re
from dataclasses import replace

import brotli
import numpy as np
import pytest

from atlas.queries.tracts import place_tracts
from atlas.records.places import ContextSeries
from dashboards.panels.options import Options
from dashboards.places import home_page, pages, views
from dashboards.places.picture_views import page_address
from engagements.results.queries.published import RecordOfCities
from tests.dashboards.panels.records import (
    make_city,
    make_groups,
    make_headline,
    make_histogram,
    make_many,
    make_measure,
    make_tracts,
    make_untestable,
)
from tests.factories.drawings import replaced_drawing
from tests.factories.query_answers import replace_queries

BODY = b'{"type":"FeatureCollection","features":[]}'
JAIL = make_measure("jail_pooled_pooled_mean", label="Incarceration rate", unit="share")


@pytest.fixture
def answers(monkeypatch):
    """Sets what the queries say; a complete city unless a test changes it."""

    def say(**changes):
        said = {
            "cities": lambda: (make_city(),),
            "city": lambda slug: make_city() if slug == "springfield" else None,
            "available_measures": lambda level="tract": (JAIL, make_measure()),
            "place_tracts": lambda city, slug: make_tracts(),
            "tract_statistics": lambda place, slug: make_untestable(place_tracts(place, slug)),
            "national_histogram": lambda slug, bins=40: make_histogram(),
            "groups": lambda place, **_: make_groups(),
            "headlines": lambda cities, **_: {"springfield": make_headline()},
            "headline": lambda place, **_: make_headline(),
            "geometry": lambda slug: ("tag", gzip.compress(BODY), brotli.compress(BODY)),
            "live_sources": lambda: (),
            "price_level": lambda: None,
            "metro_of": lambda name, state: None,  # no wages are loaded
            "context_series": lambda city, chosen=(): ContextSeries((), (), (), ()),
            "live_generation": lambda: object(),  # a new moment each time: nothing is kept between answers
        }
        said |= changes
        said = {"drawing": replaced_drawing(said["place_tracts"])} | said
        replace_queries(monkeypatch, said)

    monkeypatch.setattr(pages, "participations", dict)
    monkeypatch.setattr(home_page, "participations", dict)
    monkeypatch.setattr(home_page, "record_of_cities", lambda: RecordOfCities("", "", None, {}))
    monkeypatch.setattr(pages, "local_notes", lambda slug: ())
    monkeypatch.setattr(views, "count_public_plans", lambda slug: 0)
    say()
    return say


def test_the_home_table_has_each_interval_and_a_unit_beside_each_error(client, answers):
    """31.2 with a standard error of .0035: 30.5 to 31.9; without one neither interval nor nought."""
    answers(headlines=lambda cities, **_: {"springfield": make_headline(value=0.312, standard_error=0.0035)})
    page = client.get("/").content.decode()
    assert "95%: 30.5 to 31.9" in page and re.search(
        r'<td class="num"[^>]*data-label="[^"]*percentiles">0.35</td>', page
    )
    assert "m-range" in page and "m-ring-this" not in page  # a filled dot with its margin
    answers(headlines=lambda cities, **_: {"springfield": make_headline(standard_error=None)})
    page = client.get("/").content.decode()
    assert "95%:" not in page and "m-range" not in page and "m-ring-this" in page


def test_home_and_city_are_whole(client, answers):
    assert "Springfield" in client.get("/").content.decode()
    page = client.get("/cities/springfield/").content.decode()
    assert page.count("<h1") == 1
    assert "31st US percentile" in page
    assert "style=" not in page.split("<main")[1].split('<script id="figure')[0]


def test_incarceration_is_never_the_default(client, answers):
    assert client.get("/cities/springfield/map.json").json()["measure"] == make_measure().slug


@pytest.mark.parametrize("encoding", ["br", "gzip", ""])
def test_geometry_is_sent_as_stored_and_answers_304(client, answers, encoding):
    headers = {"Accept-Encoding": encoding}
    first = client.get("/cities/springfield/geometry.json", headers=headers)
    assert first.headers.get("Content-Encoding", "") == encoding
    unpack = {"br": brotli.decompress, "gzip": gzip.decompress, "": bytes}[encoding]
    assert unpack(first.content) == BODY
    assert "Accept-Encoding" in first["Vary"]
    again = client.get("/cities/springfield/geometry.json", headers={**headers, "If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_a_refused_encoding_is_not_sent(client, answers):
    sent = client.get("/cities/springfield/geometry.json", headers={"Accept-Encoding": "br;q=0, gzip"})
    assert sent["Content-Encoding"] == "gzip"


@pytest.mark.parametrize(
    "address",
    [
        "/cities/nowhere/",
        "/cities/springfield/?measure=nonsense",
        "/cities/springfield/map.json?measure=nonsense",
        "/cities/springfield/where.csv?measure=nonsense",
        "/cities/springfield/nonsense.csv",
    ],
)
def test_what_is_not_there_is_a_404_that_helps(client, answers, address):
    answer = client.get(address)
    assert answer.status_code == 404
    if "measure=" in address:
        assert "kfr_pooled_pooled_p25_usd_2015" in answer.content.decode()


@pytest.mark.parametrize("panel", ["headline", "where", "distribution"])
def test_every_panel_is_a_csv(client, answers, panel):
    answer = client.get(f"/cities/springfield/{panel}.csv")
    assert answer.status_code == 200
    assert answer["Content-Type"].startswith("text/csv")
    assert answer["Content-Disposition"].startswith(f'attachment; filename="springfield-{panel}')


def test_pages_say_what_will_be_here_while_nothing_is_imported(client, answers):
    nothing = make_headline(value=None, usd=None, coverage=None, references=(), reason="No tract file is live yet.")
    answers(
        available_measures=lambda level="tract": (),
        headline=lambda place, **_: nothing,
        headlines=lambda cities, **_: {},
        geometry=lambda slug: None,
    )
    for address in ("/", "/cities/springfield/"):
        answer = client.get(address)
        assert answer.status_code == 200
        assert 'href="/data/"' in answer.content.decode()
    assert "No tract file is live yet." in answer.content.decode()
    assert client.get("/cities/springfield/geometry.json").status_code == 404


def test_no_cities_at_all_is_an_empty_state(client, answers):
    answers(cities=lambda: (), headlines=lambda cities, **_: {})
    page = client.get("/").content.decode()
    assert 'class="empty"' in page and 'href="/data/"' in page and "<table" not in page


def test_values_without_polygons_show_a_table_and_no_map(client, answers):
    answers(city=lambda slug: replace(make_city(), has_geometry=False))
    page = client.get("/cities/springfield/").content.decode()
    assert 'class="empty"' in page and 'class="map-svg"' not in page
    assert page.count("data-geoid") == 5


def test_polygons_without_values_and_no_tracts_at_all(client, answers):
    blank = np.full(5, np.nan, dtype=np.float32)
    answers(place_tracts=lambda city, slug: make_tracts(values=blank, national_percentiles=blank))
    assert "No number is published for the 4 neighborhoods" in client.get("/cities/springfield/").content.decode()
    empty = np.empty(0, dtype=np.float32)
    none = {"geoids": (), "names": (), "values": empty, "shares_in_city": empty, "belongs": empty.astype(bool)}
    answers(place_tracts=lambda city, slug: make_tracts(national_percentiles=empty, **none))
    assert client.get("/cities/springfield/").status_code == 200
    assert client.get("/cities/springfield/map.json").status_code == 404  # nothing to color


def test_a_form_without_script_is_answered_by_the_measures_own_address(client, answers):
    answer = client.get(
        "/cities/springfield/?subject=kfr_usd_2015&race=asian&gender=male&income=p75&view=tiers&overlay="
    )
    assert answer.status_code == 302
    assert answer["Location"] == (
        "/cities/springfield/?view=tiers&measure=kfr_pooled_pooled_p25_usd_2015&asked=asian.male.p75#where"
    )
    page = client.get(answer["Location"]).content.decode()
    assert "for Asian boys of parents at the 75th percentile" in page
    assert "is not published for tracts; the nearest that is stands below" in page
    assert client.get("/cities/springfield/?subject=nonsense").status_code == 404
    hostile = client.get("/cities/springfield/?asked=<script>.x.y").content.decode()
    assert "the nearest that is stands below" not in hostile


def test_a_view_that_the_errors_do_not_allow_is_shown_as_published_and_said(client, answers):
    page = client.get("/cities/springfield/?view=tiers").content.decode()
    assert "cannot be shown for this measure, so you see the original estimates" in page
    assert client.get("/cities/springfield/map.json?view=tiers").json()["view"] == "raw"


def test_incarceration_by_race_waits_for_its_context(client, answers):
    split = make_measure("jail_black_male_p25", label="Incarceration rate", unit="share")
    answers(
        available_measures=lambda level="tract": (JAIL, split, make_measure()),
        place_tracts=lambda place, slug: make_tracts(split if slug == split.slug else make_measure()),
    )
    waiting = client.get("/cities/springfield/?measure=jail_black_male_p25").content.decode()
    assert "April 1, 2010" in waiting
    assert 'class="map-svg"' not in waiting and 'id="table-where"' not in waiting
    assert "measure=jail_black_male_p25&amp;context=read#where" in waiting
    opened = client.get("/cities/springfield/?measure=jail_black_male_p25&context=read").content.decode()
    assert "April 1, 2010" in opened and 'class="map-svg"' in opened
    payload = client.get("/cities/springfield/map.json?measure=jail_black_male_p25").json()
    assert payload == {"measure": "jail_black_male_p25", "needs_context": True}


def test_an_overlay_nobody_has_is_a_404_that_names_those_there_are(client, answers):
    poverty = make_measure("poor_share2016", label="Poverty rate", unit="share", group="characteristic")
    answers(available_measures=lambda level="tract": (make_measure(), poverty))
    answer = client.get("/cities/springfield/?overlay=poor_share2015")
    assert answer.status_code == 404
    assert "overlay=poor_share2016" in answer.content.decode()
    assert client.get("/cities/springfield/map.json?overlay=poor_share2015").status_code == 404
    assert "Circles: " in client.get("/cities/springfield/?overlay=poor_share2016").content.decode()


def test_a_change_of_measure_moves_at_most_6_kilobytes(client, answers):
    rank = make_measure("kfr_pooled_pooled_p25", label="Household income rank", unit="rank", has_standard_error=True)
    tracts, known = make_many(rank)
    answers(
        available_measures=lambda level="tract": (rank,),
        place_tracts=lambda place, slug: tracts,
        tract_statistics=lambda place, slug: known,
    )
    for view in ("raw", "shrunk", "tiers"):
        sent = client.get(f"/cities/springfield/map.json?view={view}", headers={"Accept-Encoding": "gzip"})
        assert sent["Content-Encoding"] == "gzip"
        assert 1_000 < len(sent.content) <= 6_000


def test_every_panel_of_the_page_leads_to_its_chart_table_and_files(client, answers):
    """The page itself draws on the server: what a reader may want beside that has an address of its own."""
    page = client.get("/cities/springfield/").content.decode()
    for panel in ("headline", "groups", "gaps"):
        assert f'href="/cities/springfield/charts/{panel}/' in page, panel
        own = client.get(f"/cities/springfield/charts/{panel}/").content.decode()
        assert f'src="/cities/springfield/{panel}.svg"' in own, "there without a script"
        for end in ("csv", "png", "svg", "xlsx"):
            assert f'href="/cities/springfield/{panel}.{end}' in own, (panel, end)
        assert f'id="table-{panel}"' in own and 'id="download"' in own and "/requests/problem/?about=" in own
    assert not re.search(r'href="[^"]*\?(#|")', page)


def test_a_chart_nobody_has_is_a_404_and_plotly_waits_until_it_is_asked_for(client, answers):
    assert client.get("/cities/springfield/charts/nonsense/").status_code == 404
    own = client.get("/cities/springfield/charts/groups/").content.decode()
    assert not re.search(r'<script src="[^"]*plotly', own) and re.search(r'data-scripts="[^"]*plotly', own)


def test_the_map_is_whole_without_a_script(client, answers):
    """Each own tract is a named link, one stop for the keyboard, and no style that the policy refuses."""
    page = client.get("/cities/springfield/").content.decode()
    drawn = page[page.index('<svg class="map-svg"') :]
    drawn = drawn[: drawn.index("</svg>")]
    links = re.findall(
        r'<a href="/tracts/(\d{11})/" tabindex="-1" aria-label="([^"]+)"><path class="([^"]+)" d="M', drawn
    )
    assert len(links) == 4
    assert sum(name.endswith(": no data") for _, name, css in links if css == "no-value") == 1
    assert all("$" in name for _, name, css in links if css != "no-value")
    assert drawn.count('tabindex="0"') == 1 and "style" not in drawn
    assert 'class="city-edge"' in drawn and 'id="hatch"' in drawn


def test_a_tract_in_the_address_opens_its_card_and_another_citys_is_refused(client, answers):
    chosen = make_tracts().geoids[1]
    page = client.get(f"/cities/springfield/?tract={chosen}").content.decode()
    assert f'data-tract="{chosen}"' in page
    assert client.get("/cities/springfield/?tract=01001020100").status_code == 404
    assert client.get("/cities/springfield/card.html?tract=01001020100").status_code == 404
    assert client.get("/cities/springfield/card.html").status_code == 404
    card = client.get(f"/cities/springfield/card.html?tract={chosen}", headers={"Accept-Encoding": "gzip"})
    assert card.status_code == 200 and len(card.content) <= 2_000


def test_the_card_of_a_tract_without_a_value_says_so(client, answers):
    blank = [g for g, v in zip(make_tracts().geoids, make_tracts().values, strict=True) if np.isnan(v)][0]
    card = client.get(f"/cities/springfield/card.html?tract={blank}").content.decode()
    assert "too few children to publish" in card


def test_the_address_printed_under_a_picture_has_no_empty_query():
    assert page_address(make_city(), "headline", Options()) == "/cities/springfield/#headline"
    assert page_address(make_city(), "spread", Options(measure="a")) == "/cities/springfield/analysis/?measure=a#spread"
