"""A registration as sentences, and in the fields of the AEA's registry."""

import csv
import io
import json
from datetime import date

import pytest

from engagements.pilots.rules.aea import FIELDS, aea_csv, aea_fields, aea_json, left_empty
from engagements.pilots.rules.readable import METHOD_WORDS, effect_words, readable
from engagements.pilots.rules.registration import (
    METHODS_OF,
    Boundary,
    DesignKind,
    Draw,
    Estimator,
    Subgroup,
)
from tests.engagements.pilots.made_registration import EARNINGS, MADE, PROTECTED, make_registration


def test_each_part_has_a_heading_and_a_sentence():
    lines = dict(readable(MADE))
    assert lines["Primary outcome"] == (
        "Had a job, after a year, from Wage records of the state (a share of people; more is better). Counted from "
        "January 1, 2027 to December 31, 2027."
    )
    assert lines["Smallest effect worth having"].startswith("4 in 100. Below 4 in 100")
    assert lines["Groups"] == "Usual letter (the comparison): The usual letter. Coaching: A coach for three months."
    assert lines["Human-subjects determination"] == "Exempt on September 2, 2026 by City review board, no. 27-114."
    assert lines["Looks"] == "One look, at the end."
    assert lines["Planned with"].endswith("; an 80 in 100 chance to find it, with a 95% likely range.")
    assert "Subgroups" not in lines and "Seed of the draw" not in lines


def test_a_public_draw_is_said_with_its_day_and_numbers():
    plan = make_registration(draw={"seed_from": "Powerball", "seed_on": date(2026, 12, 2), "seed_numbers": 6})
    assert dict(readable(plan))["Seed of the draw"] == "Powerball, on December 2, 2026: 6 numbers."
    fields = aea_fields(plan, today=date(2026, 9, 30))
    assert fields["Randomization method"].endswith("the seed is Powerball of December 2, 2026")


def test_looks_weights_and_subgroups_are_said():
    arms = (MADE.arms[0], type(MADE.arms[0])("b", "Coaching", "A coach", 2))
    lines = dict(
        readable(
            make_registration(
                arms=arms,
                looks=(0.5, 1.0),
                boundary=Boundary.OBRIEN_FLEMING,
                subgroups=(Subgroup("sex", ("f", "m"), "Men take part less often."),),
                draw=vars(Draw(block_by=("ward",))),
            )
        )
    )
    assert lines["Looks"] == (
        "The chance of a false alarm is shared over the looks (O’Brien and Fleming): early looks are strict. Looks at "
        "50%, 100% of the data."
    )
    assert lines["Design"] == "Randomized by person within blocks. Shares of the draw: Usual letter 1, Coaching 2."
    assert lines["Subgroups"] == "sex: f, m. Men take part less often."


def test_cities_have_their_names_and_groups_their_likeness():
    plan = make_registration(
        design=DesignKind.CLUSTERS,
        unit="building",
        cities=("detroit", "new-orleans"),
        assumptions={"clusters": 12, "people": 900, "icc": 0.05, "power": 90.0},
    )
    lines = dict(readable(plan, {"detroit": "Detroit", "new-orleans": "New Orleans"}))
    assert lines["Cities"] == "Detroit, New Orleans"
    assert dict(readable(plan))["Cities"] == "detroit, new-orleans"
    said = "people of one building alike by 0.05 (intraclass correlation); a 90 in 100 chance to find it, with a 95%"
    assert lines["Planned with"].startswith("12 buildings, 900 residents in all, ") and said in lines["Planned with"]


@pytest.mark.parametrize("design", list(DesignKind))
def test_every_design_can_be_read(design):
    lines = dict(readable(make_registration(design=design, estimator=METHODS_OF[design][0])))
    assert lines["Method"] == METHOD_WORDS[METHODS_OF[design][0]]
    assert set(METHOD_WORDS) == set(Estimator)


def test_dollars_are_written_as_dollars():
    assert effect_words(make_registration(outcome=EARNINGS, smallest_worthwhile=250.0)) == "$250"


def test_the_registrys_fields_are_all_there_in_order():
    fields = aea_fields(MADE, today=date(2026, 9, 30), fingerprint="ab12", minimum_detectable="It can detect 4 in 100.")
    assert tuple(fields) == FIELDS
    assert fields["Status"] == "in_development"
    assert fields["Randomization unit"] == "person"
    assert fields["Sample size number arms"] == "Usual letter: about 2,000 residents; Coaching: about 2,000 residents"
    assert fields["Minimum effect size"] == "It can detect 4 in 100. Smallest effect worth having: 4 in 100."
    assert fields["IRB"] == "City review board, 2026-09-02, 27-114 (exempt)"
    assert fields["Secondary IDs"] == "sha256:ab12"
    assert "Primary Investigator" in left_empty(fields)


@pytest.mark.parametrize(
    ("day", "status"),
    [(date(2026, 10, 4), "in_development"), (date(2026, 10, 5), "on_going"), (date(2028, 1, 1), "completed")],
)
def test_the_status_follows_the_dates(day, status):
    assert aea_fields(MADE, today=day)["Status"] == status


def test_no_person_is_named_in_the_export():
    text = aea_json(aea_fields(MADE, today=date(2026, 9, 30)))
    assert PROTECTED.can_stop not in text
    assert PROTECTED.can_stop_contact not in text


def test_csv_and_json_hold_the_same():
    fields = aea_fields(make_registration(title="=1+1"), today=date(2026, 9, 30))
    header, row = csv.reader(io.StringIO(aea_csv(fields)))
    assert tuple(header) == FIELDS
    assert row[0] == "'=1+1"
    assert json.loads(aea_json(fields))["Title"] == "=1+1"


def test_a_comparison_that_nobody_drew_says_so():
    fields = aea_fields(make_registration(design=DesignKind.SERIES, estimator=Estimator.SERIES), today=date(2027, 1, 1))
    assert fields["Randomization method"] == "Not randomized"
    assert fields["Randomization unit"] == ""
