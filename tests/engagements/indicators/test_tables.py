"""Values as CSV: a dry run by row, all or none, and an export that an import reads again."""

import csv
import html
import io
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from engagements.base.tables.csv_table import read_csv
from engagements.base.tables.mapping import MappingRefused, own_mapping
from engagements.indicators.actions.imports import preview_values_import
from engagements.indicators.import_rows import COLUMNS, VALUE_TABLE, read_number, read_values
from engagements.models import Activity, IndicatorValue
from engagements.permissions import Role
from tests.engagements.discussion.discussion import as_, house
from tests.factories.engagements import NOW
from tests.factories.indicators import ValueEntry, approved, enter, make_indicator

STAFF, LEAD, EXPERT = Role.CITY_STAFF, Role.LEAD, Role.EXPERT
HEAD = "indicator,period_start,period_end,dimension,category,value,note"
GOOD = f"{HEAD}\nResidents seen,2026-07-01,2026-09-30,,,60,\nResidents seen,1 Jul 2026,30 Sep 2026,sex,women,40,=1+1\n"


@pytest.fixture
def world(db):
    here, _, people, _ = house()
    return here, people, make_indicator(here, people[STAFF])


def wishes(text: str):
    table = read_csv(text.encode())
    return read_values(table, own_mapping(VALUE_TABLE, table.header)).rows


@pytest.mark.parametrize(
    ("text", "number"), [("60", 60), ("1,234.5", 1234.5), ("-3", -3), ("0.35", 0.35), ("1,234,567", 1234567)]
)
def test_numbers_as_they_are_written(text, number):
    assert read_number(text) == number


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("35%", "0.35 for 35%"),
        ("0,35", "with a point"),
        ("sixty", "not a number"),
        ("1e5", "not a number"),
        ("nan", "not a number"),
        ("$5", "not a number"),
        ("1,23,4", "not a number"),
    ],
)
def test_what_is_no_number_says_how_to_write_it(text, words):
    with pytest.raises(ValueError, match=re.escape(words)):
        read_number(text)


def test_a_table_with_other_columns_is_refused_whole():
    with pytest.raises(MappingRefused, match="Say which column holds value."):
        wishes("indicator,period_start,period_end\na,b,c\n")
    (one, two) = wishes(f"{HEAD}\nA,2026-07-01,2026-09-30,,,1,\na,2026-07-01,2026-09-30,,,2,\n")
    assert one.problems == two.problems == (("indicator", "Another row is of the same period and group."),)


def outcomes(here, by, text: str) -> list[tuple[str, dict]]:
    result = preview_values_import(engagement=here.pk, wishes=wishes(text), by=by, now=NOW)
    return [(row.outcome, dict(row.problems)) for row in result.rows]


def test_each_row_says_what_it_would_do_and_nothing_is_kept(world):
    here, people, row = world
    assert outcomes(here, people[STAFF], GOOD) == [("add", {}), ("add", {})]
    assert not IndicatorValue.objects.exists() and not Activity.objects.filter(verb="imported").exists()
    bad = (
        f"{HEAD}\nResidents seen,2026-07-01,2026-09-30,,,60.5,\nNobody knows,2026-07-01,2026-09-30,,,1,\n"
        "Residents seen,2026-10-01,2026-12-31,,,5,\nResidents seen,07/08/2026,2026-09-30,,,5,\n"
        "Residents seen,2026-04-01,2026-06-30,,,5,\nResidents seen,2026-04-01,2026-06-30,sex,men,6,\n"
    )
    found = outcomes(here, people[STAFF], bad)
    assert [outcome for outcome, _ in found] == ["refused"] * 6
    said = [problems for _, problems in found]
    assert "whole number" in said[0]["value"] and "no such indicator" in said[1]["indicator"]
    assert "not ended yet" in said[2]["period_end"] and "may be" in said[3]["period_start"]
    assert "Other rows of this period" in said[4]["value"] and "more than the 5 people" in said[5]["value"]


def test_drafts_change_approved_values_never(world):
    here, people, row = world
    enter(row, people[STAFF], ValueEntry(60))
    text = f"{HEAD}\nResidents seen,2026-07-01,2026-09-30,,,61,\n"
    result = preview_values_import(engagement=here.pk, wishes=wishes(text), by=people[STAFF], now=NOW)
    assert (result.rows[0].outcome, result.rows[0].changes) == ("change", (("value", "60", "61"),))
    IndicatorValue.objects.all().update(archived_at=NOW, archived_by=people[STAFF])
    approved(row, people, ValueEntry(60))
    assert outcomes(here, people[STAFF], text)[0][1]["value"].startswith("This value is approved.")
    assert outcomes(here, people[STAFF], text.replace("61", "60")) == [("unchanged", {})]


def bring(client, here, text: str):
    file = SimpleUploadedFile("values.csv", text.encode())
    return client.post(f"/engagements/{here.slug}/indicators/import/", {"file": file})


def packed(response) -> dict:
    found = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', response.content.decode())
    return {name: html.unescape(value) for name, value in found if name != "csrfmiddlewaretoken"}


def test_a_table_is_tried_kept_once_and_exported_again(world):
    here, people, row = world
    client = as_(people[STAFF])
    tried = bring(client, here, GOOD)
    assert tried.status_code == 200 and "Import 2 rows" in tried.content.decode()
    assert not IndicatorValue.objects.exists()
    keep = f"/engagements/{here.slug}/indicators/import/keep/"
    answers = [client.post(keep, packed(tried), follow=True).content.decode() for _ in range(2)]
    assert "2 added, 0 changed, as drafts." in answers[0] and "It was kept before." in answers[1]
    assert IndicatorValue.objects.count() == 2
    exported = client.get(f"/engagements/{here.slug}/indicators/export.csv").content.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(exported)))
    assert [(r["category"], r["value"], r["unit"], r["uncertainty"]) for r in rows] == [
        ("", "60", "people", "no interval: a full count"),
        ("women", "40", "people", "no interval: a full count"),
    ]
    assert rows[1]["note"] == "'=1+1" and rows[0]["source"] == "A list"
    again = bring(client, here, exported)
    assert "There is nothing to import." in again.content.decode()


def test_one_bad_row_changes_nothing_and_returns_with_its_reason(world):
    here, people, _ = world
    client = as_(people[STAFF])
    tried = bring(client, here, GOOD + "Residents seen,2026-04-01,2026-06-30,,,-4,\n")
    said = tried.content.decode()
    assert tried.status_code == 422 and "1 row has errors" in said and "can’t be less than 0" in said
    base = f"/engagements/{here.slug}/indicators/import/"
    assert client.post(f"{base}keep/", packed(tried)).status_code == 422
    assert not IndicatorValue.objects.exists()
    file = client.post(f"{base}reasons/", packed(tried)).content.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(file)))
    assert [r["reason"] for r in rows] == ["", "", "value: This can’t be less than 0."]
    assert as_(people[LEAD]).post(f"{base}keep/", packed(tried), follow=True).status_code == 200  # not theirs
    assert not IndicatorValue.objects.exists()


def test_what_changed_meanwhile_is_shown_anew(world):
    here, people, row = world
    client = as_(people[STAFF])
    tried = bring(client, here, GOOD)
    enter(row, people[STAFF], ValueEntry(59))
    answer = client.post(f"/engagements/{here.slug}/indicators/import/keep/", packed(tried))
    assert "since you checked this file" in answer.content.decode()
    assert IndicatorValue.objects.count() == 1


def test_the_template_names_the_engagements_indicators(world):
    here, people, _ = world
    text = (
        as_(people[STAFF]).get(f"/engagements/{here.slug}/indicators/import/template.csv").content.decode("utf-8-sig")
    )
    head, first, *_ = text.splitlines()
    assert head == ",".join(COLUMNS) and first.startswith("Residents seen,,")


@pytest.mark.parametrize("content", [b"", b"\xff\xfe\x00", b"indicator\n", b"\x00" * 20])
def test_files_that_are_no_table_say_so(world, content):
    here, people, _ = world
    file = SimpleUploadedFile("values.csv", content)
    answer = as_(people[STAFF]).post(f"/engagements/{here.slug}/indicators/import/", {"file": file})
    assert answer.status_code == 422 and "field-problem" in answer.content.decode()
