"""A figure given as a function is drawn once, when somebody looks, and is marked like any other."""

from dataclasses import replace

from dashboards.charts.theme import new_figure
from dashboards.panels.base import Panel, Table
from tests.dashboards.panels.records import make_source


def make_panel(figure, **changes) -> Panel:
    values = {"title": "Where?", "finding": "Here.", "sources": (make_source(),), "caveats": ()}
    return Panel(slug="where", figure=figure, table=Table("Values", (), ()), **{**values, **changes})


def test_it_is_drawn_once_and_only_when_it_is_looked_at():
    drawn = []

    def draw():
        drawn.append("once")
        return new_figure()

    panel = make_panel(draw)
    assert panel.has_figure and drawn == []
    assert panel.figure is panel.figure and drawn == ["once"]
    assert panel.has_figure


def test_one_that_is_there_already_and_none_at_all():
    figure = new_figure()
    assert make_panel(figure).figure is figure and make_panel(figure).has_figure
    assert make_panel(None).figure is None and not make_panel(None).has_figure


def test_generated_numbers_are_marked_in_it_however_it_came():
    sample = (make_source(is_sample=True),)
    for figure in (new_figure, new_figure()):
        words = [note.text for note in make_panel(figure, sources=sample).figure.layout.annotations]
        assert any("sample" in text for text in words)


def test_a_changed_panel_keeps_its_figure():
    assert replace(make_panel(new_figure), title="Who?").figure is not None
