"""Published numbers through both files of `analyze_pilot`, as an outside analyst would write them from the document."""

from datetime import date

import pytest
from causaldata import nsw_mixtape

from engagements.pilots.rules.outside import analyze_bytes

SPEC = """
title = "National Supported Work"
question = "Do people earn more after supported work?"
unit = "person"
people = "people"
eligibility = "The sample of Dehejia and Wahba"
smallest_worthwhile = 500
worthwhile_because = "Below that another program does more."
design = "people"
estimator = "{estimator}"
{covariates}

[[arms]]
key = "0"
name = "Control"
gets = "Nothing"

[[arms]]
key = "1"
name = "Supported work"
gets = "Work"

[outcome]
key = "re78"
name = "Earnings"
kind = "mean"
unit = "dollars"
after = "in 1978"
window_from = 1978-01-01
window_to = 1978-12-31

[facts]
locked_at = 1975-01-01T00:00:00Z
first_data_at = 1979-01-01T00:00:00Z
drawn = {{ 0 = 260, 1 = 185 }}
"""
BEFORE = ["age", "educ", "black", "hisp", "marr", "nodegree", "re74", "re75"]
TODAY = date(2030, 1, 1)


@pytest.fixture(scope="module")
def people():
    data = nsw_mixtape.load_pandas().data.drop(columns="data_id")
    return data.astype(float)  # 32 bits in the package, which a text would round


def answer(data, estimator="difference", covariates=()):
    named = f"covariates = {list(covariates)!r}" if covariates else ""
    spec = SPEC.format(estimator=estimator, covariates=named)
    return analyze_bytes(spec.encode(), data.encode(), TODAY)


def test_one_line_per_person_gives_the_published_difference(people):
    lines = people.assign(arm=people["treat"].astype(int))[["arm", "re78"]]
    found = answer(lines.to_csv(index=False))
    assert found["value"] == pytest.approx(1794.342382, abs=1e-6)
    assert found["standard_error"] == pytest.approx(670.996545, abs=1e-6)
    assert found["p"] == pytest.approx(0.0078929, abs=1e-7)
    assert found["verdict"] == "worked"


def test_two_lines_of_counts_give_the_same(people):
    lines = people.assign(arm=people["treat"].astype(int), squares=people["re78"].astype(float) ** 2)
    counts = lines.groupby("arm").agg(n=("re78", "size"), total=("re78", "sum"), squares=("squares", "sum"))
    found = answer(counts.reset_index().to_csv(index=False))
    assert found["value"] == pytest.approx(1794.342382, abs=1e-4)
    assert found["standard_error"] == pytest.approx(670.996545, abs=1e-4)
    assert found["rows"] == 2


def test_lins_adjustment_gives_the_published_value(people):
    lines = people.assign(arm=people["treat"].astype(int))[["arm", "re78", *BEFORE]]
    found = answer(lines.to_csv(index=False), "adjusted", BEFORE)
    assert found["value"] == pytest.approx(1621.583, abs=0.001)
    assert found["standard_error"] == pytest.approx(694.722, abs=0.001)
    assert found["specifications"][0]["value"] == pytest.approx(1794.342382, abs=1e-6)
