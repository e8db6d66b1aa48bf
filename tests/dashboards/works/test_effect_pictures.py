"""The effect of a pilot as SVG and PNG: open once it is published, and no picture where there is no number."""

from xml.etree import ElementTree

import pytest
from django.test import Client

from dashboards.works.effect_figure import effect_svg
from engagements.pilots.actions.results import write_result
from engagements.pilots.views.shown_finding import effect_line
from tests.engagements.discussion.discussion import as_
from tests.engagements.pilots.made_finding import FOUND, make_finding
from tests.engagements.pilots.made_registration import MADE, make_registration
from tests.engagements.pilots.worked_pilot import NOW, analyze, make_stopped, make_worked, publish


def words_of(svg: str) -> str:
    return " ".join("".join(ElementTree.fromstring(svg).itertext()).split())  # noqa: S314 - our own drawing


def test_the_picture_says_the_effect_and_what_is_worth_having():
    said = words_of(effect_svg(effect_line(MADE, FOUND), "Tulsa: Coaching", "Effect in points", FOUND.sentence))
    for words in (
        "+6 points",
        "worth having from +4",
        "no effect",
        "could detect from 3.9",
        "may not repeat elsewhere",
    ):
        assert words in said, words


def test_an_interval_without_an_end_runs_to_the_edge():
    endless = effect_line(MADE, make_finding(shown_low=float("-inf")))
    drawn = effect_svg(endless, "Tulsa: Coaching", "Effect in points", FOUND.sentence)
    assert "inf" not in drawn.replace("no end", "").casefold()


def test_a_name_is_never_markup():
    evil = make_registration(outcome={"name": "<script>x</script>"})
    drawn = effect_svg(effect_line(evil, FOUND), "<b>x", f"Effect on {evil.outcome.name}", "<i>")
    assert "<script" not in drawn and "<i>" not in drawn
    ElementTree.fromstring(drawn)  # noqa: S314 - our own drawing


@pytest.mark.django_db
def test_everybody_opens_it_once_it_is_published_and_nobody_before():
    worked = make_worked()
    analyze(worked)
    address = f"/pilots/{worked.pilot.pk}/effect"
    for client in (Client(), as_(worked.desk.lead)):
        assert client.get(f"{address}.svg").status_code == client.get(f"{address}.png").status_code == 404
    publish(worked)
    picture, drawn = Client().get(f"{address}.png"), Client().get(f"{address}.svg")
    assert picture["Content-Type"] == "image/png" and picture.content.startswith(b"\x89PNG")
    assert drawn["Content-Type"] == "image/svg+xml" and "about 6 more" in words_of(drawn.content.decode())
    assert Client().get(f"{address}.svg?x=1").status_code == 400
    page = Client().get(f"/pilots/{worked.pilot.pk}/").content.decode()
    assert f"{address}.svg" in page and f"{address}.png" in page and f"/pilots/{worked.pilot.pk}/estimates.csv" in page


@pytest.mark.django_db
def test_what_was_stopped_has_no_picture():
    worked = make_stopped()
    publish(worked, write_result(pilot=worked.pilot.pk, by=worked.desk.adviser, now=NOW))
    assert Client().get(f"/pilots/{worked.pilot.pk}/").status_code == 200
    assert Client().get(f"/pilots/{worked.pilot.pk}/effect.svg").status_code == 404
