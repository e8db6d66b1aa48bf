"""A tract is called by its neighborhood, else by its number and where it lies."""

import pytest

from atlas.formatting.tract_names import neighborhood_in, place_in, tract_number, tract_title


@pytest.mark.parametrize(
    ("geoid", "number"),
    [("26163521400", "5214"), ("26163518801", "5188.01"), ("55101000300", "3"), ("55101000010", "0.10")],
)
def test_the_number_is_the_censuss(geoid, number):
    assert tract_number(geoid) == number


@pytest.mark.parametrize(
    ("name", "near", "county", "title"),
    [
        ("Corktown, Detroit, MI", "Midtown", "Wayne County", "Corktown"),
        ("Caddo Heights, South Highlands, Shreveport, LA", "", "", "Caddo Heights, South Highlands"),
        ("Corktown", "", "", "Corktown"),
        ("Detroit, MI", "Corktown", "Wayne County", "Tract 5222, near Corktown"),
        ("Dearborn, MI", "", "Wayne County", "Tract 5222, Dearborn"),
        ("", "", "Wayne County", "Tract 5222, Wayne County"),
        ("", "", "", "Tract 5222"),
    ],
)
def test_a_tract_without_a_name_says_where_it_lies(name, near, county, title):
    assert tract_title("26163522200", name, near, county) == title


def test_a_name_is_taken_apart_from_its_end():
    assert neighborhood_in("Springlake, University Terrace, Shreveport, LA") == "Springlake, University Terrace"
    assert place_in("Springlake, University Terrace, Shreveport, LA") == "Shreveport"
    assert place_in("Detroit, MI") == "Detroit" and neighborhood_in("Detroit, MI") == "" and place_in("") == ""
