"""Ends of ranges, and numbers of things, as a reader sees them."""

import re
from pathlib import Path

import pytest

from atlas.formatting.counts import format_number_of, format_p
from atlas.formatting.ranges import join_ends

ROOT = Path(__file__).parents[3]
# An interval written end by end: "{format(x.low)} to {format(x.high)}", "{{ line.low|points }} to {{ ...".
BY_HAND = re.compile(r"\{[^{}]*(?:\.low|lower\[|- half)[^{}]*\}+ to \{")
# Numbers somebody typed, fixed examples, and ranks, whose equal ends are said as one rank.
EXACT = {"transport.py", "confirm.py", "worked_examples.py", "standing.py"}


def test_ends_that_read_alike_say_so():
    assert join_ends("2.9", "4.1") == "2.9 to 4.1"
    assert join_ends("177,900", "177,900") == "both ends round to 177,900"


@pytest.mark.parametrize(("number", "said"), [(0, "0 tracts"), (1, "1 tract"), (2, "2 tracts"), (1200, "1,200 tracts")])
def test_one_thing_is_one(number, said):
    assert format_number_of(number, "tract") == said


@pytest.mark.parametrize(
    ("p", "said"), [(0.312, "0.31"), (0.0042, "0.004"), (6.9e-18, "under 0.001"), (0.0499, "0.050"), (1.0, "1.00")]
)
def test_p_is_never_written_in_powers_of_ten(p, said):
    assert format_p(p) == said


def test_no_interval_is_written_end_by_end():
    """Everything else goes through join_ends, so that ends which round alike never look like certainty."""
    files = [f for app in ("atlas", "dashboards", "engagements") for f in (ROOT / app).rglob("*.py")]
    files += (ROOT / "templates").rglob("*.html")
    assert len(files) > 500
    found = [f.name for f in files if f.name not in EXACT and BY_HAND.search(f.read_text())]
    assert not found
    assert BY_HAND.search('f"{format_points(line.low)} to {format_points(line.high)}"')
