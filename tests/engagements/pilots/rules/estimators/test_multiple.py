"""Adjusted p-values against statsmodels."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.stats.multitest import multipletests

from engagements.pilots.rules.estimators.multiple import adjust, benjamini_hochberg, holm
from tests.properties import examples


@given(st.lists(st.floats(0, 1), min_size=1, max_size=12))
@settings(max_examples=examples(40))
def test_registered_ones_are_holms_and_exploratory_ones_benjamini_and_hochbergs(p):
    assert adjust(p, registered=True) == holm(p)
    assert adjust(p, registered=False) == pytest.approx(multipletests(p, method="fdr_bh")[1])


def test_a_test_without_p_is_no_test():
    assert benjamini_hochberg([0.01, None, 0.04, 0.03]) == pytest.approx([0.03, None, 0.04, 0.04])
