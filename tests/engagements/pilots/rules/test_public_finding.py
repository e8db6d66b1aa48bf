"""What everybody may read of a finding: the result of whole arms, and nobody few."""

import json
import re
from dataclasses import replace

import pytest

from engagements.pilots.rules.estimates import Attrition, Estimate, NamedEstimate, Refused, SampleRatio
from engagements.pilots.rules.estimators.counted_units import not_few
from engagements.pilots.rules.public_finding import public_finding, without_few
from engagements.pilots.rules.reading import csv_lines, read_table
from engagements.pilots.rules.registration import Subgroup
from engagements.pilots.rules.released import release
from engagements.pilots.rules.stored_finding import ArmCount, finding_json
from engagements.pilots.views.shown_finding import checks_of, people_words
from engagements.verdicts import Verdict
from tests.engagements.pilots.made_finding import ARMS, CITIES, ESTIMATE, FOUND, make_finding
from tests.engagements.pilots.made_registration import MADE, make_registration

WORDS = ("person", "pair", "household")
KNOWN_OF_4 = Refused("difference", "Known outcomes in “Coaching”: of 4 people only.", "At least 10 people in each arm.")


@pytest.mark.parametrize(
    ("said", "limit", "told"),
    [
        ("of 4 people only.", 10, "of fewer than 10 people only."),
        ("of 1 person only.", 10, "of fewer than 10 people only."),
        ("of 10 people; 1,004 people", 10, "of 10 people; 1,004 people"),
        ("of 12 people only.", 20, "of fewer than 20 people only."),
        ("of fewer than 10 people only.", 20, "of fewer than 20 people only."),
        ("3 households, 3 schools, no people", 10, "fewer than 10 households, 3 schools, no people"),
    ],
)
def test_no_sentence_counts_few_people(said, limit, told):
    assert without_few(said, WORDS, limit) == told


def test_a_small_count_is_said_as_small():
    assert [not_few(one, "person") for one in (0, 1, 9, 10)] == [
        "no people",
        "fewer than 10 people",
        "fewer than 10 people",
        "10 people",
    ]


def test_nothing_of_a_finding_counts_few_people():
    """Refusals, notes and details of every part; the same for those kept before sentences stopped counting."""
    noted = replace(
        ESTIMATE,
        units=3996,
        notes=("Measured in blocks with one group alone, which tell nothing: 4 people.",),
        caps=("7 people were lost.",),
        details={"people_in_one_group_blocks": 4.0, "blocks": 4.0},
    )
    found = make_finding(
        primary=noted,
        reasons=("Known outcomes in “Coaching”: of 4 people only.",),
        secondary=(NamedEstimate("Earnings", replace(ESTIMATE, people=3993)), NamedEstimate("Health", KNOWN_OF_4)),
        subgroups=(NamedEstimate("age: under 25", KNOWN_OF_4),),
    )
    shown = public_finding(MADE, found, ARMS).finding
    told = json.dumps(finding_json(shown), ensure_ascii=False)
    assert not re.search(r"\b[1-9] (people|person)", told)
    assert (shown.primary.units, shown.primary.details) == (0, {"people_in_one_group_blocks": None, "blocks": 4.0})
    assert shown.secondary[0].answer.people == 0, "4,000 less 3,993 would say 7"
    assert shown.subgroups[0].answer.reason == "Known outcomes in “Coaching”: of fewer than 10 people only."
    assert "4 people" not in told and "7 people" not in told and "at least 10 people" in told.lower()


def test_effects_of_whole_arms_are_never_changed():
    shown = public_finding(MADE, FOUND, ARMS)
    assert (shown.finding.primary, shown.finding.sentence, shown.arms) == (FOUND.primary, FOUND.sentence, ARMS)
    assert (shown.finding.shown_low, shown.finding.shown_high) == (2.0, 10.0)


def test_beside_the_result_no_share_of_one_group_is_told():
    shares = replace(ESTIMATE, people=400, units=400, details={"treated": 1.0, "comparison": 9.0, "quantile": 1.96})
    found = make_finding(subgroups=(NamedEstimate("age: under 25", shares),))
    answer = public_finding(MADE, found, ARMS).finding.subgroups[0].answer
    assert isinstance(answer, Estimate) and answer.details == {"quantile": 1.96}


def test_schools_are_nobody_and_a_stricter_limit_holds():
    schools = make_registration(design="clusters", estimator="clustered", unit="school")
    refused = Refused("clustered", "Only 2 schools got the program, with 14 people.", "")
    found = make_finding(subgroups=(NamedEstimate("age: under 25", refused),))
    answer = public_finding(schools, found, ARMS, limit=20).finding.subgroups[0].answer
    assert answer.reason == "Only 2 schools got the program, with fewer than 20 people."


@pytest.mark.parametrize(
    ("change", "withheld"),
    [
        ({}, set()),
        ({"assigned": 2023}, {"lost"}),
        ({"took_part": 4}, {"took"}),
        ({"took_part": 2016}, {"took"}),
        ({"mean": 4 / 2020}, {"events"}),
        ({"mean": 2017 / 2020}, {"events"}),
    ],
)
def test_few_who_were_lost_or_took_part_or_had_the_outcome_are_not_told(change, withheld):
    arms = (ARMS[0], replace(ARMS[1], **change))
    shown = public_finding(MADE, FOUND, arms)
    assert shown.withheld == withheld
    assert all((one.assigned is None) == ("lost" in withheld) for one in shown.arms)
    assert all((one.mean is None) == ("events" in withheld) for one in shown.arms)
    assert (shown.finding.take_up is None) == ("took" in withheld)


def test_neither_sizes_nor_shares_give_the_lost_back():
    """2,023 drawn in one arm beside 2,020 measured: the page said both."""
    ratio = SampleRatio(0.3412, {"usual": 2000.0, "coaching": 2023.0}, {"usual": 1990.0, "coaching": 2021.0})
    shown = public_finding(MADE, make_finding(sample_ratio=ratio), ARMS).finding
    assert (shown.sample_ratio, shown.attrition.lost) == (SampleRatio(0.34, {}, {}), {})
    said = {one.label: one.words for one in checks_of(MADE, shown)}
    assert said["Sizes as drawn"] == "p = 0.34"
    assert said["Lost to follow-up"] == "Not shown: it would tell of few people"


@pytest.mark.parametrize(("pairs", "told"), [(97, None), (85, 85.0)])
def test_pairs_do_not_give_back_the_people_left_out(pairs, told):
    """197 measured and 97 pairs: 197 less 2 times 97 were 3 people. Of 85 pairs, 27 are no few."""
    plan = make_registration(design="pairs", estimator="paired")
    arms = (ArmCount("usual", 100, 0.4, None, None), ArmCount("coaching", 97, 0.4, None, None))
    details = {"pairs": float(pairs), "pairs_left_out": None, "quantile": 1.98}
    found = make_finding(primary=replace(ESTIMATE, people=2 * pairs, units=pairs, df=pairs - 1.0, details=details))
    shown = public_finding(plan, found, arms).finding.primary
    assert shown.details == details | {"pairs": told}
    assert (shown.people, shown.units) == ((0, 0) if told is None else (170, 85))


@pytest.mark.parametrize(("measured", "withheld"), [(997, {"lost"}), (990, set()), (1000, set())])
def test_the_share_lost_tells_of_few_where_only_the_draw_knows_them(measured, withheld):
    """Counts without the number drawn: 1,000 drawn, 997 measured and 0.3 percent lost said 3."""
    arms = tuple(ArmCount(key, measured, 0.4, None, None) for key in ("usual", "coaching"))
    lost = Attrition({key: (1000 - measured) / 10 for key in ("usual", "coaching")}, 0.0, False)
    shown = public_finding(MADE, make_finding(sample_ratio=None, attrition=lost), arms)
    assert shown.withheld == withheld
    assert (shown.finding.attrition.lost == {}) == bool(withheld)


@pytest.mark.parametrize(
    ("unit", "people", "withheld"), [("person", 1, {"lost"}), ("household", 1, {"lost"}), ("school", 40, set())]
)
def test_of_pairs_of_people_few_absent_members_are_not_told(unit, people, withheld):
    """100 pairs drawn, 97 members of one arm in the file: 3 people are lost, or 3 schools, which are nobody."""
    plan = make_registration(design="pairs", estimator="paired", unit=unit)
    arms = (
        ArmCount("usual", 100 * people, 0.4, 100 * people, None),
        ArmCount("coaching", 97 * people, 0.4, None, None),
    )
    ratio = SampleRatio(0.83, {"usual": 100.0, "coaching": 100.0}, {"usual": 100.0, "coaching": 97.0})
    found = make_finding(attrition=Attrition({"usual": 0.0, "coaching": 3.0}, 3.0, False), sample_ratio=ratio)
    shown = public_finding(plan, found, arms)
    assert shown.withheld == withheld
    assert (shown.finding.attrition.lost == shown.finding.sample_ratio.came == {}) == bool(withheld)


def test_where_no_arms_are_told_sizes_and_shares_do_not_tell_them():
    """7 of 10 measured: the arms go, and so do the 10 drawn beside 30 percent lost."""
    arms = (ARMS[0], ArmCount("coaching", 7, 0.4, 10, None))
    ratio = SampleRatio(0.34, {"usual": 2000.0, "coaching": 10.0}, {"usual": 2000.0, "coaching": 10.0})
    found = make_finding(attrition=Attrition({"usual": 1.0, "coaching": 30.0}, 29.0, True), sample_ratio=ratio)
    shown = public_finding(MADE, found, arms)
    assert (shown.arms, shown.finding.attrition.lost, shown.finding.sample_ratio.drawn) == ((), {}, {})


@pytest.mark.parametrize(
    ("verdict", "measured", "is_withheld", "words"),
    [
        ("worked", (1980, 7), True, "Not shown: it would tell of few people"),
        ("stopped", (1980, 2020), True, "Not told of a stopped pilot"),
        ("stopped", (0, 0), False, "Nobody was measured"),
        ("refused", (0, 0), False, "Nobody was measured"),
        ("worked", (1980, 20), False, "2,000 people: 20 in “Coaching”, 1,980 in “Usual letter”"),
    ],
)
def test_arms_that_are_not_told_are_not_said_to_be_nobody(verdict, measured, is_withheld, words):
    arms = tuple(ArmCount(key, n, None, None, None) for key, n in zip(("usual", "coaching"), measured, strict=True))
    shown = public_finding(MADE, make_finding(verdict=Verdict(verdict)), arms)
    assert ("arms" in shown.withheld) == is_withheld
    assert people_words(MADE, shown.arms, shown.withheld, verdict == "stopped") == words


def test_what_the_page_of_the_data_hides_of_an_arm_is_not_told_beside_it():
    text = b"arm,block,n,total,assigned\nusual,a,900,300,903\nusual,b,1080,492,1084\ncoaching,a,2020,929,2060\n"
    cells = read_table(*csv_lines(text), MADE).outcomes["had_job"]
    tables = release(cells, MADE).tables
    assert public_finding(MADE, FOUND, ARMS, released=tables).withheld == {"lost"}
    large = text.replace(b"903", b"930").replace(b"1084", b"1100")
    tables = release(read_table(*csv_lines(large), MADE).outcomes["had_job"], MADE).tables
    assert public_finding(MADE, FOUND, ARMS, released=tables).withheld == set()


AGES = make_registration(
    subgroups=(Subgroup("age", ("under 25", "25 to 60", "older")), Subgroup("home", ("rents", "owns")))
)
FEW = Refused("difference", "A group has fewer than 10 people with a known outcome.", "At least 10 people.")


def _subgroups(*people):
    names = [f"{one.column}: {value}" for one in AGES.subgroups for value in one.values]
    answers = [replace(ESTIMATE, people=count, units=count) if count else FEW for count in people]
    return tuple(NamedEstimate(name, one, 0.04, True) for name, one in zip(names, answers, strict=True))


@pytest.mark.parametrize(
    ("people", "told"),
    [
        ((1000, 2000, 1000, 2500, 1500), {"under 25", "25 to 60", "older", "rents", "owns"}),
        ((0, 2000, 1980, 2500, 1500), {"rents", "owns"}),  # everybody less the two others: the 20 under 25
        ((0, 2000, 2000, 2500, 1500), {"25 to 60", "older", "rents", "owns"}),  # nobody is under 25
        ((1000, 2000, 996, 2500, 1500), {"rents", "owns"}),  # four people of unknown age
    ],
)
def test_a_small_subgroup_is_not_the_whole_less_the_others(people, told):
    shown = public_finding(AGES, make_finding(subgroups=_subgroups(*people)), ARMS).finding.subgroups
    assert {one.name.split(": ")[1] for one in shown if isinstance(one.answer, Estimate)} == told
    assert all(one.adjusted_p is None for one in shown if "would give back" in getattr(one.answer, "reason", ""))


@pytest.mark.parametrize(
    ("limit", "people", "told"),
    [
        (30, (22, 1000, 2978, 2500, 1500), {"rents", "owns"}),  # 22 of both arms: one has fewer than 30
        (30, (60, 1000, 2940, 2500, 1500), {"under 25", "25 to 60", "older", "rents", "owns"}),
        (10, (22, 1000, 2978, 2500, 1500), {"under 25", "25 to 60", "older", "rents", "owns"}),
    ],
)
def test_a_stricter_limit_keeps_subgroups_and_what_gives_them_back(limit, people, told):
    shown = public_finding(AGES, make_finding(subgroups=_subgroups(*people)), ARMS, limit).finding.subgroups
    assert {one.name.split(": ")[1] for one in shown if isinstance(one.answer, Estimate)} == told
    assert all(one.adjusted_p is None for one in shown if isinstance(one.answer, Refused))


def test_a_stricter_limit_keeps_cities_and_other_outcomes():
    few = NamedEstimate("Health", replace(ESTIMATE, people=22, units=22), 0.04, True)
    cities = [NamedEstimate(f"{n}", replace(ESTIMATE, people=n, units=n)) for n in (3978, 22)]
    found = make_finding(secondary=(few,), specifications=(few,), pooled=replace(CITIES, cities=tuple(cities)))
    shown = public_finding(MADE, found, ARMS, limit=30).finding
    for one in (*shown.secondary, *shown.specifications):
        assert one.answer.reason.startswith("Not shown: a group has fewer than 30 people")
        assert one.adjusted_p is None
    assert shown.pooled is None and isinstance(shown.primary, Estimate)
    shown = public_finding(MADE, found, ARMS).finding
    assert shown.pooled and isinstance(shown.secondary[0].answer, Estimate)


def test_numbers_of_feeds_are_of_nobody_whatever_the_limit():
    plan = make_registration(design="differences", estimator="differences")
    feed = replace(ESTIMATE, people=48, units=2)
    found = make_finding(primary=feed, secondary=(NamedEstimate("Visits", feed),))
    assert isinstance(public_finding(plan, found, ARMS, limit=30).finding.secondary[0].answer, Estimate)


def test_a_small_city_takes_the_table_of_cities_with_it():
    cities = [NamedEstimate(f"{place}", replace(ESTIMATE, people=1990)) for place in ("tulsa", "detroit")]
    whole = replace(CITIES, cities=(*cities, NamedEstimate("flint", FEW)))
    assert public_finding(MADE, make_finding(pooled=whole), ARMS).finding.pooled is None
    every = [replace(one, answer=replace(ESTIMATE, people=2000)) for one in cities]
    assert public_finding(MADE, make_finding(pooled=replace(CITIES, cities=tuple(every))), ARMS).finding.pooled
