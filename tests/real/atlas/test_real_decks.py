"""Decks of the ten cities from the real files: each native chart holds its panel’s figure, and nothing spills."""

import html

import pytest

from atlas.queries.cities import cities
from dashboards.documents.figure_charts import NATION, NO_DIFFERENCE
from dashboards.panels.catalog import panel
from dashboards.panels.options import Options
from dashboards.panels.panel_view import is_map
from tests.dashboards.documents.deck_reading import (
    charts_on,
    check_sheet,
    check_slides,
    dots_on,
    points_of,
    title_of,
    xml_of,
)

THREE = ("detroit", "new-orleans", "racine")
OF_DOTS = ("headline", "groups", "gaps")
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reports")]


def test_no_slide_of_any_city_spills_covers_or_whispers(decks):
    assert len(decks) == 10
    for deck in decks.values():
        check_slides(deck)
        for chart in charts_on(deck):
            assert check_sheet(chart) > 1


def figure_of(slug: str, name: str):
    (city,) = (city for city in cities() if city.slug == slug)
    return panel(city, name, Options()).figure


def dots_in(figure) -> list[tuple[str, dict[str, float]]]:
    """(words of the axis, name of each row -> its value) of each pair of axes, read again from the figure."""
    found: dict[str, dict[str, float]] = {}
    for trace in figure.data:
        if trace.mode == "markers":
            hover = trace.hovertemplate.removesuffix("<extra></extra>")
            name = html.unescape(trace.name) or html.unescape(hover.split("<br>")[-1])
            found.setdefault(trace.xaxis or "x", {})[name] = float(trace.x[0])
    return [(str(figure.layout[f"xaxis{axis[1:]}"].title.text).replace("<br>", " "), found[axis]) for axis in found]


@pytest.mark.parametrize("slug", THREE)
def test_dots_on_slides_are_the_dots_of_the_panels_each_axis_with_one_unit(slug, decks):
    drawn = [
        (xml_of(chart), dots_on(chart)) for chart in charts_on(decks[slug]) if "Names of the rows" in xml_of(chart)
    ]
    wanted = [block for name in OF_DOTS for block in dots_in(figure_of(slug, name))]
    assert len(drawn) == len(wanted) >= 3
    for unit, in_figure in wanted:
        rows = in_figure.keys() - {name_of_nation(in_figure)}
        ((xml, on_slide),) = (pair for pair in drawn if unit in pair[0] and rows_of(pair[1]) == rows)
        assert not [other for other, _ in wanted if other not in unit and unit not in other and other in xml]
        on_slide = {name: value for name, value in on_slide.items() if name != NO_DIFFERENCE}
        named = {name_of_nation(in_figure) if is_nation(name) else name: value for name, value in on_slide.items()}
        assert named == pytest.approx(in_figure)


def rows_of(on_slide: dict[str, float]) -> set[str]:
    return {name for name in on_slide if name != NO_DIFFERENCE and not is_nation(name)}


def is_nation(name: str) -> bool:
    return name.startswith(NATION)


def name_of_nation(in_figure: dict[str, float]) -> str:
    return next(filter(is_nation, in_figure), "")


@pytest.mark.parametrize("slug", THREE)
def test_the_distribution_on_slides_is_the_figures(slug, decks):
    figure = figure_of(slug, "distribution")
    lines = {html.unescape(t.name): list(zip(map(float, t.x), map(float, t.y), strict=True)) for t in figure.data}
    charts = [
        {series.name: points_of(series) for series in chart.plots[0].series}
        for chart in charts_on(decks[slug])
        if "share of tracts" in xml_of(chart)
    ]
    assert len(charts) == 1
    for name, points in lines.items():
        assert charts[0][name] == [pytest.approx(point) for point in points]


def test_every_slide_of_an_outcome_and_every_picture_says_birth_and_outcome_years(decks, client):
    for slug, deck in decks.items():
        for slide in list(deck.slides)[1:]:
            said = " ".join(shape.text_frame.text for shape in slide.shapes if shape.has_text_frame)
            assert "Children born 1978–83; outcomes of 2014–15." in said, (slug, title_of(slide))
    for name in ("headline", "where", "distribution", "groups", "gaps"):
        drawn = client.get(f"/cities/detroit/{name}.svg").content.decode()
        assert "Children born 1978–83; outcomes of 2014–15." in drawn
        assert is_map(figure_of("detroit", name)) == (name == "where")
