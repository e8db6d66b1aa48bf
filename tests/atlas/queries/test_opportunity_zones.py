"""Designations have a first and a last day, and a tract's page says which list it shows."""

from datetime import date

import pytest
from django.db import connection

from atlas.ingest.pipeline import run
from atlas.models import Observation
from atlas.queries.opportunity_zones import zone_statuses
from atlas.sources.base import SourceFileError
from atlas.sources.detect import detect_source
from atlas.sources.opening import open_file
from dashboards.formatting.zones import zone_sentences_of
from tests.factories import context, files, portal

pytestmark = pytest.mark.django_db
ON, OFF = portal.CITY_TRACTS[:2]
OLD_TERM = "in force from 2018 until Dec 31, 2028"


def new_list(path, rows=None):
    rows = rows or (f"{OFF},Non-LIC Contiguous,2027-01-01,2036-12-31",)
    return files.write(path, "\n".join(["censusTractNumber,tractType,valid_from,valid_to", *rows]) + "\n")


def test_the_list_of_2018_holds_until_the_end_of_2028(tmp_path):
    assert zone_statuses(ON) == ()
    run(context.zones(tmp_path / "old.csv", (f"{ON},Low-Income Community",)), commit=True)
    assert set(Observation.objects.values_list("valid_from", "valid_to")) == {(date(2018, 1, 1), date(2028, 12, 31))}
    (on,), (off,) = zone_statuses(ON), zone_statuses(OFF)
    assert (on.list_year, on.is_designated, off.is_designated, on.valid_to) == (2018, True, False, date(2028, 12, 31))
    assert zone_sentences_of((on,))[0] == (
        f"Opportunity Zones, list of 2018: this tract is designated as a low-income community, {OLD_TERM}."
    )
    assert zone_sentences_of((off,)) == (f"Opportunity Zones, list of 2018 ({OLD_TERM}): this tract is not on it.",)


def test_a_dated_list_stands_beside_the_older_one(tmp_path, client):
    portal.build(tmp_path)
    run(context.zones(tmp_path / "old.csv", (f"{ON},Low-Income Community",)), commit=True)
    report = run(new_list(tmp_path / "new.csv"), commit=True)
    assert (report.outcome, report.dataset) == ("activated", "opportunity_zones_2027")
    page = client.get(f"/tracts/{OFF}/").content.decode()
    assert f"list of 2018 ({OLD_TERM}): this tract is not on it" in page
    assert (
        "list of 2027: this tract is designated as a neighbor of a low-income community, in force from "
        "Jan 1, 2027 until Dec 31, 2036."
    ) in page
    with connection.cursor() as cursor:
        cursor.execute("SELECT valid_from, valid_to FROM atlas_context WHERE dataset = 'opportunity_zones_2027'")
        assert set(cursor.fetchall()) == {(date(2027, 1, 1), date(2036, 12, 31))}


def test_what_was_stored_without_dates_has_those_of_its_list(tmp_path):
    run(context.zones(tmp_path / "old.csv", (f"{ON},Non-LIC Contiguous",)), commit=True)
    Observation.objects.update(valid_from=None, valid_to=None)
    (found,) = zone_statuses(ON)
    assert (found.valid_from, found.valid_to, found.is_contiguous) == (date(2018, 1, 1), date(2028, 12, 31), True)


@pytest.mark.parametrize(
    ("header", "row", "said"),
    [
        ("valid_from,valid_to", "2027-01-01,soon", "is not a day such as"),
        ("valid_from,valid_to", "2027-01-01,2026-01-01", "is before the first day"),
        ("valid_from,valid_to", "2018-01-01,2028-12-31", "is of another list"),
        ("valid_from,note", "2027-01-01,x", "stands alone"),
    ],
)
def test_broken_dates_are_refused(tmp_path, header, row, said):
    good = "2027-01-01,2036-12-31"
    text = f"censusTractNumber,tractType,{header}\n{ON},Low-Income Community,{good}\n{OFF},Low-Income Community,{row}\n"
    with pytest.raises(SourceFileError, match=said):
        detect_source(open_file(files.write(tmp_path / "z.csv", text))).read(lambda *_: None)


def test_the_data_page_answers_where_zones_are_live(tmp_path, client):
    """Zones are no measures of the publisher's grammar; the page asks which of the live tract columns are outcomes."""
    portal.build(tmp_path)
    run(context.zones(tmp_path / "old.csv", (f"{ON},Low-Income Community",)), commit=True)
    page = client.get("/data/")
    assert page.status_code == 200
    assert "The tract files loaded here have no margin of error." in page.content.decode()
