"""Which tracts, counties and zones a file may name, once official lists are known."""

import numpy as np
import pytest

from atlas.ingest import universe
from atlas.ingest.pipeline import Mode, run
from atlas.models import KnownState, Tract
from atlas.sources.base import SourceFileError
from tests.factories import files
from tests.factories.context import employment

pytestmark = pytest.mark.django_db
RELATION = (
    "GEOID_TRACT_20|AREALAND_TRACT_20|GEOID_TRACT_10|AREALAND_TRACT_10|AREALAND_PART\n"
    "26163500100|900|26163500100|900|900\n"  # unchanged
    "26163700100|500|26163500200|500|500\n"  # the same ground under another code
    "26163700200|300|26163500300|900|300\n26163700300|600|26163500300|900|600\n"  # split in two
)


@pytest.fixture
def michigan(tmp_path):
    """The state's list is known through the relationship file."""
    assert run(files.write(tmp_path / "rel.txt", RELATION), commit=True).outcome == "activated"


def shown(tmp_path, *geoids):
    return run(files.shown_tract(tmp_path / "a.csv", dict.fromkeys(geoids, "20000")), commit=True)


def test_before_a_list_is_known_any_tract_of_a_county_of_2010_may_come(tmp_path):
    assert shown(tmp_path, "26163999999").outcome == "activated"
    refused = run(files.shown_tract(tmp_path / "b.csv", {"26998000100": "1"}), commit=True)
    problem = refused.problems[0]
    assert (problem.line, problem.value) == (2, "26998000100") and "not in a county of 2010" in problem.reason


def test_a_tract_outside_its_states_known_list_refuses_the_file(tmp_path, michigan):
    report = shown(tmp_path, "26163500100", "26163999999")
    assert report.refused and (report.problems[0].line, report.problems[0].value) == (3, "26163999999")
    assert shown(tmp_path, "26163500100", "06037101110").outcome == "activated", "California's list is not known yet"


def test_2020_tracts_go_through_the_relationship_file_or_are_refused(tmp_path, michigan):
    carried = shown(tmp_path, "26163500100", "26163700100")
    assert carried.outcome == "activated" and "carried over" in carried.warnings[0]
    report = run(files.shown_tract(tmp_path / "b.csv", {"26163700100": "1", "26163700200": "1"}), commit=True)
    assert report.refused and report.problems[0].value == "26163700200" and "ground" in report.problems[0].reason


def test_the_relationship_file_makes_its_states_known(michigan):
    assert KnownState.objects.get().state == "26" and Tract.objects.count() == 3


def test_a_national_list_may_add_a_few_and_says_which_but_not_another_vintage(monkeypatch, michigan):
    from atlas.sources.base import estimate_table
    from atlas.sources.shown_tract import find_dataset

    monkeypatch.setattr(universe, "NATIONAL_ROWS", 1)
    monkeypatch.setattr(universe, "NATIONAL_STATES", 1)
    known = np.array([26163500100, 26163500200, 26163500300])
    universe.add_tracts(np.arange(26163600001, 26163600101), 2010)
    codes = np.concatenate([known, np.arange(26163600001, 26163600101), [26163999999]])
    table = estimate_table(find_dataset("shown_tract_kfr_rP_gP_p25"), codes, (), len(codes))
    assert "adds 1 tracts that no list so far has: 26163999999" in universe.check_tracts(table).warnings[0]
    with pytest.raises(SourceFileError):
        universe.check_tracts(estimate_table(table.dataset, np.arange(26163990001, 26163990101), (), 100))


def test_a_county_in_another_zone_than_before_or_than_its_name_says_is_refused(tmp_path):
    rows = {"26163": (11600, "Detroit", ".35", ".001", "9"), "26125": (11600, "Detroit", ".45", ".001", "9")}
    assert run(files.counties(tmp_path / "a.csv", rows), commit=True).outcome == "activated"
    moved = rows | {"26163": (19400, "Elsewhere", ".35", ".001", "9")}
    report = run(files.counties(tmp_path / "b.csv", moved), commit=True)
    assert report.refused and "county 26163 is in zone 11600" in report.problems[0].reason
    misnamed = {**rows, "26099": (11600, "Cleveland", ".4", ".001", "9")}
    report = run(files.counties(tmp_path / "c.csv", misnamed), commit=True)
    assert report.refused and "other rows call Detroit" in report.problems[0].reason


def test_context_that_would_lose_weeks_waits_for_an_operator_who_is_told(tmp_path):
    long = ("2020,1,17,13,0,0", "2020,1,24,13,0,0")
    assert run(employment(tmp_path / "a.csv", long), commit=True).outcome == "activated"
    report = run(employment(tmp_path / "b.csv", long[:1]), mode=Mode.STAGE)
    assert report.outcome == "staged" and "would drop 1 period" in report.sentence()
