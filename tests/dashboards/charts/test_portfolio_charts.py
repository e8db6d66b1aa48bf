"""Charts of a portfolio are drawn from its figures, on the page and as static pictures, with the stages defined."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.utils import timezone

from atlas.formatting.dates import format_moment
from atlas.formatting.money import format_dollars, format_short_dollars
from dashboards.charts.money_stages import StageBar, StageLine, draw_running, draw_stages
from dashboards.exports.figure_svg import draw_figure
from dashboards.portfolio.charts import need_figure, running_figure, stages_figure
from dashboards.portfolio.formatting import NONE, format_amount
from engagements.money.rules.stages import STAGES
from engagements.portfolio.figures import NeedLine, NeedPart
from engagements.portfolio.queries.portfolio import portfolio
from tests.factories.portfolio import World, random_deeds


def test_each_stage_is_a_bar_of_its_own_with_its_meaning_and_a_part_for_each_funder():
    bars = tuple(StageBar(stage.label, stage.definition, (300.0 - 50 * n, 100.0)) for n, stage in enumerate(STAGES))
    figure = draw_stages(bars, ("Lakeside <b>", "River"), "dollars of 2026")
    assert [trace.name for trace in figure.data] == ["Lakeside &lt;b&gt;", "River"]
    assert list(figure.data[0].x) == [300, 250, 200, 150, 100]
    words = " ".join(note.text for note in figure.layout.annotations).replace("<br>", " ")
    for stage in STAGES:
        assert stage.label in words and stage.definition in words
    assert "$400" in words
    assert "Committed" in draw_figure(figure, "Money", width=390)


def test_a_stage_without_an_entry_has_no_dollars_on_its_bar():
    bars = (StageBar("Committed", "promised", (300.0, None)), StageBar("Spent", "used up", (None, None)))
    figure = draw_stages(bars, ("Lakeside", "River"), "dollars of 2026")
    words = " ".join(note.text for note in figure.layout.annotations)
    assert "$300" in words and "no entry" in words and "$0" not in words
    assert figure.data[1].customdata == ("no entry", "no entry")


def test_running_totals_have_a_name_at_their_end_that_nothing_covers():
    figure = draw_running(
        ("Q1 2026", "Q2 2026"),
        (StageLine("Committed", (5.0, 5.0)), StageLine("Spent", (1.0, 5.0)), StageLine("Allocated", (0.0, 0.0))),
        "dollars",
    )
    assert [trace.name for trace in figure.data] == ["Committed", "Spent"]
    heights = [note.y for note in figure.layout.annotations]
    assert abs(heights[0] - heights[1]) >= 0.3
    assert "Spent" in draw_figure(figure, "Money")


@pytest.mark.django_db
def test_charts_show_the_figures_and_nothing_where_there_is_none():
    world = World()
    now = timezone.now()
    money = portfolio(world.funder, world.initiative.slug, now=now).recorded.money
    assert stages_figure(money) is None and running_figure(money) is None
    random_deeds(world, 1, 60)
    money = portfolio(world.funder, world.initiative.slug, now=timezone.now()).recorded.money
    drawn = stages_figure(money)
    for number, stage in enumerate(money.stages):
        assert sum(trace.x[number] or 0 for trace in drawn.data) == pytest.approx(float(stage.total.value or 0))
    ends = {trace.name: trace.y[-1] for trace in running_figure(money).data}
    for stage in money.stages:
        assert ends.get(stage.label, 0) == pytest.approx(float(stage.total.value or 0))


def test_the_need_stands_a_to_z_with_intervals_where_there_are_any():
    need = NeedPart(
        (
            NeedLine("a", "Akron", 0.41, 0.01, 0.39, 0.43, "", False),
            NeedLine("b", "Berlin", 0.30, None, None, None, "none published", False),
            NeedLine("c", "Cairo", None, None, None, None, "no tract", False),
        ),
        "words",
        "source",
    )
    words = " ".join(note.text for note in need_figure(need).layout.annotations)
    assert words.index("Akron") < words.index("Berlin") and "41st ± 1.0" in words and "Cairo" not in words
    assert need_figure(NeedPart(need.lines[2:], "words", "source")) is None


def test_numbers_in_words():
    assert format_dollars(Decimal("1234567.00")) == "$1,234,567" and format_dollars(Decimal("-3.5")) == "−$3.50"
    assert format_short_dollars(Decimal(12_000_000)) == "$12 million"
    assert format_short_dollars(Decimal(1_250_000)) == "$1.2 million"
    assert (
        format_short_dollars(Decimal("-350000.4")) == "−$350,000"
        and format_short_dollars(None, missing=NONE) == "none recorded"
    )
    assert format_amount(0.352, "share") == "35.2%" and format_amount(1200.0, "people") == "1,200"
    assert format_amount(3.25, "score") == "3.25" and format_amount(100.0, "score") == "100"
    assert format_moment(datetime(2026, 9, 30, 23, 59, 59, tzinfo=UTC)) == "the end of Sep 30, 2026 (UTC)"
