"""What is read once for everybody is read again as soon as something public changed."""

import pytest
from django.test import Client

from engagements.pilots.queries.works import _kept
from tests.factories.results import make_desk

pytestmark = pytest.mark.django_db(transaction=True)
OWN = {"own_data": "Our survey", "verdict": "worked"}


def rows(client: Client) -> int:
    return client.get("/what-works/?q=coaching").content.decode().count('<tr class="finding-row">')


def test_a_new_result_is_there_at_once_and_nothing_is_read_twice():
    _kept.cache_clear()
    desk, client = make_desk(), Client()
    desk.published(**OWN)
    assert [rows(client), rows(client)] == [1, 1] and _kept.cache_info().hits == 1
    gone = desk.published(**OWN, outcome="Rent paid")
    assert rows(client) == 2
    desk.move(gone, "retracted", desk.expert, why="Wrong")
    assert rows(client) == 1
