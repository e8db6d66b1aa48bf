"""One tract's page and the search that finds it, on the small portal."""

import csv
import io

import pytest

from atlas.ingest.pipeline import run
from atlas.queries.one_tract import listed_measures, tract_values
from atlas.records.places import RankSet
from dashboards.formatting.estimates import format_estimate
from dashboards.panels import standing
from tests.factories import files, portal
from tests.reference import weighted

pytestmark = pytest.mark.django_db


@pytest.fixture
def springfield(tmp_path):
    return portal.build(tmp_path)


def test_a_tract_stands_among_all_us_tracts_and_beside_its_citys_middle(springfield):
    values = {v.measure.slug: v for v in tract_values(portal.CITY_TRACTS[0], "springfield")}
    income = values["kfr_pooled_pooled_p25_usd_2015"]
    reference = [20000, 30000, 25000, 40000, 0, 35000]
    assert income.value == 20000
    assert income.percentile == pytest.approx(100 * weighted.midrank(20000, reference, [1] * 6))
    assert income.city_middle == 25000, "the middle of 20,000 and 30,000; the third tract has no value"
    assert income.national_middle == 27500
    assert income.low_percentile is None and income.standard_error is None


def test_an_empty_field_says_why(springfield):
    values = {v.measure.slug: v for v in tract_values(portal.CITY_TRACTS[2], "springfield")}
    assert values["kfr_pooled_pooled_p25_usd_2015"].value is None
    assert values["kfr_pooled_pooled_p25_usd_2015"].reason


def test_incarceration_is_not_on_a_tracts_page(springfield, client):
    assert "jail_pooled_pooled_mean" not in {m.slug for m in listed_measures()}
    page = client.get(f"/tracts/{portal.CITY_TRACTS[0]}/").content.decode()
    assert "ncarcerated" not in page


def test_with_standard_errors_the_interval_is_carried_to_the_same_scale(springfield, tmp_path, client):
    from tests.factories.files import write

    header = "state,county,tract,cz,czname,kfr_pooled_pooled_p25,kfr_pooled_pooled_p25_se,pooled_pooled_count\n"
    rows = [f"26,163,{500100 + 100 * i},11600,Detroit,{0.30 + 0.05 * i},.02,{100 + i}\n" for i in range(4)]
    report = run(write(tmp_path / "tract_outcomes_simple.csv", header + "".join(rows)), commit=True)
    assert report.outcome == "activated", report.sentence()
    found = next(v for v in tract_values(portal.CITY_TRACTS[1], "springfield") if v.standard_error)
    assert found.low_percentile <= found.percentile <= found.high_percentile
    assert found.children == 101
    page = client.get(f"/tracts/{portal.CITY_TRACTS[1]}/").content.decode()
    assert "m-range" in page and "95% margin" in page


def test_the_page_names_the_tract_its_city_and_its_share(springfield, client):
    page = client.get(f"/tracts/{portal.CITY_TRACTS[2]}/").content.decode()
    assert "60%" in page and 'href="/cities/springfield/"' in page
    assert 'class="map-svg' in page
    assert client.get(f"/tracts/{portal.OUTSIDE}/").status_code == 200


def test_the_csv_has_the_rows_of_the_page(springfield, client):
    text = client.get(f"/tracts/{portal.CITY_TRACTS[0]}/measures.csv").content.decode()
    rows = list(csv.DictReader(io.StringIO(text)))
    assert {row["slug"] for row in rows} == {m.slug for m in listed_measures()}


def test_the_csv_has_raw_numbers_where_the_page_has_words(springfield, client):
    """Each row in a unit of its own: 0.352 of a share is "35.2%" on the page, and a middle is never rounded."""
    address = f"/tracts/{portal.CITY_TRACTS[0]}/"
    text = client.get(f"{address}measures.csv").content.decode()
    rows = list(csv.DictReader(io.StringIO(text)))
    page = client.get(address).content.decode()
    assert any(row["unit"].startswith("usd") for row in rows)
    for row in rows:
        unit = row["unit"].removesuffix(" 0-1")
        for key in ("value", "city_middle", "national_middle"):
            number = float(row[key]) if row[key] else None
            assert format_estimate(number, unit) in page, (row["slug"], key)
        assert row["standard_error"] == "" or float(row["standard_error"]) >= 0


def test_unknown_and_2020_codes_explain_themselves(springfield, client):
    answer = client.get("/tracts/26163999999/")
    assert answer.status_code == 404 and "not a census tract of 2010" in answer.content.decode()
    assert client.get("/tracts/123/").status_code == 404


RELATION = (
    "GEOID_TRACT_20|AREALAND_TRACT_20|GEOID_TRACT_10|AREALAND_TRACT_10|AREALAND_PART\n"
    "26163500100|900|26163500100|900|900\n26163500200|900|26163500200|900|900\n"
    "26163500300|900|26163500300|900|900\n26163500400|900|26163500400|900|900\n"
    "26163990100|1000|26163500100|900|750\n26163990100|1000|26163500200|900|250\n"
)


def test_a_2020_code_names_the_tracts_it_lies_in(springfield, tmp_path, client):
    assert run(files.write(tmp_path / "rel.txt", RELATION), commit=True).outcome == "activated"
    answer = client.get("/tracts/26163990100/")
    assert answer.status_code == 404 and "26163500100 (75% of its land)" in answer.content.decode()
    assert "neither 2010 nor 2020" in client.get("/tracts/26163999999/").content.decode()


@pytest.mark.parametrize(
    ("low", "high", "said"),
    [
        (
            12,
            280,
            "anywhere from 12th to 280th of Springfield’s 290 tracts (1st is the highest; 95% ",
        ),
        (1, 290, "anywhere among Springfield’s 290 tracts"),
        (3, 3, "is 3rd of Springfield’s 290"),
    ],
)
def test_a_rank_is_a_set_in_words(low, high, said):
    assert said in standing.describe_ranks(RankSet("1", "kfr", low, high, 290, 2000, None), "Springfield")


def test_without_standard_errors_the_page_says_why_there_is_no_rank(springfield, client):
    page = client.get(f"/tracts/{portal.CITY_TRACTS[0]}/").content.decode()
    assert "ranks need an outcome with published standard errors" in page
    assert "Why so wide?" not in page and "m-range" not in page, "there are neither ranks nor margins"
    assert "no margin of error" in page
