"""A panel that cannot be worked out says so alone: the page, the map's part and the profile stand without it."""

import io
from dataclasses import replace

import pytest
from django.db import OperationalError
from pptx import Presentation

from dashboards.panels import catalog
from dashboards.panels.catalog import KINDS
from dashboards.places import place_sections
from tests.factories import grid

pytestmark = pytest.mark.django_db
SAID = "This part could not be calculated"


@pytest.fixture
def city(tmp_path):
    return grid.build(tmp_path)


def break_panel(monkeypatch, slug: str, error: Exception) -> None:
    def fail(place, options):
        raise error

    monkeypatch.setitem(catalog.KINDS, slug, replace(KINDS[slug], build=fail))


@pytest.mark.parametrize("slug", [slug for slug, kind in KINDS.items() if kind.page == "city"])
def test_a_failing_panel_leaves_the_city_page_standing(city, client, monkeypatch, caplog, slug):
    break_panel(monkeypatch, slug, ZeroDivisionError("a secret of the inside"))
    answer = client.get("/cities/springfield/")
    page = answer.content.decode()
    assert answer.status_code == 200
    assert page.count(SAID) == 1, "one panel failed, one sentence"
    assert f'id="{slug}-title"' in page or slug == "distribution"
    assert "a secret of the inside" not in page
    assert f"Panel {slug} of city springfield could not be calculated" in caplog.text
    assert "a secret of the inside" in caplog.text, "the log has the error"


@pytest.mark.parametrize("slug", [slug for slug, kind in KINDS.items() if kind.page == "analysis"])
def test_a_failing_panel_leaves_the_analysis_page_standing(city, client, monkeypatch, slug):
    break_panel(monkeypatch, slug, AssertionError("inside"))
    answer = client.get("/cities/springfield/analysis/")
    assert answer.status_code == 200 and answer.content.decode().count(SAID) == 1


@pytest.mark.parametrize("section", ["city_section", "group_section", "yearly_cards", "tracker_cards"])
def test_a_failing_section_leaves_the_city_page_standing(city, client, monkeypatch, section):
    def fail(*args):
        raise ZeroDivisionError("a secret of the inside")

    monkeypatch.setattr(place_sections, section, fail)
    answer = client.get("/cities/springfield/")
    page = answer.content.decode()
    assert answer.status_code == 200 and page.count(SAID) == 1 and "a secret of the inside" not in page


def test_a_failure_is_not_remembered(city, client, monkeypatch):
    with monkeypatch.context() as broken:
        break_panel(broken, "groups", ZeroDivisionError())
        assert SAID in client.get("/cities/springfield/").content.decode()
    assert SAID not in client.get("/cities/springfield/").content.decode()


def test_a_lost_database_is_not_one_panels_failure(city, client, monkeypatch):
    break_panel(monkeypatch, "groups", OperationalError("server closed the connection"))
    client.raise_request_exception = False
    answer = client.get("/cities/springfield/")
    assert answer.status_code == 503 and answer["Retry-After"].isdigit() and SAID not in answer.content.decode()


def test_another_measure_is_drawn_while_the_distribution_fails(city, client, monkeypatch):
    break_panel(monkeypatch, "distribution", ZeroDivisionError())
    answer = client.get("/cities/springfield/map.json")
    assert answer.status_code == 200 and answer.json()["measure"]
    own = client.get("/cities/springfield/charts/distribution/")
    assert own.status_code == 200 and own.content.decode().count(SAID) == 1


def test_a_figure_that_cannot_be_drawn_is_a_failure_of_its_own_page_only(city, client, monkeypatch):
    build = KINDS["groups"].build

    def undrawable(place, options):
        return replace(build(place, options), figure=lambda: 1 // 0)

    monkeypatch.setitem(catalog.KINDS, "groups", replace(KINDS["groups"], build=undrawable))
    assert SAID not in client.get("/cities/springfield/").content.decode()
    assert client.get("/cities/springfield/charts/groups/").content.decode().count(SAID) == 1


def test_the_slides_say_which_part_is_missing(city, client, monkeypatch):
    break_panel(monkeypatch, "groups", ZeroDivisionError())
    answer = client.get("/cities/springfield/profile.pptx")
    assert answer.status_code == 200
    slides = Presentation(io.BytesIO(answer.content)).slides
    said = [" ".join(shape.text_frame.text for shape in slide.shapes if shape.has_text_frame) for slide in slides]
    assert sum(SAID in text for text in said) == 1
    assert client.get("/cities/springfield/profile.pdf").status_code == 200
