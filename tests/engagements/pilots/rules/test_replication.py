"""How to test it again: from the locked plan and the finding, with what went wrong and what it does not promise."""

from dataclasses import replace
from datetime import date

from engagements.pilots.rules.estimates import Attrition, Estimate, Finding, Refused
from engagements.pilots.rules.registration import Assumptions, DesignKind, Estimator
from engagements.pilots.rules.replication import LIMIT, Amendment, Guide, Told, guide
from engagements.pilots.rules.stored_finding import ArmCount
from engagements.results.records import ResultFields
from engagements.verdicts import Verdict
from tests.engagements.pilots.made_registration import EARNINGS, MADE

RESULT = ResultFields(
    finding="that 6 more in 100 had a job",
    outcome="Had a job",
    tried="Coaching",
    cost_usd=181.0,
    cost_price_year=2026,
    cost_unit="person",
)
PRIMARY = Estimate("difference", 6.0, 2.0, 2.0, 10.0, 95.0, None, 0.003)
FINDING = Finding(PRIMARY, 2.0, 10.0, Verdict.WORKED, "It worked.", (), "registered trial", 4.3)
TOLD = Told(
    city="Tulsa",
    sentence="It worked: of 100 residents offered it, about 6 more had a job after a year.",
    fields=RESULT,
    city_says="The city agrees.",
    fingerprint="7c1e",
    locked_on=date(2026, 9, 15),
    registered_before="Yes. The plan was locked on September 15, 2026.",
    finding=FINDING,
    arms=(ArmCount("usual", 2000, 0.40, 2040, None), ArmCount("coaching", 1990, 0.46, 2040, 1500)),
)


def part(found: Guide, key: str) -> dict[str, str]:
    return dict(next(one.lines for one in found.parts if one.key == key))


def test_it_says_what_to_send_to_whom_at_what_cost():
    found = guide(MADE, TOLD)
    assert [one.key for one in found.parts] == ["send", "whom", "cost", "test", "wrong", "limits"]
    assert part(found, "send") == {
        "Coaching": "A coach for three months.",
        "Usual letter (the comparison)": "The usual letter.",
    }
    whom = part(found, "whom")
    assert (
        whom["Where"] == "Tulsa" and whom["How many residents were counted"] == "Usual letter: 2,000; Coaching: 1,990."
    )
    assert part(found, "cost")["Paid"] == "$181 for person, in dollars of 2026."


def test_how_to_test_it_again_has_design_column_method_plan_and_the_people_it_takes():
    found = guide(MADE, TOLD)
    again = part(found, "test")
    assert again["Design"] == "Randomized by person." and again["Column of the outcome in data files"] == "had_job"
    assert again["Smallest effect worth having, set here"].startswith("4 in 100. Below 4 in 100")
    assert again["What this test could detect"] == "4.3 in 100, found in 80 of 100 such tests."
    assert "7c1e" in again["Registered plan"]
    sizes = dict(found.sizes)
    assert sizes["4 in 100"].endswith("residents in all groups") and len(sizes) == 6
    people = [int(words.split()[0].replace(",", "")) for words in sizes.values()]
    assert people == sorted(people, reverse=True)


def test_money_is_told_with_what_it_is_for_and_people_of_each_period_are_measurements():
    monthly = replace(EARNINGS, unit="dollars a month")
    over_time = replace(MADE, outcome=monthly, design=DesignKind.DIFFERENCES, estimator=Estimator.DIFFERENCES)
    found = guide(over_time, replace(TOLD, finding=replace(FINDING, detectable=329.4)))
    assert part(found, "test")["What this test could detect"] == "$329 a month, found in 80 of 100 such tests."
    assert part(found, "whom")["How many measurements were counted"] == "Usual letter: 2,000; Coaching: 1,990."


def test_nobody_is_named():
    words = repr(guide(MADE, TOLD))
    assert MADE.human_subjects.can_stop not in words and MADE.human_subjects.can_stop_contact not in words


def test_what_went_wrong_is_listed_and_nothing_listed_is_not_called_right():
    clean = guide(MADE, TOLD)
    assert part(clean, "wrong") == {} and "does not show that nothing did" in clean.parts[4].note
    finding = replace(
        FINDING,
        attrition=Attrition({"usual": 2.0, "coaching": 9.5}, 7.5, needs_bounds=True),
        take_up=31.0,
        reasons=("More were lost in one group",),
    )
    amended = (Amendment(2, date(2027, 2, 1), "The registry changed its columns"),)
    wrong = part(guide(MADE, replace(TOLD, finding=finding, amendments=amended)), "wrong")
    assert wrong["The plan was changed on February 1, 2027"] == "Version 2: The registry changed its columns."
    assert wrong["Outcomes that are missing"] == "Usual letter: 2.0%; Coaching: 9.5%."
    assert "31 of 100" in wrong["Few took part"] and wrong["What limits the verdict"] == "More were lost in one group."


def test_a_stopped_pilot_and_a_refusal_say_so():
    stopped = replace(TOLD, finding=None, arms=(), stopped="The funder withdrew")
    assert part(guide(MADE, stopped), "wrong") == {"It was stopped": "The funder withdrew."}
    refused = replace(FINDING, primary=Refused("clusters", "Only 2 schools got it.", "At least 3 of each kind."))
    wrong = part(guide(MADE, replace(TOLD, finding=refused)), "wrong")
    assert wrong["No estimate was possible"] == "Only 2 schools got it. At least 3 of each kind."


def test_a_design_without_a_formula_says_why_there_is_no_number():
    series = replace(MADE, design=DesignKind.SERIES, estimator=Estimator.SERIES, assumptions=Assumptions())
    found = guide(series, TOLD)
    assert found.sizes == () and found.why_no_sizes == "No formula gives this number for a design over time."
    less = guide(replace(MADE, assumptions=replace(MADE.assumptions, people=None, base_rate=None)), TOLD)
    assert less.sizes == () and less.why_no_sizes == (
        "The plan does not say enough to calculate what this test can detect. Needed: How many in 100 have the outcome "
        "without the program; the number of people."
    )


def test_groups_are_counted_by_their_name_and_cities_named():
    assumed = Assumptions(people=1200, base_rate=40.0, clusters=24, icc=0.02)
    plan = replace(
        MADE, design=DesignKind.CLUSTERS, estimator=Estimator.CLUSTERED, unit="building", assumptions=assumed
    )
    found = guide(replace(plan, cities=("detroit", "tulsa")), replace(TOLD, cities=("Detroit", "Tulsa")))
    assert part(found, "whom")["Where"] == "Detroit, Tulsa"
    assert found.sizes and all(words.endswith((" buildings", "assumptions")) for _effect, words in found.sizes)
    assert found.parts[0].title == "What people received"


def test_what_worked_here_may_not_repeat_elsewhere():
    limits = part(guide(MADE, TOLD), "limits")
    assert limits["Elsewhere"].startswith(LIMIT) and "once, in Tulsa" in limits["Elsewhere"]
    several = part(guide(replace(MADE, cities=("tulsa", "newark")), TOLD), "limits")
    assert "once, in 2 cities" in several["Elsewhere"]
    assert limits["What the city says"] == "The city agrees."
