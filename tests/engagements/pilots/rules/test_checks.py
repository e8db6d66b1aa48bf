"""What a registration lacks before it can be locked, and what is only unwise."""

from datetime import date

import pytest

from engagements.pilots.forms import choices
from engagements.pilots.rules.check_design import METHOD_NAMES
from engagements.pilots.rules.check_outcomes import RESERVED
from engagements.pilots.rules.checks import cannot_be_analyzed, cautions, lacks
from engagements.pilots.rules.registration import (
    Arm,
    Assumptions,
    Boundary,
    Consent,
    DesignKind,
    Determination,
    Estimator,
    HumanSubjects,
    Law,
    MissingRule,
    Outcome,
    OutcomeKind,
    Registration,
    Subgroup,
)
from engagements.verdicts import Wanted
from tests.engagements.pilots.made_registration import EARNINGS, JOBS, MADE, make_registration

THREE = (*MADE.arms, Arm("third", "Third", "A call"))

POWERBALL = {"seed_from": "Powerball", "seed_on": date(2026, 12, 2), "seed_numbers": 6}


def fields_of(registration, **facts):
    return [field for field, _ in lacks(registration, **facts)]


def test_a_whole_registration_lacks_nothing():
    assert lacks(MADE, today=date(2026, 9, 30)) == []
    assert cautions(MADE, detectable=3.9) == []


@pytest.mark.parametrize(("day", "problems"), [(1, []), (2, ["draw.seed_on"]), (3, ["draw.seed_on"])])
def test_a_public_draw_is_still_to_come(day, problems):
    """It keeps no plan of elsewhere from being analyzed."""
    plan = make_registration(draw=POWERBALL)
    assert fields_of(plan, today=date(2026, 12, day)) == problems
    assert cannot_be_analyzed(make_registration(draw={"seed_from": "Powerball"})) == []


def test_methods_are_named_as_the_form_names_them_with_their_key():
    """A writer picks the words from a list, who writes a file types the key."""
    said = dict(lacks(make_registration(estimator=Estimator.PAIRED)))["estimator"]
    assert said == (
        "This design has these methods: “Difference between the groups” (difference), “Difference within blocks” "
        "(blocked), “Difference after adjusting for what was known before” (adjusted)."
    )
    assert dict(lacks(make_registration(covariates=("age",))))["covariates"] == (
        "Only “Difference after adjusting for what was known before” (adjusted) uses these columns. Choose it, or "
        "remove them."
    )
    assert all(str(label).startswith(METHOD_NAMES[Estimator(key)]) for key, label in choices.ESTIMATORS)


def test_an_empty_one_lacks_every_part():
    empty = Registration(
        title="",
        question="",
        unit="",
        people="",
        eligibility="",
        arms=(),
        outcome=Outcome("", "", OutcomeKind.SHARE, ""),
        smallest_worthwhile=0.0,
        worthwhile_because="",
        design=DesignKind.PEOPLE,
        estimator=Estimator.DIFFERENCE,
    )
    expected = "title question unit people eligibility spillovers starts_on ends_on arms outcome.key outcome.name "
    expected += "outcome.unit outcome.good outcome.after outcome.source outcome.window_from outcome.window_to "
    expected += "smallest_worthwhile worthwhile_because assumptions.people assumptions.base_rate "
    expected += " ".join(
        f"human_subjects.{name}"
        for name in "determination body number decided_on document consent law comparison_receives can_stop".split()
    )
    assert sorted(fields_of(empty)) == sorted(expected.split())


@pytest.mark.parametrize(
    ("field", "changes"),
    [
        ("arms", {"arms": MADE.arms[:1]}),
        ("arms.1.key", {"arms": (MADE.arms[0], Arm("usual", "Other", "x"))}),
        ("arms.1.key", {"arms": (MADE.arms[0], Arm("=1+1", "Other", "x"))}),
        ("arms.1.gets", {"arms": (MADE.arms[0], Arm("b", "Other", " "))}),
        ("arms.1.weight", {"arms": (MADE.arms[0], Arm("b", "Other", "x", 0))}),
        ("title", {"title": "x" * 201}),
        ("estimator", {"estimator": Estimator.PAIRED}),
        ("draw.block_by", {"estimator": Estimator.BLOCKED}),
        ("covariates", {"estimator": Estimator.ADJUSTED}),
        ("covariates", {"covariates": ("age",)}),
        ("covariates", {"estimator": Estimator.ADJUSTED, "covariates": ("had_job",)}),
        ("covariates", {"estimator": Estimator.ADJUSTED, "covariates": ("took_part",)}),
        ("missing", {"outcome": EARNINGS, "missing": MissingRule.WORST}),
        ("missing", {"design": DesignKind.SERIES, "estimator": Estimator.SERIES, "missing": MissingRule.WORST}),
        ("draw.cluster_by", {"design": DesignKind.CLUSTERS, "estimator": Estimator.CLUSTERED}),
        ("draw.pair_by", {"design": DesignKind.PAIRS, "estimator": Estimator.PAIRED}),
        ("arms", {"design": DesignKind.PAIRS, "estimator": Estimator.PAIRED, "arms": THREE}),
        ("starts_in", {"design": DesignKind.DIFFERENCES, "estimator": Estimator.DIFFERENCES}),
        ("starts_in", {"starts_in": ("2027-03",)}),
        (
            "starts_in",
            {
                "design": DesignKind.STAGGERED,
                "estimator": Estimator.STAGGERED,
                "starts_in": ("a=2027-03", "b=2027-03", "c=2027-03"),
            },
        ),
        ("arms", {"design": DesignKind.SERIES, "estimator": Estimator.SERIES, "arms": THREE}),
        ("limits.pre_fit", {"design": DesignKind.SYNTHETIC, "estimator": Estimator.SYNTHETIC, "starts_in": ("2027",)}),
        ("cities", {"cities": ("tulsa", "tulsa")}),
        ("draw.seed_from", {"draw": {"seed_on": date(2026, 12, 2)}}),
        ("draw.seed_from", {"draw": POWERBALL | {"seed_from": "x" * 151}}),
        ("draw.seed_on", {"draw": POWERBALL | {"seed_on": None}}),
        ("draw.seed_numbers", {"draw": POWERBALL | {"seed_numbers": None}}),
        ("draw.seed_numbers", {"draw": POWERBALL | {"seed_numbers": 4}}),
        ("draw.seed_numbers", {"draw": POWERBALL | {"seed_numbers": 13}}),
        ("outcome.key", {"outcome": {"key": "Had job"}}),
        ("outcome.key", {"outcome": {"key": "took_part"}}),
        ("outcome.unit", {"outcome": {"unit": "percent"}}),
        ("outcome.good", {"outcome": {"good": ""}}),
        ("outcome.window_to", {"outcome": {"window_to": date(2026, 12, 1)}}),
        ("ends_on", {"ends_on": date(2027, 6, 1)}),
        ("secondary.0.key", {"secondary": (JOBS,)}),
        ("smallest_worthwhile", {"smallest_worthwhile": -4.0}),
        ("smallest_worthwhile", {"smallest_worthwhile": float("nan")}),
        ("smallest_worthwhile", {"smallest_worthwhile": 100.0}),
        ("smallest_worthwhile", {"outcome": EARNINGS, "smallest_worthwhile": 1e13}),
        ("subgroups.0.values", {"subgroups": (Subgroup("sex", ("f",)),)}),
        ("subgroups.0.column", {"subgroups": (Subgroup("had_job", ("0", "1")),)}),
        ("subgroups.1.column", {"subgroups": (Subgroup("sex", ("f", "m")), Subgroup("sex", ("f", "m")))}),
        ("boundary", {"looks": (0.5, 1.0)}),
        ("looks", {"boundary": Boundary.OBRIEN_FLEMING}),
        ("looks", {"boundary": Boundary.OBRIEN_FLEMING, "looks": (0.5, 0.9)}),
        ("looks", {"boundary": Boundary.OBRIEN_FLEMING, "looks": (0.5, 0.5, 1.0)}),
        ("looks", {"boundary": Boundary.OBRIEN_FLEMING, "looks": (1.0, 0.5)}),
        ("looks", {"boundary": Boundary.OBRIEN_FLEMING, "looks": (0.0, 1.0)}),
        ("looks", {"boundary": Boundary.OBRIEN_FLEMING, "looks": (0.09, 1.0)}),
        ("looks", {"boundary": Boundary.OBRIEN_FLEMING, "looks": (0.5, 0.5000001, 1.0)}),
        ("looks", {"boundary": Boundary.ALWAYS_VALID, "looks": (0.5, 0.54, 1.0)}),
        ("stopping_rule", {"boundary": Boundary.ALWAYS_VALID, "stopping_rule": ""}),
        ("limits.lost_percent", {"limits": {"lost_percent": 101.0}}),
        ("limits.smallest_cell", {"limits": {"smallest_cell": 1}}),
        ("assumptions.base_rate", {"assumptions": {"base_rate": 0.0}}),
        ("assumptions.level", {"assumptions": {"level": 94.9}}),
        ("assumptions.level", {"assumptions": {"level": 99.95}}),
        ("assumptions.sd", {"outcome": EARNINGS, "assumptions": {"sd": 0.0}}),
        ("assumptions.sd", {"outcome": EARNINGS}),
        ("assumptions.treated_clusters", {"assumptions": {"clusters": 6, "treated_clusters": 6}}),
        ("cost_per_unit_usd", {"cost_per_unit_usd": -1.0}),
        ("quasi_identifiers", {"quasi_identifiers": ("birth year",)}),
        ("human_subjects.consent_words", {"human_subjects": {"consent": Consent.WAIVED, "consent_words": ""}}),
        ("human_subjects.law_words", {"human_subjects": {"law": Law.STATE, "law_words": ""}}),
        ("human_subjects.expires_on", {"human_subjects": {"determination": Determination.APPROVED}}),
    ],
)
def test_each_problem_is_named_by_its_field(field, changes):
    assert field in fields_of(make_registration(**changes))


def test_looks_a_twentieth_apart_from_a_tenth_on_may_be_registered():
    closest = tuple(round(0.1 + 0.05 * step, 2) for step in range(19))
    assert closest[0] == 0.1 and closest[-1] == 1.0
    assert fields_of(make_registration(boundary=Boundary.OBRIEN_FLEMING, looks=closest)) == []


def test_an_expired_decision_is_a_problem_on_the_day_and_not_before():
    registration = make_registration(human_subjects={"expires_on": date(2027, 3, 1)})
    assert fields_of(registration, today=date(2027, 3, 1)) == []
    assert fields_of(registration, today=date(2027, 3, 2)) == ["human_subjects.expires_on"]


def test_a_decision_of_a_later_day_is_no_decision():
    assert fields_of(MADE, today=date(2026, 9, 1)) == ["human_subjects.decided_on"]


def test_no_sentence_repeats_what_was_typed():
    typed = "zzyzx"
    registration = make_registration(
        arms=(MADE.arms[0], Arm(f"={typed}", typed, "")), outcome={"key": f"= {typed}", "unit": typed}
    )
    assert not [sentence for _, sentence in lacks(registration) if typed in sentence]


def test_an_outside_plan_needs_only_what_a_number_needs():
    bare = make_registration(
        human_subjects=vars(HumanSubjects()), starts_on=None, ends_on=None, spillovers="", worthwhile_because=""
    )
    assert cannot_be_analyzed(bare) == []
    assert cannot_be_analyzed(make_registration(estimator=Estimator.PAIRED))[0][0] == "estimator"
    assert cannot_be_analyzed(make_registration(smallest_worthwhile=0.0))[0][0] == "smallest_worthwhile"


def test_names_of_columns_that_every_file_has_are_taken():
    assert {"arm", "n", "total", "took_part", "period"} <= RESERVED


@pytest.mark.parametrize(
    ("said", "detectable", "changes"),
    [
        ("cannot detect less than 9 in 100; you said 4 would be worth having", 9.0, {}),
        (
            "no verdict is possible",
            None,
            {
                "design": DesignKind.CLUSTERS,
                "estimator": Estimator.CLUSTERED,
                "assumptions": vars(Assumptions(clusters=20, treated_clusters=2)),
            },
        ),
        ("If few take part", None, {"assumptions": {"take_up": 30.0}}),
        ("Nobody is drawn here", None, {"design": DesignKind.SERIES}),
        ("“Difference within blocks” (blocked) uses that", None, {"draw": {"block_by": ("ward",)}}),
        ("Plan its renewal", None, {"human_subjects": {"expires_on": date(2027, 3, 1)}}),
    ],
)
def test_what_is_unwise_is_said_and_may_be_locked(said, detectable, changes):
    assert said in " ".join(sentence for _, sentence in cautions(make_registration(**changes), detectable))


def test_the_example_of_a_good_answer_follows_the_direction():
    (problem,) = [
        sentence
        for field, sentence in lacks(make_registration(outcome={"good": "", "better": Wanted.LESS}))
        if field == "outcome.good"
    ]
    assert "kept their home" in problem
