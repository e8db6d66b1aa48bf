"""What the API and the panels' files say of three cities, recomputed from the publishers' files."""

import io
import json

import numpy as np
import pandas as pd
import pytest
from django.test import Client

from tests.reference import raw_files
from tests.reference.comparison import assert_facts, assert_rows
from tests.reference.group_rows import gap_rows, level_rows
from tests.reference.place_means import facts, headline_rows, mean
from tests.reference.tract_rows import band_rows, own_values, tract_rows
from tests.reference.words import Z95, interval

CITIES = ("detroit", "new-orleans", "racine")
FORMATS = ("csv", "parquet", "xlsx", "json")
ROWS = {"headline": headline_rows, "groups": level_rows, "gaps": gap_rows, "distribution": band_rows}
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reports")]


@pytest.fixture(scope="module")
def raw(real_data):
    return raw_files.read(real_data)


def answer(address: str) -> dict:
    found = Client().get(f"/api/v1/{address}")
    assert found.status_code == 200, address
    return found.json()


def read(extension: str, content: bytes) -> pd.DataFrame:
    if extension == "json":
        return pd.DataFrame(json.loads(content)["rows"])
    by_library = {"csv": pd.read_csv, "parquet": pd.read_parquet, "xlsx": pd.read_excel}
    return by_library[extension](io.BytesIO(content))


def reasons_of_gaps(wanted: pd.DataFrame) -> list[str]:
    """The interval of a difference with an error, the children a gap without one leaves out."""
    found = []
    for row in wanted.to_dict("records"):
        error = row["own_standard_error"]
        if np.isfinite(error):
            found.append(f"likely range {interval(row['own'], error)}")
        elif row["coverage"] < 0.6:
            found.append(f"hold {100 * row['coverage']:.0f} in 100 of the second group's children")
        else:
            found.append("the file loaded here has no margin of error")
    return found


def check(panel: str, found: pd.DataFrame, wanted: pd.DataFrame) -> None:
    assert_rows(found, wanted, unchecked={"reason"})
    if panel == "gaps":
        for said, expected in zip(found["reason"], reasons_of_gaps(wanted), strict=True):
            assert expected in said


@pytest.mark.parametrize("city", CITIES)
def test_a_citys_answer_and_its_summary_are_what_the_raw_files_give(city, raw):
    wanted = facts(raw, city)
    headline, summary = answer(f"cities/{city}/")["headline"], answer(f"cities/{city}/summary/")
    compared = assert_facts(headline, wanted) | assert_facts(summary, wanted)
    compared |= assert_facts(summary["dispersion"], wanted)
    assert headline["basis"] == summary["basis"] == ("published" if city == "new-orleans" else "benchmarked")
    for one in (headline, summary):
        (county,) = one["county_differences"]
        compared |= assert_facts(county, wanted)
        beside = headline_rows(raw, city)[1:4].rename(columns={"tract_mean": "raw_value", "usd_2015": "usd"})
        columns = ["value", "raw_value", "standard_error", "usd"]
        assert_rows(pd.DataFrame(one["references"])[columns], beside[columns])
    assert compared == wanted.keys()
    held, error = summary["interval"], wanted["standard_error"]
    if np.isnan(error):
        assert held is None
    else:
        ends = (held["low"], held["high"])
        assert ends == pytest.approx((wanted["value"] - Z95 * error, wanted["value"] + Z95 * error), abs=1e-6)


@pytest.mark.parametrize("city", CITIES)
@pytest.mark.parametrize("panel", ROWS)
def test_a_panel_and_each_of_its_files_are_what_the_raw_files_give(city, panel, raw):
    wanted = ROWS[panel](raw, city)
    rows = pd.DataFrame(answer(f"cities/{city}/panels/{panel}/")["rows"])
    check(panel, rows.rename(columns={"rank": "value", "note": "reason"}), wanted)
    for extension in FORMATS:
        found = Client().get(f"/cities/{city}/{panel}.{extension}")
        assert found.status_code == 200
        check(panel, read(extension, found.content), wanted)


@pytest.mark.parametrize("city", CITIES)
def test_tracts_of_the_map_and_of_the_list_are_what_the_raw_files_give(city, raw):
    wanted = tract_rows(raw, city)
    panel = pd.DataFrame(answer(f"cities/{city}/panels/where/")["rows"]).sort_values("geoid")
    panel["belongs"] = panel["belongs"] == "yes"
    assert_rows(panel, wanted, unchecked={"neighborhood"})
    listed = answer(f"cities/{city}/tracts/?measure={raw_files.INCOME}")
    rows = pd.DataFrame(listed["results"]).sort_values("geoid")
    assert rows.pop("standard_error").isna().all() and rows.pop("count").isna().all()
    assert_rows(rows, wanted, unchecked={"name"})
    assert listed["count"] == len(wanted)
    assert listed["national_middle"] == raw.income.median()


def test_cities_compared_are_what_the_raw_files_give(raw):
    """By the API and by each file of the page."""
    panels = answer(f"compare/?cities={','.join(CITIES)}")["panels"]
    found = {panel["panel"]: pd.DataFrame(panel["rows"]) for panel in panels}
    tables = [found, *({name: downloaded(name, extension) for name in found} for extension in FORMATS)]
    assert set(found) == {"means", "spreads", "groups"}
    for table in tables:
        check_means(table["means"], raw)
        check_spreads(table["spreads"], raw)
        check_groups(table["groups"], raw)


def downloaded(panel: str, extension: str) -> pd.DataFrame:
    answered = Client().get(f"/compare/{panel}.{extension}?cities={','.join(CITIES)}")
    assert answered.status_code == 200
    return read(extension, answered.content)


def check_means(found: pd.DataFrame, raw) -> None:
    rows = []
    for city in CITIES:
        known = facts(raw, city)
        counts = {"tracts": known["tracts_used"], "coverage": known["coverage"]}
        rows.append({"place": raw_files.name(city), **mean(raw, raw.own(city)), **counts})
    rows += headline_rows(raw, CITIES[0])[3:4].to_dict("records")
    wanted = pd.DataFrame(rows).drop(columns="how")
    half = Z95 * wanted["standard_error"]
    wanted = wanted.assign(low=wanted["value"] - half, high=wanted["value"] + half)
    assert_rows(found, wanted, unchecked={"how"})


def check_spreads(found: pd.DataFrame, raw) -> None:
    rows = []
    for city in CITIES:
        ranks = raw.tracts["rank"].reindex(raw.own(city)).dropna()
        ends = {f"p{share}": ranks.quantile(share / 100) for share in (10, 25, 50, 75, 90)}
        rows.append({"place": raw_files.name(city), **ends, "tracts": own_values(raw, city).notna().sum()})
    assert_rows(found, pd.DataFrame(rows))


def check_groups(found: pd.DataFrame, raw) -> None:
    levels = pd.concat([level_rows(raw, city).iloc[1:3] for city in CITIES])
    wanted = levels.rename(columns={"ground": "place", "tracts_used": "tracts"}).drop(columns=["measure", "children"])
    wanted = wanted.sort_values("group", key=lambda groups: groups != "white children", kind="stable")
    assert_rows(found, wanted, unchecked={"note", "reason"})
