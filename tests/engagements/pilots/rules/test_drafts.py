"""What a plan leaves behind when another city starts from it."""

from dataclasses import replace

from engagements.pilots.rules.canonical import canonical_json
from engagements.pilots.rules.drafts import draft_registration, template_of
from engagements.pilots.rules.registration import Draw
from tests.engagements.pilots.made_registration import MADE


def test_a_copied_plan_has_no_public_draw_of_the_past_and_no_start():
    """Whose numbers anybody could know before the new list is locked."""
    draw = Draw(block_by=("ward",), seed_from="Powerball of January 6, 2027")
    copied = draft_registration(template_of(canonical_json(replace(MADE, draw=draw, starts_in=("2027-03",)))))
    assert copied.draw == Draw(block_by=("ward",)) and copied.starts_in == ()
    assert copied.cities == () and copied.starts_on is None and copied.outcome.window_to is None
