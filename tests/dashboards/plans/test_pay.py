"""The jobs an intervention leads to: chosen, refused, shown beside the area's income, published, sent as files."""

import csv
import io
from dataclasses import replace
from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from atlas.ingest.pipeline import run
from atlas.queries.prices import prices_of_month
from dashboards.formatting.shown_dollars import ShownDollars, showing
from dashboards.plans.pay import build_pay_views
from engagements.models import PlanIntervention
from engagements.permissions import Role
from engagements.plans.actions.interventions import change_intervention
from engagements.plans.actions.status import make_public
from engagements.plans.queries.plans import plan_page
from engagements.plans.records import PlanFigures, freeze, thaw
from tests.atlas.sources.test_consumer_prices import ROWS as PRICES
from tests.atlas.sources.test_consumer_prices import written as prices_file
from tests.atlas.sources.test_occupation_wages import ROWS as WAGES
from tests.atlas.sources.test_occupation_wages import SPRINGFIELD, row, written
from tests.dashboards.plans.test_pages import text
from tests.engagements.discussion.discussion import SUBMISSION, as_
from tests.engagements.milestones.test_api import asker, is_problem
from tests.factories import grid
from tests.factories.engagements import NOW, TODAY
from tests.factories.plans import city_house, make_plan, publish

pytestmark = pytest.mark.django_db
AIDE, HEART, DRIVER, WELDER = "31-1131", "29-1212", "53-3032", "51-4121"
MAY = 321.465
FORM = {
    "submission": SUBMISSION,
    "name": "Training",
    "people": "adults",
    "offered": "200",
    "takeup": "0.5",
    "cost_usd": "2000",
    "cost_basis": "reached",
    "cost_price_year": "2024",
    "duration_months": "12",
}


@pytest.fixture
def wages(tmp_path):
    more = row(SPRINGFIELD, "31-1132", "Orderlies", median=37_000)
    assert run(written(tmp_path / "oews_may2025.csv", (*WAGES, more)), commit=True).outcome == "activated"


@pytest.fixture
def prices(tmp_path):
    rows = (*PRICES, ("CUUR0000SA0", 2025, "M05", str(MAY)))
    assert run(prices_file(tmp_path / "prices.csv", rows), commit=True).outcome == "activated"


@pytest.fixture
def house(tmp_path, wages):
    engagement, people = city_house(tmp_path, name="Springfield")
    plan = make_plan(engagement, people[Role.ADVISER], tracts=grid.geoids(3), interventions=1)
    return plan, people


def choose(plan, codes) -> PlanIntervention:
    one = plan.interventions.get()
    one.occupations = list(codes)
    one.save()
    return one


def page_of(plan, person):
    return plan_page(person, plan.pk, today=TODAY, now=timezone.now())


def test_jobs_are_chosen_by_title_code_or_suggestion_and_stay_in_their_order(house):
    plan, people = house
    adviser = as_(people[Role.ADVISER])
    address = f"/plans/{plan.pk}/interventions/new/"
    page = adviser.get(address).content.decode()
    assert page.count("data-suggest=") == 2 and "/wages/suggestions/" in page
    typed = {"occupation_1": "Heavy and Tractor-Trailer Truck Drivers (53-3032)", "occupation_2": "nursing assistants"}
    assert adviser.post(address, FORM | typed).status_code == 302
    made = PlanIntervention.objects.get(name="Training")
    assert made.occupations == [DRIVER, AIDE]
    edit = f"/interventions/{made.pk}/edit/"
    page = adviser.get(edit).content.decode()
    assert "Nursing Assistants (31-1131)" in page and page.count("data-suggest=") == 3
    changed = FORM | {"version": made.version, "occupation_1": AIDE, "occupation_2": "", "occupation_3": ""}
    assert adviser.post(edit, changed).status_code == 302
    made.refresh_from_db()
    assert made.occupations == [AIDE]


@pytest.mark.parametrize(
    ("first", "second", "words"),
    [
        ("zebra tamer", "", "occupation_1"),
        ("99-9999", "", "occupation_1"),
        (AIDE, "Nursing Assistants", "occupation_2"),
        ("x" * 500, "", "occupation_1"),
    ],
)
def test_what_is_no_job_is_refused_at_its_field_and_nothing_typed_is_lost(house, first, second, words):
    plan, people = house
    typed = FORM | {"occupation_1": first, "occupation_2": second}
    answer = as_(people[Role.ADVISER]).post(f"/plans/{plan.pk}/interventions/new/", typed)
    page = answer.content.decode()
    assert answer.status_code in (200, 400, 422) and f'id="id_{words}_error"' in page
    assert 'value="Training"' in page and first[:20] in page
    assert not PlanIntervention.objects.filter(name="Training").exists()


def test_words_that_fit_several_jobs_become_a_choice(house):
    plan, people = house
    answer = as_(people[Role.ADVISER]).post(f"/plans/{plan.pk}/interventions/new/", FORM | {"occupation_1": "an"})
    page = answer.content.decode()
    assert '<select name="occupation_1"' in page and "Nursing Assistants (31-1131)" in page
    assert not plan.interventions.filter(name="Training").exists()


def test_without_wages_there_are_no_fields_and_what_was_chosen_stays(tmp_path):
    engagement, people = city_house(tmp_path, name="Springfield")
    plan = make_plan(engagement, people[Role.ADVISER], tracts=grid.geoids(3), interventions=1)
    one, adviser = choose(plan, [AIDE]), as_(people[Role.ADVISER])
    one.refresh_from_db()
    edit = f"/interventions/{one.pk}/edit/"
    assert "data-suggest=" not in adviser.get(edit).content.decode()
    assert adviser.post(edit, FORM | {"version": one.version, "name": "Other"}).status_code == 302
    one.refresh_from_db()
    assert one.occupations == [AIDE] and one.name == "Other"
    (paid,) = page_of(plan, people[Role.ADVISER]).figures.occupations
    assert (paid.reason, paid.annual_median, paid.source) == ("no_file", None, "")
    assert "no wages are loaded" in text(adviser.get(f"/plans/{plan.pk}/"))


@pytest.mark.parametrize(
    "codes", [["1"], ["311131"], [AIDE, AIDE], [f"11-10{n}1" for n in range(6)], ["31-1131 "], ["３１-1131"]]
)
def test_action_and_database_refuse_what_are_no_codes(house, codes):
    plan, people = house
    one = plan.interventions.get()
    with pytest.raises(ValidationError) as refused:
        change_intervention(
            intervention=one.pk,
            changes={"occupations": codes},
            expected_version=one.version,
            by=people[Role.ADVISER],
            now=NOW,
        )
    assert "occupations" in refused.value.message_dict
    if all(len(code) <= 7 for code in codes):
        with pytest.raises(IntegrityError), transaction.atomic():
            PlanIntervention.objects.filter(pk=one.pk).update(occupations=codes)


def test_programs_choose_jobs_and_read_what_they_pay(house, prices):
    plan, people = house
    adviser = asker(people[Role.ADVISER])
    address = f"/api/v1/plans/{plan.pk}/interventions/"
    good = {"name": "Letters", "offered": 100, "takeup": 0.5, "cost_usd": "2500.00", "occupations": [AIDE, WELDER]}
    made = adviser.post(address, good, "json")
    assert made.status_code == 201 and made.json()["occupations"] == [AIDE, WELDER]
    for codes in (["x"], [AIDE, AIDE], ["31-1131"] * 6, "31-1131", [7], [None]):
        is_problem(adviser.post(address, good | {"occupations": codes}, "json"), 400)
    found = adviser.get(f"/api/v1/plans/{plan.pk}/figures/").json()["occupations"]
    aide, welder = found
    assert (aide["code"], aide["annual_median"], aide["metro"], aide["month"]) == (AIDE, 38_420, "44100", "2025-05-01")
    assert (aide["mean_rse"], aide["employment_rse"], aide["us_annual_median"]) == (1.2, 4.5, 41_000)
    assert "Labor Statistics" in aide["source"] and welder["employment"] is None
    assert welder["employment_reason"] == "not_released" and not aide["reason"]


def test_the_page_shows_pay_reasons_and_that_it_is_no_effect(house, prices):
    plan, people = house
    choose(plan, [AIDE, HEART, DRIVER])
    said = text(as_(people[Role.ADVISER]).get(f"/plans/{plan.pk}/"))
    for words in ("$38,420", "$41,000", "at least $239,200", "publishes no wage", "not what training adds", "May 2025"):
        assert words in said
    review = text(as_(people[Role.EXPERT]).get(f"/plans/{plan.pk}/review/"))
    assert "$38,420" in review
    today = text(as_(people[Role.ADVISER]).get(f"/plans/{plan.pk}/?dollars=today"))
    assert "$40,000" in today and "August 2026 dollars" in today and "$38,420" not in today


def test_income_stands_beside_wages_in_the_same_dollars(house, prices):
    plan, people = house
    choose(plan, [AIDE])
    figures = page_of(plan, people[Role.ADVISER]).figures
    figures = replace(figures, area=replace(figures.area, usd=21_013.0))
    found = prices_of_month(date(2025, 5, 1))
    assert found.from_year == pytest.approx(MAY / 237.017, abs=1e-5) and prices_of_month(date(2025, 10, 1)) is None
    (plain,) = build_pay_views(figures, found).values()
    assert (plain.income, plain.income_dollars, plain.dollars) == ("$28,500", "May 2025 dollars", "May 2025 dollars")
    level = found.level
    with showing(ShownDollars(level.factor, "August 2026 dollars", "usd_2026_08", "2026-08")):
        (today,) = build_pay_views(figures, found).values()
    assert (today.income, today.income_dollars, today.dollars) == ("$29,700", *("August 2026 dollars",) * 2)
    assert today.lines[0].median == "$40,000"
    (alone,) = build_pay_views(figures, None).values()
    assert (alone.income, alone.income_dollars, alone.dollars) == ("$21,000", "2015 dollars", "May 2025 dollars")


def test_files_have_a_row_for_each_job(house, prices):
    plan, people = house
    choose(plan, [AIDE, HEART])
    adviser = as_(people[Role.ADVISER])
    answer = adviser.get(f"/plans/{plan.pk}/wages.csv")
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert [row["occupation"] for row in rows] == [AIDE, HEART] and "no-store" in answer["Cache-Control"]
    assert float(rows[0]["annual_median"]) == 38_420 and rows[0]["dollars_of"] == "2025-05"
    assert rows[1]["annual_median"] == "" and rows[1]["reason"]
    plain = list(csv.DictReader(io.StringIO(adviser.get(f"/plans/{plan.pk}/plan.csv").content.decode("utf-8-sig"))))
    assert plain[0]["occupations"] == f"{AIDE} {HEART}" and plain[-1]["occupations"] == ""
    for extension in ("json", "xlsx", "parquet", "datapackage.json"):
        assert adviser.get(f"/plans/{plan.pk}/wages.{extension}").status_code == 200
    assert adviser.get(f"/plans/{plan.pk}/wages.geojson").status_code == 404


def test_what_was_published_keeps_its_wages(house, prices, tmp_path):
    plan, people = house
    choose(plan, [AIDE])
    publish(plan, people)
    make_public(plan=plan.pk, is_public=True, by=people[Role.CITY_STAFF], now=NOW)
    later = [one | ({"A_MEDIAN": "39999"} if one["OCC_CODE"] == AIDE else {}) for one in WAGES]
    assert run(written(tmp_path / "MSA_M2026_dl.csv", later), commit=True).outcome == "activated"
    stranger = Client().get(f"/plans/{plan.pk}/")
    assert "$38,420" in text(stranger) and "$39,999" not in text(stranger)
    assert Client().get(f"/plans/{plan.pk}/wages.csv").status_code == 200
    assert "$39,999" in text(as_(people[Role.ADVISER]).get(f"/plans/{plan.pk}/"))


def test_figures_frozen_before_jobs_were_kept_are_still_read(house):
    plan, people = house
    frozen = freeze(page_of(plan, people[Role.ADVISER]).figures)
    del frozen["occupations"]
    assert thaw(PlanFigures, frozen).occupations == ()


def test_history_and_versions_tell_which_jobs(house):
    plan, people = house
    one = plan.interventions.get()
    change_intervention(
        intervention=one.pk,
        changes={"occupations": [AIDE]},
        expected_version=one.version,
        by=people[Role.ADVISER],
        now=NOW,
    )
    lead = as_(people[Role.LEAD])
    assert AIDE in text(lead.get(f"/plans/{plan.pk}/history/"))
    assert as_(people[Role.ADVISER]).get(f"/plans/{plan.pk}/versions/").status_code == 200


def test_a_page_costs_the_same_with_one_job_and_with_five(house, prices):
    plan, people = house
    adviser, counts = as_(people[Role.ADVISER]), []
    for codes in ([AIDE], [AIDE], [AIDE, HEART, DRIVER, WELDER, "25-2021"]):
        choose(plan, codes)
        with CaptureQueriesContext(
            connection,
        ) as asked:
            assert adviser.get(f"/plans/{plan.pk}/").status_code == 200
        counts.append(len(asked))
    assert counts[1] == counts[2]
