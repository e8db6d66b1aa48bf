"""Limits of time that a busy machine must not break: three times as long every day, to the second in the slow tests."""

import pytest

# A test with `patience` multiplies its limit with it.
patience = pytest.mark.parametrize("patience", [3, pytest.param(1, marks=pytest.mark.slow, id="alone")])
