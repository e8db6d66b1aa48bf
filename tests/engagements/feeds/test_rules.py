"""Outliers, periods, numbers, tables and addresses, against worked cases."""

from datetime import UTC, date, datetime, timedelta

import pytest

from engagements.feeds.rules import answers, schedule
from engagements.feeds.rules.answers import FeedProblem, read_csv
from engagements.feeds.rules.checks import find_unusual_amount
from engagements.feeds.rules.mapping import map_rows, read_number
from engagements.feeds.rules.outliers import find_outlier, modified_z_score
from engagements.feeds.rules.periods import period_of, read_day
from engagements.feeds.rules.requests import find_secret_in_address, request_address, secret_headers

GROWING = [40, 42, 45, 44, 47, 49, 50, 53, 52, 55]
NOW = datetime(2026, 11, 29, 12, tzinfo=UTC)


def test_the_modified_z_score_is_the_worked_one():
    assert modified_z_score([2, 3, -1, 3, 2, 1, 3, -1, 3], 7) == pytest.approx(0.6745 * 5)
    assert modified_z_score([2, -3, 2, 2, -3, 2, 2, -3, 2], 7) == pytest.approx(5 / (1.253314 * 15 / 9))


@pytest.mark.parametrize(
    ("earlier", "value", "unit", "waits"),
    [
        (GROWING, 62, "people", False),
        (GROWING, 63, "people", True),
        (GROWING, 550, "people", True),
        (GROWING, 45, "people", True),
        ([5] * 10, 5, "count", False),
        ([5] * 10, 6, "count", True),
        ([], 10**9, "usd", False),
        ([40], 120, "people", False),
        ([40], 130, "people", True),
        ([40], 13, "people", True),
        ([0.30], 0.50, "share", False),
        ([0.30], 0.51, "share", True),
        ([0], 5, "people", False),
        ([5], -5, "score", True),
    ],
)
def test_what_waits_and_what_is_taken(earlier, value, unit, waits):
    assert bool(find_outlier(earlier, value, unit)) is waits


def test_amounts_are_compared_by_size():
    assert not find_unusual_amount([900, 1000, 1100], 10_000)
    assert find_unusual_amount([900, 1000, 1100], 12_000)
    assert find_unusual_amount([900, 950, 1000, 1050, 1100, 980, 1020, 990], 10_000)
    assert not find_unusual_amount([900, 950, 1000, 1050, 1100, 980, 1020, 990], 5)


@pytest.mark.parametrize(
    ("given", "day"),
    [
        ("2026-11-28T00:00:00.000", date(2026, 11, 28)),
        ("11/28/2026", date(2026, 11, 28)),
        ("2026-11", date(2026, 11, 1)),
        ("2026-Q3", date(2026, 7, 1)),
        ("2026-W48", date(2026, 11, 23)),
        ("2026", date(2026, 1, 1)),
        (1795824000000, date(2026, 11, 28)),
        ("1795824000000", date(2026, 11, 28)),
        ("13/02/2026", None),
        ("soon", None),
        ("1899-12-31", None),
        ("9" * 30, None),
        (10**300, None),
        (True, None),
        (None, None),
    ],
)
def test_days_as_publishers_write_them(given, day):
    assert read_day(given) == day


@pytest.mark.parametrize(
    ("cadence", "period"),
    [
        ("daily", (date(2026, 11, 28), date(2026, 11, 28))),
        ("weekly", (date(2026, 11, 23), date(2026, 11, 29))),
        ("monthly", (date(2026, 11, 1), date(2026, 11, 30))),
        ("quarterly", (date(2026, 10, 1), date(2026, 12, 31))),
        ("yearly", (date(2026, 1, 1), date(2026, 12, 31))),
    ],
)
def test_the_period_that_holds_a_day(cadence, period):
    assert period_of(date(2026, 11, 28), cadence) == period


def test_numbers_as_publishers_write_them():
    told = {"1,234": 1234, "$1,234.50": 1234.5, "n/a": None, "": None, "−5": -5, "1e3": 1000, 7: 7}
    assert {given: read_number(given, "people") for given in told} == told
    assert read_number("35.2%", "share") == pytest.approx(0.352)
    for wrong in ("about 5", "1,23", "5 people", "1_000", "inf", "1e999", "٣"):
        with pytest.raises(ValueError):
            read_number(wrong, "people")


@pytest.mark.parametrize(
    ("body", "part"),
    [
        (b"", "empty"),
        (b"<!DOCTYPE html><html>Sign in</html>", "web page"),
        (b"PK\x03\x04\x00\x00\x00", "not text"),
        (b"month,seen\n2026-01,5\n2026-02", "middle of a row"),
        (b'month,seen\n2026-01,"5', "middle of a row"),
        (b"month,month\n2026-01,5\n", "one name"),
        (b"a,b\n1,2,3\n1,2,3\n1,2\n", "Most rows"),
        (",".join(str(n) for n in range(201)).encode(), "columns"),
    ],
)
def test_a_file_that_is_no_table_says_so(body, part):
    with pytest.raises(FeedProblem, match=part):
        read_csv(body)


def test_too_many_rows_are_refused():
    with pytest.raises(FeedProblem, match="60,000 rows"):
        read_csv(b"a,b\n" + b"1,2\n" * 60_000)


def test_semicolons_and_marks_of_order_are_read():
    assert read_csv("\ufeffMonth;Größe\n2026-01;5\n".encode()).rows == ({"Month": "2026-01", "Größe": "5"},)
    assert read_csv("Month;Größe\n2026-01;5\n".encode("cp1252")).columns == ("Month", "Größe")


@pytest.mark.parametrize(
    ("read", "body", "part"),
    [
        (answers.read_socrata, b'{"error":true,"message":"Query coordinator error"}', "Query coordinator"),
        (answers.read_socrata, b'[{"a":1}', "cut off"),
        (answers.read_socrata, b'"x"', "list of rows"),
        (answers.read_arcgis, b'{"error":{"code":499,"message":"Token Required"}}', "Token Required"),
        (answers.read_arcgis, b'{"layers":[]}', "no features"),
        (answers.read_arcgis, b"[" * 100_000, "cut off"),
    ],
)
def test_errors_that_come_with_status_200_are_told(read, body, part):
    with pytest.raises(FeedProblem, match=part):
        read(body)


def mapped(*rows, columns=None, cadence="monthly", check=lambda reading: ()):
    table = answers.read_rows([dict(zip(("month", "seen"), row, strict=True)) for row in rows])
    return map_rows(table, columns or {"date": "month", "value": "seen"}, cadence, "people", NOW.date(), check)


def test_days_out_of_order_duplicates_and_blanks():
    found = mapped(("2026-10", 5), ("2026-09", 4), ("2026-10-15", "5.0"), ("2026-08", ""), ("2026-07", 3))
    assert [(each.period_start.month, each.value) for each in found.readings] == [(7, 3), (9, 4), (10, 5)]
    assert not found.problems


def test_two_values_for_one_period_are_none():
    found = mapped(("2026-09", 4), ("2026-10", 5), ("2026-10", 6), ("2026-08", 3))
    assert [each.value for each in found.readings] == [3, 4] and len(found.problems) == 1


def test_a_period_that_has_not_ended_is_no_problem():
    found = mapped(("2026-10", 5), ("2026-11", 2))
    assert [each.value for each in found.readings] == [5] and found.not_ended == 1 and not found.problems


def test_a_column_that_is_gone_and_rows_that_cannot_be_read():
    with pytest.raises(FeedProblem, match="“visits” is not there. The answer has: month, seen"):
        mapped(("2026-10", 5), columns={"date": "month", "value": "visits"})
    with pytest.raises(FeedProblem, match="2 of 3 rows"):
        mapped(("soon", 5), ("later", 6), ("2026-10", 7))
    assert len(mapped(("soon", 5), ("2026-09", 6), ("2026-10", 7)).problems) == 1


def test_addresses_of_each_kind():
    page = "https://data.example.org/Health/Visits/abcd-1234/about_data"
    asked = request_address("socrata", page, "$where=month>'2024-01'")
    assert asked.startswith("https://data.example.org/resource/abcd-1234.json?") and "24where=month%3E" in asked
    layer = "https://gis.example.org/arcgis/rest/services/a/FeatureServer/0"
    assert "resultOffset=4000" in request_address("arcgis", f"{layer}/", "year > 2020", page=2)
    for kind, address in (("socrata", "https://data.example.org/"), ("arcgis", layer[:-2])):
        with pytest.raises(FeedProblem):
            request_address(kind, address, "")


def test_secrets_travel_in_headers_and_not_in_addresses():
    assert secret_headers("socrata", "abc") == {"X-App-Token": "abc"}
    assert secret_headers("csv", "abc") == {"Authorization": "Bearer abc"} and not secret_headers("csv", "")
    assert find_secret_in_address("https://example.org/a.csv?token=abc", "")
    assert find_secret_in_address("https://example.org/a", "$$app_token=abc")
    assert not find_secret_in_address("https://example.org/a.csv?year=2026", "$where=token_count>5")


def test_retries_take_longer_and_heed_what_was_asked():
    pauses = [(schedule.next_retry(n, NOW) - NOW) / timedelta(minutes=1) for n in (1, 2, 3, 9)]
    assert pauses == [15, 60, 240, 1440]
    assert schedule.next_retry(1, NOW, 3600) == NOW + timedelta(hours=1)
    assert schedule.next_retry(1, NOW, 10**7) == NOW + timedelta(days=1)
    assert not schedule.may_tell(NOW - timedelta(hours=23), NOW) and schedule.may_tell(NOW - timedelta(days=1), NOW)
