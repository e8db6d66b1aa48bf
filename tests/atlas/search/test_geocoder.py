"""The Census geocoder's answers, good and bad; the address appears nowhere."""

import logging

import pytest

from atlas.search.geocoder import GeocoderAway, geocode
from tests.factories import geocoder

ADDRESS = "2 Woodward Ave, Detroit, MI"


@pytest.fixture
def stub(settings):
    with geocoder.serve() as served:
        settings.CENSUS_GEOCODER_URL = served.address
        settings.CENSUS_GEOCODER_SECONDS = 2.0
        yield served


def test_it_is_asked_for_tracts_of_2010(stub):
    stub.matches(("2 WOODWARD AVE, DETROIT, MI, 48226", "26163517200"))
    (found,) = geocode(ADDRESS)
    assert (found.geoid, found.address) == ("26163517200", "2 WOODWARD AVE, DETROIT, MI, 48226")
    assert stub.asked == [
        {
            "address": [ADDRESS],
            "benchmark": ["Public_AR_Current"],
            "vintage": ["Census2010_Current"],
            "layers": ["Census Tracts"],
            "format": ["json"],
        }
    ]


def test_two_matches_and_none(stub):
    stub.matches(("A", "26163517200"), ("B", "26163517300"), ("A", "26163517200"))
    assert [one.geoid for one in geocode(ADDRESS)] == ["26163517200", "26163517300"]
    stub.matches()
    assert geocode(ADDRESS) == ()


def test_another_census_is_caught(stub):
    stub.matches(("A", "48085030410"), vintage="Current_Current")
    with pytest.raises(GeocoderAway, match="another census"):
        geocode(ADDRESS)


@pytest.mark.parametrize(
    "body",
    [
        b"<html>Internal Server Error</html>",
        b"",
        b"[]",
        b"null",
        b'{"result": {}}',
        b'{"result": {"input": {"vintage": {"vintageName": "Census2010_Current"}}, "addressMatches": [{}]}}',
        b'{"result": {"input": {"vintage": {"vintageName": "Census2010_Current"}}, "addressMatches": {"a": 1}}}',
        b"[" * 100_000,
        b"\xff\xfe\x00",
    ],
)
def test_what_cannot_be_read_is_no_answer(stub, body):
    stub.body = body
    with pytest.raises(GeocoderAway, match="could not be read"):
        geocode(ADDRESS)
    assert len(stub.asked) == 2, "one retry"


def test_a_geoid_that_is_none_is_no_answer(stub):
    stub.matches(("A", "26163517200<script>"))
    with pytest.raises(GeocoderAway):
        geocode(ADDRESS)


def test_500_with_html_is_tried_once_more(stub):
    stub.status, stub.body = 500, b"<html>away</html>"
    with pytest.raises(GeocoderAway, match="status 500"):
        geocode(ADDRESS)
    assert len(stub.asked) == 2


def test_it_does_not_follow_elsewhere(stub):
    stub.status, stub.headers = 302, {"Location": "http://127.0.0.1:1/elsewhere"}
    with pytest.raises(GeocoderAway, match="status 302"):
        geocode(ADDRESS)


def test_a_huge_answer_is_not_read_to_its_end(stub):
    stub.body = b" " * 2_000_000
    with pytest.raises(GeocoderAway, match="too much"):
        geocode(ADDRESS)


def test_an_answer_with_broken_headers_puts_no_address_into_the_log(stub, caplog):
    """urllib3 warns of them with the whole address it asked for."""
    stub.matches(("A", "26163517200"))
    stub.headers = {"Broken\r\nno colon here\r\nX-More": "1"}
    assert geocode(ADDRESS)
    assert "Woodward" not in caplog.text


def test_a_slow_or_absent_one_is_given_up_and_names_no_address(stub, settings, caplog):
    caplog.set_level(logging.INFO)
    settings.CENSUS_GEOCODER_SECONDS, stub.seconds = 0.2, 0.6
    with pytest.raises(GeocoderAway) as slow:
        geocode(ADDRESS)
    settings.CENSUS_GEOCODER_URL = "http://127.0.0.1:1/"
    with pytest.raises(GeocoderAway) as away:
        geocode(ADDRESS)
    for raised in (slow.value, away.value):
        assert "Woodward" not in f"{raised} {raised.__cause__}"
    assert "Woodward" not in caplog.text
