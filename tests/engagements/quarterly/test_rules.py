"""When an update is reminded of, and quarters as addresses write them; secrets in log lines."""

import logging
from datetime import date

import pytest

from engagements.quarterly.rules import first_day, read_quarter, reminder_number
from mobility_portal.log_secrets import hide_secrets
from mobility_portal.observing.log_format import LineFormatter

DUE = date(2026, 12, 31)


@pytest.mark.parametrize(
    ("today", "number"),
    [
        (date(2026, 12, 16), None),
        (date(2026, 12, 17), 1),
        (DUE, 1),
        (date(2027, 1, 2), 1),
        (date(2027, 1, 3), 2),
        (date(2027, 3, 1), 2),
    ],
)
def test_a_reminder_goes_before_it_is_due_and_after(today, number):
    assert reminder_number(DUE, today) == number


@pytest.mark.parametrize(
    ("text", "quarter"),
    [
        ("20264", (2026, 4)),
        ("2026-1", (2026, 1)),
        ("20265", None),
        ("20260", None),
        ("2026", None),
        ("2026-4-1", None),
        ("²0264", None),
        ("", None),
    ],
)
def test_a_quarter_as_an_address_has_it(text, quarter):
    assert read_quarter(text) == quarter


def test_quarters_begin_with_their_first_month():
    assert [first_day(2026, n).month for n in (1, 2, 3, 4)] == [1, 4, 7, 10]


SECRET = "dGhpcyBpcyBhIHNlY3JldCBvZiAzMiBieXRlcyE_-x"


@pytest.mark.parametrize("where", ["updates/by-link", "invitations", "shared", "calendar"])
def test_no_secret_of_an_address_stays_in_a_log_line(where):
    record = logging.LogRecord("django.request", 30, "", 1, "%s: %s", ("Gone", f"/{where}/{SECRET}/"), None)
    assert LineFormatter().format(record).endswith(f"Gone: /{where}/[secret]/")


@pytest.mark.parametrize(
    "line", ["Not Found: /updates/12/edit/", "Gone: /invitations/1234567890123456789/withdraw/", "a%s"]
)
def test_other_lines_stay_as_they_are(line):
    assert hide_secrets(line) == line
