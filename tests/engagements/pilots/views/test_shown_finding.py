"""What a page says of one finding, without a page."""

import pytest

from engagements.pilots.rules.estimates import Bounds
from engagements.pilots.views.shown_finding import checks_of
from tests.engagements.pilots.made_finding import make_finding
from tests.engagements.pilots.made_registration import MADE


@pytest.mark.parametrize(("level", "said"), [(95.0, False), (96.9, True)])
def test_bounds_say_their_level_where_it_is_not_95(level, said):
    finding = make_finding(bounds=Bounds(1.0, 9.0, -1.0, 12.0, level))
    words = next(check.words for check in checks_of(MADE, finding) if "Lee bounds" in check.label)
    assert ("96.9% range" in words) is said
