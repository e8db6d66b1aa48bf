"""What a city measured under each gap, and where it leads to the library."""

import pytest

from atlas.queries import cities as city_queries
from atlas.queries.headlines import headline
from atlas.queries.live import consistent_reads
from engagements.evidence.gap_queries import city_gaps, gap_behind, is_behind_nation
from engagements.evidence.gaps import ATLAS, GAPS, HIGHER, LOWER, NATION, GapMeasure
from engagements.seeds.evidence import seed_evidence
from tests.factories import files, portal

UP, DOWN = (GapMeasure(ATLAS, "kfr_pooled_pooled_p25", better, NATION) for better in (HIGHER, LOWER))


@pytest.mark.parametrize(
    ("city", "nation", "measure", "errors", "behind"),
    [
        (0.30, 0.41, UP, (None, None), True),
        (0.41, 0.30, UP, (None, None), False),
        (0.41, 0.30, DOWN, (None, None), True),
        (0.409, 0.41, UP, (None, None), False),  # the page would print the same percentile
        (0.40, 0.41, UP, (0.003, 0.004), True),  # 0.01 is 2 standard errors of 0.005
        (0.401, 0.41, UP, (0.003, 0.004), False),  # 1.8
        (0.40, 0.41, UP, (0.003, None), True),
    ],
)
def test_behind_the_nation_by_more_than_the_noise(city, nation, measure, errors, behind):
    assert is_behind_nation(city, nation, measure, errors) is behind


@pytest.fixture
def springfield(tmp_path, db):
    """The small portal, and elsewhere children who got further."""
    city = portal.build(tmp_path)
    usd = {portal.CITY_TRACTS[0]: "20000", portal.CITY_TRACTS[1]: "30000", portal.CITY_TRACTS[2]: ""}
    usd |= {portal.OUTSIDE: "25000", "06037101110": "60000", "36055000200": "50000", "55101000100": "55000"}
    portal.ingest(files.shown_tract(tmp_path / "further.csv", usd))
    return city


def test_every_gap_has_its_number_or_why_there_is_none(springfield):
    with consistent_reads():
        found = {one.gap.code: one for one in city_gaps(city_queries.city("springfield"))}
    assert list(found) == [gap.code for gap in GAPS]
    (reading,) = found["mobility"].readings
    assert (reading.city_text, reading.nation_text) == ("the 34th percentile", "the 37th percentile")
    assert reading.is_behind and "Without standard errors" in reading.about and reading.source.publisher
    assert found["mobility"].is_behind and not found["preschool"].is_behind
    assert found["preschool"].reason == "It has not been imported for Springfield yet."
    assert found["early_childhood"].reason.startswith("No data set in this portal")


def test_the_city_page_leads_to_what_was_tried_where_it_is_below_the_nation(springfield, client):
    with consistent_reads():
        found = headline(city_queries.city("springfield"))
    assert gap_behind(found) == "mobility"
    words = client.get("/cities/springfield/").content.decode()
    assert "/evidence/?city=springfield&amp;gap=mobility" in words
    assert "below the national average" in words and "may not repeat here" in words


def test_the_library_shows_the_number_and_promises_nothing(springfield, client):
    seed_evidence()
    page = client.get("/evidence/?city=springfield&gap=mobility")
    words = page.content.decode()
    assert page.context["count"] == 13 and words.count('<tr class="finding-row"') == 13
    for shown in (
        "in Springfield",
        "the 34th percentile",
        "below the nation",
        "Opportunity Insights",
        "may not repeat",
    ):
        assert shown in words, shown
    assert 'href="/cities/springfield/"' in words
    words = client.get("/evidence/?city=springfield").content.decode()
    assert "It has not been imported for Springfield yet." in words


def test_a_city_without_data_is_said_to_have_none(client, db):
    portal.add_city()
    answer = client.get("/evidence/?city=springfield&gap=mobility")
    assert answer.status_code == 200 and "It has not been imported for Springfield yet." in answer.content.decode()
    assert "What has been tried elsewhere" not in client.get("/cities/springfield/").content.decode()


def test_a_citys_gaps_cost_no_more_with_more_rows(springfield, client, django_assert_max_num_queries):
    client.get("/evidence/?city=springfield")
    with django_assert_max_num_queries(20):
        client.get("/evidence/?city=springfield")
    seed_evidence()
    with django_assert_max_num_queries(20):
        client.get("/evidence/?city=springfield")
