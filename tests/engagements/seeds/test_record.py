"""The public record: sourced, whole, and nothing added to it."""

from datetime import date

import pytest
from django.utils import timezone

from engagements.models import Engagement, Milestone, Organisation, Partnership
from engagements.seeds.initiative import seed

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


def test_results_are_those_that_were_published():
    seed()
    known = Engagement.objects.exclude(known_result="").values_list("city__slug", flat=True)
    assert set(known) == {"lansing", "new-orleans", "newark", "rochester"}
    assert "1,932 properties" in Engagement.objects.get(city__slug="newark").known_result


def test_milestones_have_the_days_of_their_sources():
    seed()
    dated = Milestone.objects.filter(engagement__city__slug="albuquerque").values_list("title", "done_on", "precision")
    assert list(dated) == [("Named as one of the ten cities", date(2019, 6, 18), "day")]
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
