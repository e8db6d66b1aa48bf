"""Stored float32 come back in the text that names them."""

import numpy as np
import pytest

from atlas.vectors import published


def test_published_float32_keeps_its_shortest_text():
    assert repr(published(np.float32(0.38697663))) == "0.38697663"
    assert repr(published(float(np.float32(0.38697663)))) == "0.38697663"
    assert published(1062314.0) == 1062314


@pytest.mark.parametrize("missing", [float("nan"), np.float32("nan")])
def test_what_is_missing_has_no_text(missing):
    assert published(missing) is None
