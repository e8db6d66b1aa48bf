"""Labels without a unit and second columns: held apart until an operator says what they are, then used."""

import re

import numpy as np
import pytest
from django.contrib.auth import get_user_model
from django.core.management import CommandError, call_command
from django.db import DatabaseError, transaction
from django.test import Client

from atlas import vectors
from atlas.ingest.confirmations import ConfirmationRefused, confirm
from atlas.ingest.pipeline import Mode, run
from atlas.models import Confirmation, Release
from atlas.queries.live import live_catalog
from atlas.queries.measures import measure
from tests.factories import files, portal

pytestmark = pytest.mark.django_db
LABEL, SUBJECT = "College_Graduation_Rate_rP_gP_p25", "College Graduation Rate"
SLUG = "shown_College_Graduation_Rate_pooled_pooled_p25"
COUNTY = "kfr_rP_gP_p25,kfr_rP_gP_p25_x,kfr_rB_gF_p75,kfr_rB_gF_p75_x"


def tracts(tmp_path, column=LABEL, scale=1.0):
    values = {g: str(0.2 * scale + i / 100 * scale) for i, g in enumerate((*portal.CITY_TRACTS, "06037101110"))}
    return files.shown_tract(tmp_path / "label.csv", values, column)


def counties(tmp_path, header=COUNTY, name="county.csv", extra=""):
    rows = ("cty26163,Wayne,.34,.001,.5,.02", f"cty01001,Autauga,.4,.002,,{extra}")
    return files.write(tmp_path / name, "\n".join([f"cty,Name,{header}", *rows]) + "\n")


@pytest.fixture
def operator():
    client = Client()
    client.force_login(get_user_model().objects.create_user("ann@example.org", "x", name="Ann", is_staff=True))
    return client


def test_an_unknown_label_comes_in_with_its_unit_not_confirmed(tmp_path):
    report = run(tracts(tmp_path), commit=True)
    assert report.outcome == "activated" and "manage.py confirm unit" in report.warnings[0]
    found = measure(SLUG)
    assert (found.label, found.unit) == (SUBJECT, "share_unconfirmed")
    assert found.population.endswith("; unit not confirmed"), "said below the title, in captions and in the API"


def test_until_it_is_confirmed_pages_say_so_and_nothing_is_averaged(tmp_path, client):
    portal.build(tmp_path)
    portal.ingest(tracts(tmp_path))
    page = client.get(f"/cities/springfield/?measure={SLUG}").content.decode()
    assert "unit not confirmed" in page and SUBJECT in page
    refused = client.get(f"/api/v1/cities/springfield/summary/?measure={SLUG}")
    assert refused.status_code == 400 and "nobody has confirmed its unit" in refused.content.decode()
    confirm(kind="unit", subject=SUBJECT, meaning="share")
    page = client.get(f"/cities/springfield/?measure={SLUG}").content.decode()
    assert "unit not confirmed" not in page
    assert client.get(f"/cities/springfield/analysis/?measure={SLUG}").status_code == 200
    assert client.get(f"/api/v1/cities/springfield/summary/?measure={SLUG}").json()["unit"] == "share"


def test_one_answer_counts_for_every_group_and_range_of_a_label(tmp_path):
    run(tracts(tmp_path), commit=True)
    run(tracts(tmp_path, LABEL.replace("rP", "rB"), scale=100), commit=True)
    assert {measure(s).unit for s in (SLUG, SLUG.replace("pooled", "black", 1))} == {"number_unconfirmed"}
    confirm(kind="unit", subject=SUBJECT, meaning="percent")
    assert {measure(s).unit for s in (SLUG, SLUG.replace("pooled", "black", 1))} == {"percent"}


def test_what_was_confirmed_before_is_kept_with_who_and_when(tmp_path, operator):
    run(tracts(tmp_path), commit=True)
    confirm(kind="unit", subject=SUBJECT, meaning="percent")
    operator.post("/data/units/", {"kind": "unit", "subject": SUBJECT, "meaning": "share"})
    operator.post("/data/units/", {"kind": "unit", "subject": SUBJECT, "meaning": "share"})
    rows = Confirmation.objects.order_by("id")
    assert [(row.meaning, row.by.name if row.by else "") for row in rows] == [("percent", ""), ("share", "Ann")]
    assert measure(SLUG).unit == "share"
    with pytest.raises(DatabaseError, match="confirmations are never changed"), transaction.atomic():
        rows.update(meaning="rank")


def test_the_command_lists_and_confirms(tmp_path, capsys):
    call_command("confirm")
    assert "No open questions" in capsys.readouterr().out
    run(tracts(tmp_path), commit=True)
    run(counties(tmp_path), commit=True)
    call_command("confirm")
    said = capsys.readouterr().out
    assert f"{SUBJECT}: not confirmed, taken for: share (values 0.2 to 0.23)" in said
    assert "_x: not confirmed, held back (2 columns of county.csv)" in said
    call_command("confirm", "unit", SUBJECT, "share")
    call_command("confirm")
    assert "confirmed: share" in capsys.readouterr().out
    for wrong in (("unit", "Nothing", "share"), ("unit", SUBJECT, "furlongs"), ("suffix", "_q", "count")):
        with pytest.raises(CommandError, match="Nothing was changed"):
            call_command("confirm", *wrong)


def test_the_page_lists_and_confirms(tmp_path, operator, client):
    assert "<select" not in operator.get("/data/units/").content.decode()
    run(tracts(tmp_path), commit=True)
    run(counties(tmp_path), commit=True)
    page = operator.get("/data/units/").content.decode()
    assert SUBJECT in page and re.search(r"<code>_x</code>.*?<td>not shown</td>", page, re.S)
    assert "/data/units/" in operator.get("/data/").content.decode()
    said = operator.post("/data/units/", {"kind": "unit", "subject": SUBJECT, "meaning": "share"}, follow=True)
    assert "Confirmed: College Graduation Rate." in said.content.decode() and measure(SLUG).unit == "share"
    assert Confirmation.objects.get().by.name == "Ann"
    wrong = operator.post("/data/units/", {"kind": "unit", "subject": SUBJECT, "meaning": "furlongs"})
    assert wrong.status_code == 422 and "Nothing was changed" in wrong.content.decode()
    said = operator.post("/data/units/", {"kind": "suffix", "subject": "_x", "meaning": "count"}, follow=True)
    assert "Import the file again" in said.content.decode()
    assert client.post("/data/units/", {"kind": "unit", "subject": SUBJECT, "meaning": "rank"}).status_code == 302


def test_second_columns_wait_for_a_word_and_are_then_standard_errors(tmp_path):
    path = counties(tmp_path)
    first = run(path, commit=True)
    assert first.waiting_suffixes == {"_x": 2} and "held back" in first.warnings[-1]
    held = live_catalog().find("county", "kfr_pooled_pooled_p25")
    assert held is not None and not held.has_standard_error
    assert run(path, commit=True).outcome == "unchanged"
    confirm(kind="suffix", subject="_x", meaning="standard_error")
    again = run(path, commit=True)
    assert again.outcome == "activated" and again.waiting_suffixes == {}
    held = live_catalog().find("county", "kfr_pooled_pooled_p25")
    value, error = vectors.national(held.release_id, held.slug).at(np.array([26163], dtype=np.int64))
    assert (vectors.published(value[0]), vectors.published(error[0])) == (0.34, 0.001)


@pytest.mark.parametrize(("meaning", "kept"), [("count", True), ("nothing", False)])
def test_second_columns_that_are_something_else(tmp_path, meaning, kept):
    run(counties(tmp_path), mode=Mode.STAGE)
    confirm(kind="suffix", subject="_x", meaning=meaning)
    report = run(counties(tmp_path), commit=True)
    slugs = set(Release.objects.get(status="live").measures.values_list("measure__slug", flat=True))
    assert ("kfr_pooled_pooled_p25_count" in slugs) is kept
    assert ("kfr_pooled_pooled_p25_x" in report.ignored_columns) is not kept


def test_a_county_file_of_dollars_and_of_unknown_stems(tmp_path):
    path = files.write(
        tmp_path / "two.csv",
        "cty,county_name,kfr_rP_gP_p25,hours_wk_rP_gP_p25,zzz_rP_gP_pall,note\n26163,Wayne,31000,,7.5,1\n",
    )
    report = run(path, commit=True)
    slugs = {change.slug for change in report.measures}
    assert slugs == {"kfr_pooled_pooled_p25_usd_2015", "hours_wk_pooled_pooled_p25", "shown_zzz_pooled_pooled_mean"}
    assert report.ignored_columns == ("note",) and "columns not used: note" in report.notes()
    assert "zzz" in Release.objects.get().dataset


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("cty99163,W,.1,.1,.1,.1", "state code"),
        ("Wayne,W,.1,.1,.1,.1", "is not cty and five digits"),
        ("cty26163,W,x,.1,.1,.1", "is not a number"),
        ("cty26163,W,.1", "fields"),
        ("cty26163,W,.1,.1,.1,.1\ncty26163,W,.1,.1,.1,.1", "twice"),
    ],
)
def test_a_broken_county_file_is_refused_with_its_line(tmp_path, row, said):
    path = files.write(tmp_path / "broken.csv", f"cty,Name,{COUNTY}\n{row}\n")
    report = run(path, commit=True)
    assert report.refused and said in report.sentence() and "line" in report.sentence()


def test_a_byte_order_mark_is_no_part_of_the_key(tmp_path):
    path = counties(tmp_path)
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    assert run(path, commit=True).outcome == "activated"


def test_nobody_confirms_what_nobody_asks():
    with pytest.raises(ConfirmationRefused, match="Open questions: none"):
        confirm(kind="unit", subject="x", meaning="share")
