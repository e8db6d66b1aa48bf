"""Names: as written first, with typos and accents, as text and never as a pattern; and without the extensions."""

import pytest
from django.db import ProgrammingError, connection
from django.test.utils import CaptureQueriesContext

from atlas.models import Tract
from atlas.models.name_search import enable_name_search, has_name_search, remove_name_search
from atlas.search.codes import find_codes, find_exact, find_numbers
from atlas.search.places import find_places
from atlas.search.points import tract_at
from tests.factories import portal

pytestmark = pytest.mark.django_db
FIRST, SECOND, THIRD = portal.CITY_TRACTS


@pytest.fixture
def springfield(tmp_path):
    portal.build(tmp_path)
    names = {FIRST: "Corktown", SECOND: "Tremé", THIRD: "Over-The-Rhine"}
    for geoid, name in names.items():
        Tract.objects.filter(geoid=geoid).update(name=f"{name}, Springfield, MI")
    Tract.objects.filter(geoid=portal.OUTSIDE).update(name="Hamtramck, MI")


@pytest.mark.parametrize(
    ("typed", "geoid"),
    [
        ("corktown", FIRST),
        ("Corktwon", FIRST),
        ("Treme", SECOND),
        ("TREMÉ", SECOND),
        ("over the rine", THIRD),
        ("Hamtramk", portal.OUTSIDE),
        ("Corktown, Springfield", FIRST),
    ],
)
def test_names_are_found_with_typos_and_without_accents(springfield, typed, geoid):
    found = find_places(typed)
    assert found.names[0].geoids == (geoid,)
    assert found.is_similar is (typed in ("Corktwon", "over the rine", "Hamtramk"))


@pytest.mark.parametrize("typed", ["%", "_", "c%n", "\\", ".*", "(", "'; DROP TABLE atlas_tract; --", "zzzzzz"])
def test_what_was_typed_is_text_and_no_pattern(springfield, typed):
    found = find_places(typed)
    assert not found.names and not found.cities


def test_cities_come_by_name_and_state_and_with_typos(springfield):
    assert [one.slug for one in find_places("spring").cities] == ["springfield"]
    assert [one.slug for one in find_places("Springfield, MI").cities] == ["springfield"]
    assert [one.slug for one in find_places("michigan").cities] == ["springfield"]
    misspelt = find_places("Sprinfgield")
    assert misspelt.is_similar and [one.slug for one in misspelt.cities] == ["springfield"] and not misspelt.names


def test_whole_words_come_before_beginnings_and_these_before_middles(springfield):
    names = ("Big Mack", "Accomack", "Mack North", "Mackville")
    for geoid, name in zip((FIRST, SECOND, THIRD, portal.OUTSIDE), names, strict=True):
        Tract.objects.filter(geoid=geoid).update(name=name)
    assert [one.name for one in find_places("mack").names] == ["Mack North", "Big Mack", "Mackville", "Accomack"]


def test_one_name_holds_its_tracts_and_the_cities_come_first(springfield):
    Tract.objects.filter(geoid__in=(FIRST, SECOND)).update(name="Brightmoor, Springfield, MI")
    Tract.objects.filter(geoid="06037101110").update(name="Brightmoor, Los Angeles, CA")
    here, there = find_places("Brightmoor").names
    assert here.geoids == (FIRST, SECOND) and here.homes[FIRST].slug == "springfield"
    assert there.county == "06037" and not there.homes


def test_a_search_costs_the_same_for_one_and_for_many(springfield):
    def count(typed):
        with CaptureQueriesContext(connection) as seen:
            find_places(typed)
        return len(seen)

    find_places("corktown")
    assert count("corktown") == count("i") <= 8


def test_without_the_extensions_names_are_found_as_written(springfield):
    remove_name_search(connection)
    assert not has_name_search(connection)
    assert find_places("corktown").names[0].geoids == (FIRST,)
    assert find_places("tremé").names[0].geoids == (SECOND,)
    assert not find_places("Corktwon").names
    assert enable_name_search(connection) == "" and has_name_search(connection)
    assert find_places("Corktwon").names[0].geoids == (FIRST,)


def test_a_server_that_refuses_is_told_of_and_nothing_breaks(springfield, monkeypatch):
    remove_name_search(connection)

    def refuse(cursor):
        raise ProgrammingError('permission denied to create extension "pg_trgm"\nHINT: more')

    monkeypatch.setattr("atlas.models.name_search._add_function_and_index", refuse)
    said = enable_name_search(connection)
    assert "CREATE EXTENSION pg_trgm" in said and "permission denied" in said and "HINT" not in said
    assert find_places("corktown").names, "the transaction goes on"


def test_codes_numbers_and_points(springfield):
    assert {one.geoid for one in find_codes("26163").tracts} == {*portal.CITY_TRACTS, portal.OUTSIDE}
    assert "Wayne County" in find_codes("26163").note
    assert [one.geoid for one in find_numbers("500100").tracts] == [FIRST]
    assert not find_numbers("500400").tracts, "not in a city"
    assert "not a census tract of 2010" in find_codes("26163999999").note
    assert find_exact("26163999999") is None and find_exact(FIRST).home.slug == "springfield"
    assert tract_at(-83.095, 42.305) == FIRST
    assert tract_at(0.0, 0.0) is None


def test_tracts_of_the_sample_are_nobodys_once_real_ones_are_live(springfield):
    Tract.objects.filter(geoid=FIRST).update(is_sample=True)
    assert not find_places("corktown").names and find_exact(FIRST) is None
