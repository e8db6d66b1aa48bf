"""A city's page of wages, its files and its API: the same numbers and dollars, and a reason for each that lacks."""

import csv
import io
import re

import pytest

from atlas.ingest.pipeline import run
from tests.atlas.sources.test_consumer_prices import ROWS as PRICES
from tests.atlas.sources.test_consumer_prices import written as prices_file
from tests.atlas.sources.test_occupation_wages import ROWS, written
from tests.factories import portal

pytestmark = pytest.mark.django_db
PAGE = "/cities/springfield/wages/"
CSV = f"{PAGE}occupations.csv"
API = "/api/v1/cities/springfield/wages/"
MAY = 321.465
TO_LAST = 334.98 / MAY


@pytest.fixture(autouse=True)
def springfield(tmp_path):
    return portal.build(tmp_path)


@pytest.fixture
def wages(tmp_path):
    assert run(written(tmp_path / "oews_may2025.csv"), commit=True).outcome == "activated"


@pytest.fixture
def prices(tmp_path):
    rows = (*PRICES, ("CUUR0000SA0", 2025, "M05", str(MAY)))
    assert run(prices_file(tmp_path / "prices.csv", rows), commit=True).outcome == "activated"


def lines(page: str) -> list[list[str]]:
    """Cells of the table's rows, without tags."""
    body = page[page.index("<tbody>") : page.index("</tbody>")]
    rows = re.findall(r"<tr>(.*?)</tr>", body, re.S)
    return [[re.sub(r"<[^>]+>", "", cell).strip() for cell in re.findall(r"<t[hd].*?</t[hd]>", row)] for row in rows]


def read(client, address=PAGE) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def test_without_wages_the_page_says_so_and_the_city_has_no_link(client):
    assert 'class="empty"' in read(client) and PAGE not in read(client, "/cities/springfield/")
    assert client.get(CSV).status_code == 404 and client.get(API).status_code == 404


def test_without_a_metropolitan_area_of_its_name_nothing_is_guessed(client, tmp_path):
    others = [one | {"AREA_TITLE": "Decatur, MI"} if one["AREA"] != "99" else one for one in ROWS]
    assert run(written(tmp_path / "oews_may2025.csv", others), commit=True).outcome == "activated"
    assert 'class="empty"' in read(client) and client.get(CSV).status_code == 404


def test_the_city_leads_to_it(client, wages):
    assert f'href="{PAGE}"' in read(client, "/cities/springfield/")


def test_a_line_has_wage_nation_jobs_and_errors_or_the_reason(client, wages):
    found = {cells[0].split("\n")[0].split(" 3")[0]: cells for cells in lines(read(client, f"{PAGE}?sort=title"))}
    aide = next(cells for name, cells in found.items() if name.startswith("Nursing"))
    assert aide[1:] == ["$38,420", "$30,736 to $49,946", "$41,000", "1,230", "4.5%", "1.2%"]
    cells = {name.split(" ")[0].rstrip(","): cells for name, cells in found.items()}
    assert cells["Cardiologists"][1] == "at least $239,200"
    assert cells["Actors"][1].endswith("an hour") and cells["Elementary"][1] == "$40,000"
    assert cells["Sociologists"][1] == "not released by the source" and cells["Sociologists"][6] == "–"
    assert cells["Welders"][4] == "not released by the source"
    assert not any("$0" in cell for row in found.values() for cell in row)


def test_it_is_searched_and_sorted(client, wages):
    assert [cells[0].split(" ")[0] for cells in lines(read(client, f"{PAGE}?words=nurs ass"))] == ["Nursing"]
    assert len(lines(read(client, f"{PAGE}?words=00-0000"))) == 1
    by_pay = [cells[0].split(" ")[0].rstrip(",") for cells in lines(read(client, f"{PAGE}?sort=pay"))]
    assert by_pay[0] == "Cardiologists" and by_pay[-1] == "Sociologists"
    assert 'class="empty"' in read(client, f"{PAGE}?words=zebra")
    page = read(client, f"{PAGE}?sort=pay")
    assert page.count('aria-sort="descending"') == 1 and "May 2025 dollars" in page
    assert client.get(f"{PAGE}?sort=magic").status_code in (400, 404)
    for odd in ("page=0", "page=-1", "page=x", "page=99999", "words=%00", f"words={'w' * 500}", "words=<script>"):
        answer = client.get(f"{PAGE}?{odd}")
        assert answer.status_code == 200 and "<script>" not in answer.content.decode().split("<main", 1)[1][:20_000]


def test_dollars_of_today_turn_wages_and_say_from_which_month(client, wages, prices):
    before, after = read(client, f"{PAGE}?sort=title"), read(client, f"{PAGE}?sort=title&dollars=today")
    pairs = [
        (int(a[1].strip("$").replace(",", "")), int(b[1].strip("$").replace(",", "")))
        for a, b in zip(lines(before), lines(after), strict=True)
        if re.fullmatch(r"\$[\d,]+", a[1])
    ]
    assert pairs and all(after == pytest.approx(before * TO_LAST, abs=51) for before, after in pairs)
    assert "May 2025 dollars" in before and "dollars=today" in before
    assert "August 2026 dollars" in after and f"{TO_LAST:.3f}" in after
    assert "at least $249,300" in after


def rows_of(answer) -> dict[str, dict[str, str]]:
    return {row["occupation"]: row for row in csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig")))}


def test_files_have_every_row_with_units_sources_and_reasons(client, wages, prices):
    plain, today = client.get(CSV), client.get(f"{CSV}?dollars=today")
    before, after = rows_of(plain), rows_of(today)
    assert len(before) == 7 and before["31-1131"]["annual_median"] in ("38420", "38420.0")
    assert before["31-1131"]["us_annual_median"] in ("41000", "41000.0") and not before["31-1131"]["reasons"]
    assert before["29-1212"]["annual_median"] == "" and "annual_median" in before["29-1212"]["reasons"]
    assert before["51-4121"]["employment"] == "" and "employment" in before["51-4121"]["reasons"]
    assert float(after["31-1131"]["annual_median"]) == pytest.approx(38_420 * TO_LAST, abs=0.01)
    assert after["31-1131"]["employment"] == before["31-1131"]["employment"]
    assert "usd-2026-08" in today["Content-Disposition"] and "usd" not in plain["Content-Disposition"]
    described = client.get(f"{PAGE}occupations.datapackage.json").json()
    fields = {field["name"]: field for field in described["resources"][0]["schema"]["fields"]}
    assert "usd_2025_05" in str(fields["annual_median"]) and "Labor Statistics" in str(described)
    for extension in ("parquet", "xlsx", "json"):
        assert client.get(f"{PAGE}occupations.{extension}").status_code == 200
    assert client.get(f"{CSV}?words=x").status_code == 400


def test_the_api_has_the_same_rows_as_published(client, wages, prices):
    found = client.get(API).json()
    assert (found["count"], found["metro"], found["dollars_of"]) == (7, "44100", "2025-05")
    assert found["sources"][0]["vintage"] == "May 2025" and found["note"]
    by_code = {row["code"]: row for row in found["results"]}
    assert by_code["31-1131"]["annual_median"] == 38_420 and by_code["31-1131"]["us_annual_median"] == 41_000
    assert by_code["29-1212"]["annual_median"] is None
    assert by_code["29-1212"]["missing"]["annual_median"] == "top_coded"
    assert client.get(f"{API}?words=nurs").json()["count"] == 1
    assert client.get(f"{API}?word=nurs").status_code == 400
    assert client.get("/api/v1/cities/nowhere/wages/").status_code == 404


def test_a_page_asks_the_same_number_of_statements_whatever_it_shows(client, wages, django_assert_max_num_queries):
    read(client)
    for address in (PAGE, f"{PAGE}?words=nurs", f"{PAGE}?sort=pay&page=1"):
        with django_assert_max_num_queries(6):
            read(client, address)


def test_the_source_page_counts_areas(client, wages):
    page = read(client, "/data/sources/occupation_wages_oews/")
    assert "44100" in page and lines(page)[0][1:] == ["6", "4", "5"]


def test_occupations_are_suggested_with_their_wage_here(client, wages):
    found = client.get(f"{PAGE}suggestions/?q=nurs").json()["suggestions"]
    assert [(one["title"], one["detail"]) for one in found] == [("Nursing Assistants (31-1131)", "$38,420")]
    (elsewhere,) = client.get(f"{PAGE}suggestions/?q=truck").json()["suggestions"]
    assert "53-3032" in elsewhere["title"] and "$" not in elsewhere["detail"]
    assert client.get(f"{PAGE}suggestions/?q=a").json() == {"suggestions": []}
    assert client.get("/cities/nowhere/wages/suggestions/?q=nurs").status_code == 404
