"""The page of a pilot: nothing before it is published, then what was found, how it was tested and who approved it."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from dashboards.charts.effect_line import draw_effect_line
from engagements.models import Engagement, Pilot, Result
from engagements.permissions import Role
from engagements.pilots.actions.pilots import link_pilot
from engagements.pilots.actions.results import write_result
from engagements.pilots.queries.verdict_page import verdict_page
from engagements.pilots.queries.way import standings
from engagements.pilots.rules.estimates import Refused, SecondTest
from engagements.pilots.rules.registration import DesignKind, Estimator
from engagements.pilots.views.estimates_file import estimates_csv
from engagements.pilots.views.pilot_facts import facts_of
from engagements.pilots.views.shown_effects import effect_words, number_words, p_words, size_words
from engagements.pilots.views.shown_finding import (
    effect_line,
    lost_words,
    people_words,
    shown_finding,
    split_sentence,
)
from engagements.results.actions.results import move_result
from engagements.verdicts import Verdict, Wanted
from tests.engagements.pilots.made_finding import ARMS, CITIES, FOUND, SENTENCE, make_finding
from tests.engagements.pilots.made_registration import EARNINGS, MADE, make_registration
from tests.engagements.pilots.worked_pilot import (
    COLUMNS,
    NOW,
    analyze,
    give,
    lock_plan,
    make_stopped,
    make_worked,
    publish,
)
from tests.factories.engagements import MilestoneFactory
from tests.factories.ledger import commitment, entry

TEAM = {Role.LEAD, Role.ADVISER, Role.EXPERT, Role.CITY_STAFF}


def test_the_sentence_becomes_a_headline_and_its_rest_and_loses_no_word():
    headline, rest = split_sentence(SENTENCE)
    assert headline == "It worked: of 100 residents offered it, about 6 more had a job after a year."
    assert rest == "Between 2 and 10 more. Randomized by person. Registered before data: yes."
    assert split_sentence("We cannot tell: too few. Randomized.") == ("We cannot tell: too few.", "Randomized.")


def test_numbers_have_their_sign_and_unit():
    assert [number_words(one, MADE.outcome) for one in (5.28, -0.43, 0.0, float("inf"))] == [
        "+5.3",
        "−0.43",
        "0",
        "no end",
    ]
    assert number_words(-1329.4, EARNINGS) == "−$1,329"
    assert (size_words(4.0, MADE.outcome), size_words(250.0, EARNINGS)) == ("4 in 100", "$250")
    monthly = replace(EARNINGS, unit="dollars a month")
    assert (effect_words(329.4, monthly), size_words(329.4, monthly)) == ("+$329 a month", "$329 a month")
    assert (effect_words(-1.48, replace(EARNINGS, unit="days")), effect_words(6.0, MADE.outcome)) == (
        "−1.5 days",
        "+6 points",
    )


def test_a_small_p_is_under_a_thousandth():
    assert (p_words(0.312), p_words(3.2e-09)) == ("p = 0.31", "p under 0.001")
    second = SecondTest("wild", 3.2e-09, 1e-12, 9999, False)
    shown = shown_finding(MADE, make_finding(primary=replace(FOUND.primary, second=second)), {})
    words = {check.label: (check.words, check.is_fine) for check in shown.checks}
    assert words["Second test, wild bootstrap"] == (
        "p under 0.001; the smallest it could be is under 0.001. It finds a clear difference.",
        None,
    )
    assert shown.tells_p and not shown_finding(MADE, make_finding(sample_ratio=None, balance=None), {}).tells_p


def test_what_changes_no_verdict_is_neither_good_nor_bad():
    second = SecondTest("randomization", 0.2, 0.002, 500, True)
    found = make_finding(take_up=12.4, primary=replace(FOUND.primary, second=second))
    checks = {check.label: check for check in shown_finding(MADE, found, {}).checks}
    few = checks["Took part"]
    assert few.words == "12 in 100 of those offered took part; this says little about taking part"
    again = checks["Second test, by drawing again"]
    assert again.words.endswith("0.002. It finds no clear difference.")
    assert few.is_fine is again.is_fine is None and checks["Sizes as drawn"].is_fine is True


def test_people_counted_in_each_period_are_measurements():
    assert people_words(MADE, ARMS) == "4,000 people: 2,020 in “Coaching”, 1,980 in “Usual letter”"
    over_time = make_registration(design=DesignKind.DIFFERENCES, estimator=Estimator.DIFFERENCES)
    assert people_words(over_time, ARMS).startswith("4,000 measurements: 2,020 in “Coaching”")
    assert shown_finding(over_time, FOUND, {}).counted == "Measurements"
    assert shown_finding(MADE, FOUND, {}).counted == "People"
    lost = make_finding(attrition=replace(FOUND.attrition, lost={"usual": 10.0, "coaching": 1.94}))
    assert lost_words(MADE, lost) == "1.9% in “Coaching”, 10% in “Usual letter”"


def test_the_line_holds_the_effect_the_interval_and_what_is_worth_having():
    line = effect_line(MADE, FOUND)
    assert (line.value, line.low, line.high, line.worth, line.detectable) == (6.0, 2.0, 10.0, 4.0, 3.9)
    drawn = draw_effect_line(line)
    assert all(words in drawn for words in ("+6 points", "worth having from +4", "could detect from 3.9", "no effect"))
    assert "style=" not in drawn


def test_where_less_is_better_worth_having_lies_below_zero():
    plan = make_registration(outcome={"better": Wanted.LESS})
    line = effect_line(plan, replace(FOUND, primary=replace(FOUND.primary, value=-6.0, low=-10.0, high=-2.0)))
    assert (line.worth, line.detectable) == (-4.0, -3.9)
    assert (line.worth_words, line.detectable_words) == ("−4 points", "−3.9 points")
    assert 'x="0%"' in draw_effect_line(line), "shaded to the left"


def test_words_beside_a_rule_near_the_end_stand_before_it():
    small = replace(FOUND, primary=replace(FOUND.primary, value=0.5, low=-1.6, high=2.6), detectable=3.0)
    drawn = draw_effect_line(effect_line(MADE, replace(small, shown_low=-1.6, shown_high=2.6)))
    worth = next(part for part in drawn.split("<text") if "worth having from" in part)
    assert 'text-anchor="end"' in worth


def test_a_small_effect_is_named_beside_the_rule_of_no_effect():
    small = replace(FOUND, primary=replace(FOUND.primary, value=0.5, low=-1.6, high=2.6), detectable=3.0)
    drawn = draw_effect_line(effect_line(MADE, replace(small, shown_low=-1.6, shown_high=2.6)))
    label = next(part for part in drawn.split("<text")[1:] if "+0.5 points" in part)
    assert 'text-anchor="start"' in label and 'x="8"' in label


def test_an_interval_without_an_end_runs_to_the_edge():
    drawn = draw_effect_line(effect_line(MADE, make_finding(shown_low=float("-inf"))))
    assert 'x1="0"' in drawn


def test_a_lowered_level_is_said():
    at_98 = replace(FOUND.primary, level=98.0)
    shown = shown_finding(MADE, make_finding(primary=at_98), {})
    assert "at 98%, not 95%" in shown.level_note and (shown.level, shown.interval) == ("98", "+2 to +10")
    assert shown_finding(MADE, FOUND, {}).level_note == ""


def test_several_cities_tell_how_much_they_differ():
    shown = shown_finding(MADE, make_finding(pooled=CITIES), {"tulsa": "Tulsa", "detroit": "Detroit"})
    assert [row.name for row in shown.cities.rows] == ["Tulsa", "Detroit"]
    several = make_registration(cities=("tulsa", "detroit"))
    assert shown_finding(several, FOUND, {}).rest.endswith("The cities had said 4 in 100 would be worth having.")
    assert "differ between cities by about 1.2 in 100 (standard deviation; test that they are alike: p = 0.21)" in (
        shown.cities_note
    )
    assert "The mean effect of cities like these is +6.1 points (+1.5 to +10.7)." in shown.cities_note
    assert shown.cities_note.endswith("In one more city it may lie anywhere from −1 to +13 points.")


def test_the_file_has_every_number_and_runs_nothing():
    evil = make_registration(outcome={"name": "=1+1"})
    lines = estimates_csv(evil, FOUND).splitlines()
    assert lines[1].startswith("registered,'=1+1,difference,6.0")
    assert any(line.startswith("exploratory,clustered,clustered") and "At least 3" in line for line in lines)
    for begins in ("\u200b=1+1", "\ufeff@SUM(A1)", "\uff1d1+1", " +1"):  # what a spreadsheet skips, or takes for a sign
        hidden = estimates_csv(make_registration(outcome={"name": begins}), FOUND)
        assert f"registered,'{begins}," in hidden


def test_a_refusal_says_what_would_be_needed():
    refused = make_finding(
        primary=Refused("clustered", "Only 2 schools got it.", "At least 3 of each kind."),
        shown_low=None,
        shown_high=None,
        verdict=Verdict.REFUSED,
    )
    shown = shown_finding(MADE, refused, {})
    assert (shown.line, shown.refused, shown.needed) == (None, "Only 2 schools got it.", "At least 3 of each kind.")


@pytest.fixture
def worked(db):
    made = make_worked()
    analyze(made)
    return made


def get(client, who, address):
    client.logout()
    if who is not None:
        client.force_login(who)
    return client.get(address)


def test_before_it_is_published_only_the_team_sees_where_it_stands(worked, client):
    address = f"/pilots/{worked.pilot.pk}/"
    for role, who in worked.desk.people.items():
        answer = get(client, who, address)
        assert answer.status_code == (200 if role in TEAM else 404), role
        if role in TEAM:
            assert "It worked" not in answer.content.decode()
            assert 'aria-current="step"' in answer.content.decode()
    assert get(client, None, address).status_code == 404
    assert get(client, None, f"{address}estimates.csv").status_code == 404


def test_published_everybody_reads_all_of_it(worked, client):
    publish(worked)
    page = get(client, None, f"/pilots/{worked.pilot.pk}/")
    assert page.status_code == 200
    text = " ".join(page.content.decode().split())
    for words in (
        "It worked: of 100 residents offered it, about 6 more had a job after a year.",
        "Registered before data: yes",
        "4,000 people: 2,020 in “Coaching”, 1,980 in “Usual letter”",
        "likely range (95%), +2.9 to +9",
        "(found in 80 of 100 such tests)",
        "within limits",
        "p: how often chance alone would make a difference this large or larger.",
        "Randomized by person",
        "The usual letter",
        "4 in 100, set by the city",
        "Exempt on September 2, 2026 by City review board, no. 27-114.",
        "January 12, 2028",
        "Amendments: 0. Fingerprint of the newest version: ",
        "The locked plan names the question, outcome, sample and method.",
        "The city agrees",
        "What the verdict words mean",
        "the whole likely range is better than no change, and the estimate reaches +4",
        "the whole likely range is better than no change, but it ends short of +4",
        "the likely range ends short of +4 and includes no change",
        "the whole likely range is worse than no change",
        "anything else, and any test that was measured before its planned end, was locked after data",
        "its design or data allow no number",
        "stopped before its outcome was measured or analyzed. Results here may not repeat elsewhere.",
        "We never turn a pilot’s outcome into a child’s later income.",
    ):
        assert words in text, words
    assert "nterval" not in text and "What worked here" not in text
    assert "Sam Stopper" not in text and "style=" not in text
    numbers = get(client, None, f"/pilots/{worked.pilot.pk}/estimates.csv")
    assert numbers["Content-Type"].startswith("text/csv") and b"registered,Had a job" in numbers.content


def test_the_verdict_words_are_true_where_less_is_better(client, db):
    """6 points more where less is better: it made things worse, and worth having was 4 points less."""
    made = make_worked(make_registration(outcome={"better": Wanted.LESS}))
    analyze(made)
    publish(made)
    text = " ".join(get(client, None, f"/pilots/{made.pilot.pk}/").content.decode().split())
    assert Result.objects.get(pilot_result__pilot=made.pilot).verdict == Verdict.MADE_WORSE
    for words in (
        "better than no change, and the estimate reaches −4<",
        "better than no change, but it ends short of −4<",
        "the likely range ends short of −4 and includes no change",
    ):
        assert words in text, words
    said = text.split("What the verdict words mean")[1].split("</section>")[0]
    assert "zero" not in said and "+4" not in said


def test_made_up_pilots_are_for_who_sees_the_city(client, db):
    made = make_worked(is_fictional=True)
    Engagement.objects.filter(pk=made.pilot.engagement_id).update(is_fictional=True)
    analyze(made)
    publish(made)
    address = f"/pilots/{made.pilot.pk}/"
    assert get(client, None, address).status_code == 404
    seen = get(client, made.desk.lead, address)
    assert seen.status_code == 200 and "Demo data" in seen.content.decode()


def test_an_amendment_after_the_data_is_red_and_changes_nothing(worked, client):
    lock_plan(worked.desk, replace(MADE, smallest_worthwhile=1.0), at=NOW, reason="We would take less.")
    publish(worked)
    text = get(client, None, f"/pilots/{worked.pilot.pk}/").content.decode()
    assert "Amendments: 1." in text and "it changes no verdict" in text and "4 in 100, set by the city" in text


def test_a_correction_shows_before_and_after(worked, client):
    publish(worked)
    give(worked.desk, COLUMNS | {"total": [792, 909]})
    analyze(worked)
    row = write_result(pilot=worked.pilot.pk, by=worked.desk.adviser, now=NOW, why="One file was counted twice.")
    address = f"/pilots/{worked.pilot.pk}/"
    assert "about 6 more" in get(client, None, address).content.decode(), "until it is reviewed, what was published"
    publish(worked, row, why="One file was counted twice.")
    text = get(client, None, address).content.decode()
    assert "about 5" in text and "One file was counted twice." in text


def test_a_stopped_pilot_tells_why_without_a_number(client, db):
    made = make_stopped()
    address = f"/pilots/{made.pilot.pk}/"
    assert "Two lost aid." in get(client, made.desk.lead, address).content.decode()
    publish(made, write_result(pilot=made.pilot.pk, by=made.desk.adviser, now=NOW))
    text = get(client, None, address).content.decode()
    assert "It was stopped before it was measured: Two lost aid." in text and "effect-line" not in text
    assert "How it was to be tested" in text and "How it was tested" not in text and "<dt>Planned dates</dt>" in text


def test_why_it_was_stopped_is_not_called_another_reason(client, db):
    made = make_stopped(kind="other", why="The money went elsewhere.")
    text = get(client, made.desk.lead, f"/pilots/{made.pilot.pk}/").content.decode()
    assert "<strong>Stopped on January 12, 2028.</strong> The money went elsewhere." in text


def test_what_was_retracted_does_not_read_as_standing(worked, client):
    row = publish(worked)
    later = datetime(2028, 3, 1, 15, tzinfo=UTC)
    expert, version = worked.desk.expert, Result.objects.get(pk=row.pk).version
    move_result(pk=row.pk, status="retracted", expected_version=version, by=expert, now=later, why="Wrong file.")
    text = get(client, None, f"/pilots/{worked.pilot.pk}/").content.decode()
    assert "<h1>Retracted: It worked: of 100 residents" in text
    assert '<meta name="description" content="Retracted: It worked' in text
    assert "<dt>Approved by a second person</dt><dd>January 12, 2028</dd>" in text
    listed = get(client, worked.desk.lead, f"/engagements/{worked.desk.city.slug}/pilots/").content.decode()
    assert "Its verdict was retracted." in listed and "Its verdict is published." not in listed
    assert "tag-warn" in listed and "Retracted</span>" in listed


def test_what_was_retracted_and_opened_again_is_retracted_until_it_is_published_again(worked, client):
    row, desk = publish(worked), worked.desk
    for status, by, why in (("retracted", desk.expert, "Wrong file."), ("draft", desk.lead, "The right file came.")):
        version = Result.objects.get(pk=row.pk).version
        move_result(pk=row.pk, status=status, expected_version=version, by=by, now=NOW, why=why)
    assert Result.objects.get(pk=row.pk).status == "draft"
    assert "<h1>Retracted: " in get(client, None, f"/pilots/{worked.pilot.pk}/").content.decode()
    address = f"/engagements/{worked.desk.city.slug}/pilots/"
    listed = get(client, worked.desk.lead, address).content.decode()
    assert "Its verdict was retracted." in listed and "Retracted</span>" in listed
    assert "Its verdict is published." not in listed
    assert standings([worked.pilot])[worked.pilot.pk].is_retracted
    publish(worked, Result.objects.get(pk=row.pk), why="Counted again.")
    assert not standings([worked.pilot])[worked.pilot.pk].is_retracted


def test_what_it_cost_is_said_with_its_year_and_its_unit(worked, client):
    publish(worked)
    page = verdict_page(worked.desk.lead, worked.pilot.pk)
    paid = replace(page.fields, cost_usd=181.0, cost_price_year=2026, cost_unit="each person")
    planned = replace(page.plan, unit="apartment", cost_per_unit_usd=38.0)
    assert dict(facts_of(replace(page, fields=paid)))["Cost"] == "$181 for each person, in 2026 dollars"
    unyeared = replace(paid, cost_price_year=None)
    assert dict(facts_of(replace(page, fields=unyeared)))["Cost"] == "$181 for each person"
    assert dict(facts_of(replace(page, plan=planned)))["Cost"] == "$38 for each apartment, as planned"
    several = replace(page.plan, cities=("tulsa", "detroit"))
    worth = dict(facts_of(replace(page, plan=several)))["Smallest effect worth having"]
    assert worth == "4 in 100, set by the cities"


def test_the_second_persons_approval_is_in_its_history_as_reviewed_and_published(worked):
    publish(worked)
    states = Pilot.pgh_event_model.objects.filter(pgh_obj_id=worked.pilot.pk).order_by("pgh_id").values_list("state")
    assert [state for (state,) in states][-3:] == ["analyzed", "reviewed", "published"]


def test_it_stands_beside_other_tests_of_its_outcome(worked, client):
    publish(worked)
    address = f"/pilots/{worked.pilot.pk}/"
    assert "Beside other tests of the same outcome" not in get(client, None, address).content.decode(), "none yet"
    other = make_worked(columns=COLUMNS | {"total": [792, 811]})
    analyze(other)
    publish(other)
    text = get(client, None, address).content.decode()
    assert "Beside other tests of the same outcome" in text and "More tests" in text
    assert f'<a href="/pilots/{other.pilot.pk}/">' in text
    assert 'href="/what-works/?outcome=had-a-job"' in text and 'href="/what-works/export.csv?outcome=had-a-job"' in text


def test_it_leads_to_what_is_linked_to_it_as_far_as_the_reader_may_open_it(worked, client):
    within, people = worked.desk.city, worked.desk.people
    milestone = MilestoneFactory(engagement=within, title="Letters are out")
    MilestoneFactory(engagement=within, title="Something else")
    link_pilot(pk=worked.pilot.pk, by=worked.desk.adviser, now=NOW, milestone=milestone.pk)
    commitment(within, amount=90_000)
    spent = entry(within, stage="spent", amount=12_400)
    spent.save()
    link_pilot(pk=worked.pilot.pk, by=worked.desk.adviser, now=NOW, entry=spent.pk)
    publish(worked)
    address = f"/pilots/{worked.pilot.pk}/"
    text = get(client, people[Role.LEAD], address).content.decode()
    assert f'<a href="/milestones/{milestone.pk}/">Milestone: Letters are out</a>' in text
    assert "Linked to this pilot, spent: $12,400 in 1 entry" in text and f"/money/{spent.pk}/" in text
    assert "Something else" not in text and "committed:" not in text
    stranger = get(client, None, address).content.decode()
    assert "Letters are out" not in stranger and "12,400" not in stranger


def test_the_result_leads_to_its_pilot_and_its_source_to_where_the_bundle_is(worked, client):
    row = publish(worked)
    text = get(client, None, f"/results/{row.pk}/").content.decode()
    assert f'href="/pilots/{worked.pilot.pk}/"' in text
    assert (
        f'<a href="/pilots/{worked.pilot.pk}/#more-title">Registered plan, data and analysis of this pilot</a>' in text
    )
    assert f'href="/results/{row.pk}/"' in get(client, None, f"/pilots/{worked.pilot.pk}/").content.decode()


def test_a_draft_result_leads_only_the_team_to_its_pilot(worked, client):
    row = write_result(pilot=worked.pilot.pk, by=worked.desk.adviser, now=NOW)
    text = get(client, worked.desk.lead, f"/results/{row.pk}/").content.decode()
    assert f'href="/pilots/{worked.pilot.pk}/"' in text and "#more-title" not in text, "nothing to give before"
    assert get(client, None, f"/results/{row.pk}/").status_code == 404


def test_statements_do_not_grow_with_analyses(worked, client, django_assert_max_num_queries):
    publish(worked)
    for _ in range(3):
        analyze(worked)
    with django_assert_max_num_queries(45):
        assert get(client, None, f"/pilots/{worked.pilot.pk}/").status_code == 200
