"""Generated column names against the publishers' own lists, when the real files are at hand."""

import json
import os
from pathlib import Path

import pytest

from atlas.sample import columns

pytestmark = pytest.mark.real


@pytest.fixture
def schema() -> Path:
    folder = Path(os.environ.get("ATLAS_DATA_DIR", "")) / "schema"
    if not os.environ.get("ATLAS_DATA_DIR") or not folder.is_dir():
        pytest.skip("ATLAS_DATA_DIR names no folder with the publishers' schema lists")
    return folder


def test_full_tract_file(schema):
    """The list spells its last name par_rank_white_pooled_mean_e; the grammar says _mean_se."""
    listed = (schema / "tract_outcomes_early_columns.txt").read_text().split()
    assert listed[-1] in ("par_rank_white_pooled_mean_e", "par_rank_white_pooled_mean_se")
    assert columns.early_columns()[:-1] == tuple(listed[:-1])
    assert len(columns.early_columns()) == len(listed)


def test_simple_county_file(schema):
    assert columns.COUNTY_SIMPLE_COLUMNS == tuple((schema / "county_outcomes_simple_columns.txt").read_text().split())


def test_covariates(schema):
    listed = json.loads((schema / "tract_covariates_schema.json").read_text())
    assert columns.COVARIATE_COLUMNS == tuple(column["name"] for column in listed)
