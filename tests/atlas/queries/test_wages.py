"""Which metropolitan area a city is called after, what its occupations pay, and which file answers for which area."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from atlas.ingest.activation import roll_back
from atlas.ingest.pipeline import run
from atlas.models import LivePart, OccupationWage
from atlas.queries.wages import (
    every_occupation,
    find_occupations,
    known_codes,
    metro_of,
    metro_wages,
    wages_are_live,
    wages_of_city,
)
from tests.atlas.sources.test_occupation_wages import REAL, ROWS, SPRINGFIELD, US, row, written
from tests.factories import portal

pytestmark = pytest.mark.django_db
TEN = {
    ("Albuquerque", "NM"): "10740",
    ("Cincinnati", "OH"): "17140",
    ("Dayton", "OH"): "19430",
    ("Detroit", "MI"): "19820",
    ("Lansing", "MI"): "29620",
    ("New Orleans", "LA"): "35380",
    ("Newark", "NJ"): "35620",
    ("Racine", "WI"): "39540",
    ("Rochester", "NY"): "40380",
    ("Tulsa", "OK"): "46140",
}


def bring_in(path, **more):
    report = run(path, commit=True, **more)
    assert report.outcome == "activated", report.sentence()
    return report


@pytest.fixture
def wages(tmp_path):
    return bring_in(written(tmp_path / "oews_may2025.csv"))


def test_without_wages_nothing_is_known():
    assert not wages_are_live() and metro_of("Springfield", "MI") is None and every_occupation() == ()
    assert metro_wages("Springfield", "MI") is None and wages_of_city("nowhere") is None


@pytest.mark.parametrize(
    ("name", "state", "found"),
    [
        ("Springfield", "MI", True),
        ("Decatur", "MI", True),
        ("Springfield", "MA", False),
        ("Chatham", "MI", False),
        ("Spring", "MI", False),
        ("National", "US", False),
    ],
)
def test_a_city_is_in_the_area_that_is_called_after_it(wages, name, state, found):
    metro = metro_of(name, state)
    assert (metro.code if metro else None) == ("44100" if found else None)


def test_every_number_is_kept_or_its_reason(wages, django_assert_num_queries):
    assert wages_are_live()
    with django_assert_num_queries(5):  # what is live, the areas and who answers for them, two areas' rows
        found = metro_wages("Springfield", "MI")
    assert found.month == date(2025, 5, 1) and found.source.vintage == "May 2025"
    assert found.source.publisher == "US Bureau of Labor Statistics" and len(found.rows) == 7 and len(found.nation) == 3
    aide, heart, welder = (found.find(code) for code in ("31-1131", "29-1212", "51-4121"))
    assert (aide.annual_median, aide.employment, aide.mean_rse) == (38_420, 1230, 1.2) and not aide.missing
    assert heart.annual_median is None and heart.missing["annual_median"] == "top_coded"
    assert welder.employment is None and welder.missing["employment"] == "not_released" and welder.annual_median
    assert found.find_in_nation("31-1131").annual_median == 41_000 and found.find("53-3032") is None
    with django_assert_num_queries(1):
        assert metro_wages("Springfield", "MI") == found


def test_occupations_are_found_by_words_of_their_title_and_by_code(wages):
    assert [one.code for one in find_occupations("nurs ass")] == ["31-1131"]
    assert [one.code for one in find_occupations("53-30")] == ["53-3032"]
    assert find_occupations("a") == () and find_occupations("zebra") == ()
    assert known_codes(["31-1131", "99-9999"]) == {"31-1131"}


def test_a_file_answers_for_its_own_areas(tmp_path, wages):
    later = [row(SPRINGFIELD, "00-0000", "All Occupations", "total", 48_000)] + [
        row(SPRINGFIELD, f"11-{number}", "Managers", median=90_000) for number in range(1011, 1021)
    ]
    report = run(written(tmp_path / "MSA_M2026_dl.csv", later), commit=True)
    assert report.outcome == "refused" and report.lost_rows == 0 and "would drop" in report.sentence()
    report = bring_in(tmp_path / "MSA_M2026_dl.csv", accept_losses=True)
    assert dict(LivePart.objects.values_list("part", "release_id"))["44100"] == report.release_id
    found = metro_wages("Springfield", "MI")
    assert found.month.year == 2026 and found.find("00-0000").annual_median == 48_000
    assert found.nation_source.vintage == "May 2025" and len(found.nation) == 3
    roll_back("occupation_wages_oews", part="44100")
    assert metro_wages("Springfield", "MI").month.year == 2025


def test_the_same_bytes_are_unchanged_and_new_areas_lose_nothing(tmp_path, wages):
    assert run(tmp_path / "oews_may2025.csv", commit=True).outcome == "unchanged"
    others = [one | {"AREA": "19500", "AREA_TITLE": "Decatur, MI"} for one in ROWS if one["AREA"] != US[0]]
    bring_in(written(tmp_path / "MSA_M2025_dl.csv", others))
    assert metro_of("Decatur", "MI") is None  # named by two areas: neither is guessed


@pytest.mark.parametrize(
    "wrong",
    [
        {"annual_median": 0},
        {"annual_median": None},
        {"missing": {"hourly_p90": "not_released"}, "annual_median": None},
        {"employment": None},
        {"hourly_p90": -1},
        {"area": "1"},
        {"occupation": "111011"},
        {"occupation": "00-0000"},
    ],
)
def test_the_database_refuses_what_the_reader_would(wages, wrong):
    one = OccupationWage.objects.get(area="44100", occupation="31-1131")
    for name, value in wrong.items():
        setattr(one, name, value)
    with pytest.raises(IntegrityError), transaction.atomic():
        one.save()


def test_the_data_page_names_it(client, tmp_path, wages):
    portal.build(tmp_path)
    page = client.get("/data/").content.decode()
    assert "Wages of occupations" in page
    assert client.get("/data/sources/occupation_wages_oews/").status_code == 200
    listed = client.get("/api/v1/releases/?dataset=occupation_wages_oews").json()
    assert listed["results"][0]["vintage"] == 2025 if "results" in listed else listed


@pytest.mark.skipif(not REAL.exists(), reason="needs the real file")
def test_each_of_the_ten_cities_has_its_area_in_the_real_file():
    bring_in(REAL)
    assert {names: metro_of(*names).code for names in TEN} == TEN
    detroit = metro_wages("Detroit", "MI")
    assert len(detroit.rows) == 702 and len(detroit.nation) == 1104
    assert all(one.code in {each.code for each in detroit.nation} for one in detroit.rows)
