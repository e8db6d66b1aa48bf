"""The public record: sourced, whole, and nothing added to it."""

from datetime import date

import pytest
from django.utils import timezone

from engagements.models import (
    Engagement,
    Initiative,
    Milestone,
    Organisation,
    Partnership,
    Project,
    Result,
    ResultPublication,
    SearchRecord,
)
from engagements.results.queries.published import initiative_record, record_of_engagement
from engagements.seeds.initiative import SEEDS, seed
from engagements.seeds.results import seed_results

pytestmark = pytest.mark.django_db


def counts():
    return [model.objects.count() for model in (Organisation, Partnership, Milestone, Engagement)]


def test_everything_has_a_source_and_a_second_start_adds_nothing():
    seed()
    first = counts()
    versions = list(Engagement.objects.order_by("pk").values_list("version", flat=True))
    seed()
    assert counts() == first and first[3] == 10
    assert list(Engagement.objects.order_by("pk").values_list("version", flat=True)) == versions
    for model in (Organisation, Partnership, Milestone):
        assert not model.objects.filter(source="").exists() and not model.objects.filter(is_fictional=True).exists()


def test_the_pledge_is_what_was_announced_and_stays_as_a_lead_leaves_it():
    seed()
    initiative = Initiative.objects.get()
    assert (initiative.pledge, initiative.pledge_on, initiative.pledge_precision) == (
        12_000_000,
        date(2018, 11, 17),
        "month",
    )
    assert "bloomberg.org" in initiative.pledge_source and initiative.pledge_note
    Initiative.objects.update(pledge=None, pledge_on=None)
    seed()
    initiative.refresh_from_db()
    assert initiative.pledge is None


def test_results_are_those_that_were_published():
    seed()
    told = {row.engagement.city.slug: row.sentence for row in Result.objects.filter(is_outside=False)}
    assert set(told) == {"new-orleans", "newark", "rochester"}  # people enrolled are no result
    assert "1,932" not in told["newark"]
    (newark,) = record_of_engagement(Engagement.objects.get(city__slug="newark").slug)
    assert newark.finding == told["newark"] and newark.sources
    (racine,) = record_of_engagement(Engagement.objects.get(city__slug="racine").slug)
    assert racine.result is None and racine.search and racine.finding.startswith("We found no published result")


def test_milestones_have_the_days_of_their_sources():
    seed()
    dated = Milestone.objects.filter(engagement__city__slug="albuquerque").values_list("title", "done_on", "precision")
    assert list(dated.order_by("done_on")) == [
        ("Initiative announced: $12 million, ten cities to be named", date(2018, 11, 17), "month"),
        ("Named as one of the ten cities", date(2019, 6, 18), "day"),
        ("Successor announced: Opportunity Accelerator", date(2022, 5, 16), "day"),
        ("Selected for the Opportunity Accelerator", date(2023, 2, 28), "month"),
    ]
    assert Milestone.objects.filter(title="End of the cohort", done_on=date(2021, 10, 31)).count() == 9


def test_what_people_wrote_stays_and_what_they_archived_does_not_come_back(django_user_model):
    seed()
    tulsa, by = Engagement.objects.get(city__slug="tulsa"), django_user_model.objects.create_user("a@example.org")
    Engagement.objects.filter(pk=tulsa.pk).update(project="Ours")
    Milestone.objects.filter(engagement=tulsa).update(archived_at=timezone.now(), archived_by=by)
    before = counts()
    seed()
    tulsa.refresh_from_db()
    assert tulsa.project == "Ours" and counts() == before


def test_projects_results_and_searches_are_seeded_once_and_public():
    seed()
    first = [model.objects.count() for model in (Project, Result, ResultPublication, SearchRecord)]
    assert first == [10, 5, 5, 7]
    seed()
    assert [model.objects.count() for model in (Project, Result, ResultPublication, SearchRecord)] == first
    record = initiative_record(Initiative.objects.get().pk)
    assert {group.kind: [row.city_slug for row in group.rows] for group in record.groups} == {
        "sized": ["newark"],
        "unsized": ["new-orleans", "rochester"],
        "not_found": ["albuquerque", "cincinnati", "dayton", "detroit", "lansing", "racine", "tulsa"],
    }
    assert record.counts["intervals"] == 0 and [one.city_slug for one in record.outside] == ["rochester", "tulsa"]
    newark = record.groups[0].rows[0]
    assert newark.finding == "The city reports more than 20 times as likely; randomized; margin not published."
    assert all(url.startswith("https://") for row in record.rows for _, url in row.sources)
    assert not any("withdr" in row.finding for row in record.rows)


def test_a_changed_record_is_published_as_a_correction_until_somebody_touched_it(tmp_path, django_user_model):
    seed()
    text = (SEEDS / "results" / "economic_mobility_2019.toml").read_text("utf-8")
    path = tmp_path / "r.toml"
    path.write_text(text.replace('finding = "more than 20 times as likely"', 'finding = "20 times as likely"'), "utf-8")
    assert seed_results(path) == 1
    newark = Result.objects.get(seed_key="newark-letter-registered")
    kept = list(newark.publications.order_by("number").values_list("kind", "sentence"))
    assert [kind for kind, _ in kept] == ["published", "corrected"] and kept[0][1] != kept[1][1]
    by = django_user_model.objects.create_user("b@example.org")
    Result.objects.filter(pk=newark.pk).update(status="draft", written_by=by)
    assert seed_results(SEEDS / "results" / "economic_mobility_2019.toml") == 0


def test_what_was_shipped_wrong_is_corrected_where_nobody_touched_it(django_user_model):
    seed()
    newark = Engagement.objects.get(city__slug="newark")
    organisation = Organisation.objects.get(slug="newark-rent-control")
    assert organisation.kind == "city_government" and organisation.city == newark.city
    told = Milestone.objects.get(title="Result of the trial told")
    assert (told.done_on, told.precision) == (date(2020, 11, 20), "day")
    Organisation.objects.filter(pk=organisation.pk).update(kind="local_partner", city=None)
    Milestone.objects.filter(pk=told.pk).update(
        done_on=date(2020, 11, 30), precision="month", source="newarknj.gov; roi-nj.com"
    )
    tulsa = Engagement.objects.get(city__slug="tulsa")
    Engagement.objects.filter(pk=tulsa.pk).update(project="Ours", project_source="Us")
    lansing = "Lansing SAVE, savings accounts for children: repairing the data, more families saving."
    Engagement.objects.filter(city__slug="lansing").update(project=lansing)
    seed()
    told.refresh_from_db(), organisation.refresh_from_db(), tulsa.refresh_from_db()
    assert told.done_on == date(2020, 11, 20) and organisation.kind == "city_government"
    assert tulsa.project == "Ours" and Engagement.objects.get(city__slug="lansing").project != lansing
