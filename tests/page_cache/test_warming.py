"""After a flip the worker makes every city's page; readers find it made."""

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client

from atlas.ingest import public_changes
from atlas.queries.public_version import public_version
from engagements.models import Initiative
from mobility_portal import tasks
from mobility_portal.page_cache import middleware, warming
from tests.factories import portal

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def built(tmp_path, settings):
    settings.PORTAL_URL = "http://testserver"
    return portal.build(tmp_path)


def test_after_a_flip_a_city_is_made_before_anybody_asks(built, monkeypatch):
    tasks.warm_pages()
    monkeypatch.setattr(middleware, "keep", None)  # nothing can be made any more
    for address in (
        "/",
        "/cities/springfield/",
        "/cities/springfield/analysis/",
        "/methods/",
        "/what-works/",
        "/evidence/",
    ):
        answer = Client().get(address, headers={"host": "testserver"})
        assert answer.status_code == 200 and answer["ETag"], address


def test_nothing_is_made_twice_and_a_change_begins_anew(built):
    assert warming.warm_pages() == len(warming.warm_addresses()) > 5
    assert warming.warm_pages() == 0
    portal.add_city("elsewhere", "2677778")
    assert warming.warm_pages() == len(warming.warm_addresses())


def test_it_ends_when_its_time_is_over_and_leaves_no_lock(built):
    moments = iter([0.0, 1.0, warming.MOST_SECONDS + 1])
    assert warming.warm_pages(lambda: next(moments)) == 1
    assert cache.get("pages-being-warmed") is None


def test_one_worker_at_a_time(built):
    cache.add("pages-being-warmed", 1, 10)
    assert warming.warm_pages() == 0


def test_the_list_of_changes_stays_short(built, monkeypatch):
    monkeypatch.setattr(public_changes, "MOST", 5)
    monkeypatch.setattr(public_changes, "KEPT", 3)
    seen = {public_version()}
    for number in range(6):
        Initiative.objects.create(slug=f"i-{number}", name=f"I {number}", source="a test")
        seen.add(public_version())
    tasks.shorten_public_changes()
    assert len(seen) == 7 and public_version() not in seen
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM atlas_public_change")
        assert cursor.fetchone() == (3,)
    assert public_changes.forget_public_changes() == 0
