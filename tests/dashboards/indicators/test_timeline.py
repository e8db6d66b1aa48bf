"""One axis of time for money, work and indicators; and the charts of one indicator. No effect is ever claimed."""

import re
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from atlas.tables.describe import describe_table
from dashboards.charts.actuals import Axis, Dot, ReferencePoint, draw_actuals
from dashboards.charts.time_axis import apart, month_ticks, place
from dashboards.exports.figure_svg import panel_svg
from dashboards.exports.panel_table import panel_file, write_csv
from dashboards.panels import engagement_timeline as panel
from dashboards.panels import indicator as indicator_panels
from dashboards.panels.indicator_axes import axis_of, format_axis_value
from engagements.home.queries.timeline import engagement_timeline
from engagements.indicators.queries.values import indicator_page
from engagements.milestones.actions.milestones import add_milestone
from engagements.models import LedgerEntry, Organisation
from engagements.permissions import Role
from tests.engagements.discussion.discussion import as_, house
from tests.factories.engagements import NOW, TODAY
from tests.factories.indicators import Q2, ValueEntry, approved, enter, make_indicator

STAFF, LEAD, FUNDER, PARTNER = Role.CITY_STAFF, Role.LEAD, Role.FUNDER, Role.LOCAL_PARTNER


@pytest.fixture
def world(db):
    here, _, people, _ = house()
    funder = Organisation.objects.create(slug="f", name="F", kind="funder", is_fictional=True)

    def pay(stage: str, usd: str, on: date, **more) -> LedgerEntry:
        return LedgerEntry.objects.create(
            initiative=here.initiative,
            engagement=here,
            stage=stage,
            amount_usd=Decimal(usd),
            price_year=2026,
            occurred_on=on,
            funder=funder,
            entered_by=people[STAFF],
            entered_at=NOW,
            **more,
        )

    pay("committed", "1000000", date(2026, 1, 15))
    pay("spent", "200000.50", date(2026, 5, 2))
    wrong = pay("spent", "50000", date(2026, 5, 3))
    pay("spent", "50000", date(2026, 7, 1), reverses=wrong, why="Twice")
    pay("spent", "90000", date(2026, 8, 9))
    row = make_indicator(here, people[STAFF])
    approved(row, people, ValueEntry(31), ValueEntry(20, "sex", "women"), period=Q2)
    enter(row, people[STAFF], ValueEntry(66))
    add_milestone(engagement=here.pk, title="Letters sent", stage="field", due_on=TODAY, by=people[LEAD], now=NOW)
    return here, people, row


def test_sums_run_to_the_end_of_each_quarter_net_of_reversals(world):
    here, people, _ = world
    money = engagement_timeline(people[FUNDER], here.slug, today=TODAY).money
    found = {stage.stage: [(q.quarter_start, q.to_date_usd) for q in stage.quarters] for stage in money.stages}
    assert found["committed"] == [(date(2026, 1, 1), Decimal("1000000"))]
    assert found["spent"] == [(date(2026, 4, 1), Decimal("250000.50")), (date(2026, 7, 1), Decimal("290000.50"))]
    entries = LedgerEntry.objects.filter(engagement=here, stage="spent")
    assert found["spent"][-1][1] == sum(-e.amount_usd if e.reverses_id else e.amount_usd for e in entries)
    assert money.entries == 5 and money.price_years == (2026,)


def test_the_page_says_that_no_effect_is_estimated_and_names_each_source(world):
    here, people, _ = world
    page = as_(people[FUNDER]).get(f"/engagements/{here.slug}/timeline/").content.decode()
    assert "No effect estimated: no evaluated pilot is linked to this engagement." in page
    assert "Lines that move together do not show that one moved the other." in page
    assert "the last made Nov 23, 2026" in page and "Residents seen: A list; last approval Nov 23, 2026." in page
    assert "Committed: promised by a funder." in page and "$290,000.50" in page and "31 people" in page
    words = re.sub(r"<[^>]*>", " ", page.split("<main")[1].split("figure-timeline")[0])  # addresses have numbers too
    assert re.findall(r"\b66\b", words) == [] and "66 people" not in page


def test_who_may_not_see_money_sees_none_of_it(world):
    here, people, _ = world
    client = as_(people[PARTNER])
    for path in ("timeline/", "timeline.csv"):
        said = client.get(f"/engagements/{here.slug}/{path}").content.decode()
        assert "290,000" not in said and "290000" not in said and "Spent" not in said, path
        assert "Letters sent" in said, path
    assert "Money is not shown to your role." in client.get(f"/engagements/{here.slug}/timeline/").content.decode()
    assert "Committed" not in client.get(f"/engagements/{here.slug}/timeline.svg").content.decode()


def test_table_csv_and_picture_carry_the_same(world):
    here, people, _ = world
    shown = panel.build(engagement_timeline(people[STAFF], here.slug, today=TODAY), TODAY)
    kinds = [row[1] for row in shown.table.rows]
    assert sorted(set(kinds)) == ["milestone", "money", "performance"] and kinds.count("money") == 3
    assert "290000.5" in write_csv(shown)
    described = describe_table(panel_file(shown, "timeline").table)
    assert "No effect estimated" in described["description"]
    assert any(note.startswith("Residents seen: A list") for note in described["notes"])
    svg = panel_svg(shown, None)
    assert "Money to date by stage" in svg and "No effect estimated" in svg and "today" in svg
    names = {trace.name for trace in shown.figure.data}
    assert {"Committed", "Spent", "values"} <= names
    axes = [key for key in shown.figure.layout.to_plotly_json() if key.startswith("xaxis")]
    ranges = {tuple(shown.figure.layout[key].range) for key in axes}
    assert len(axes) == 3 and len(ranges) == 1  # one axis of time


def test_with_nothing_there_is_a_reason_and_no_figure(world):
    here, people, _ = world
    empty = replace(
        engagement_timeline(people[STAFF], here.slug, today=TODAY), money=None, milestones=(), updates=(), indicators=()
    )
    shown = panel.build(empty, TODAY)
    assert shown.figure is None and not shown.table.rows
    assert "No money, milestone, update or approved value" in shown.reason


def test_an_indicators_panels_show_values_groups_and_their_uncertainty(world):
    _, people, row = world
    page = indicator_page(people[STAFF], row.pk, today=TODAY)
    actuals, groups = indicator_panels.build(page)
    assert actuals.finding.startswith(
        "31 people until Jun 30, 2026 (no interval: a full count; approved Nov 23, 2026)."
    )
    (dots,) = [trace for trace in actuals.figure.data if trace.name == "values"]
    assert list(dots.y) == [31, 66] and list(dots.marker.color)[0] != list(dots.marker.color)[1]  # a draft is hollow
    assert "baseline 0 people" in panel_svg(actuals, None) and "target 200 people" in panel_svg(actuals, None)
    assert groups.finding == "Apr to Jun 2026: women 20 people; everybody 31 people."
    assert "women" in panel_svg(groups, None) and "never more than everybody" in groups.caveats[-1]
    below = indicator_panels.build_actuals(indicator_page(people[FUNDER], row.pk, today=TODAY))
    assert [list(t.y) for t in below.figure.data if t.name == "values"] == [[31]]


@pytest.mark.parametrize("path", ["actuals.csv", "actuals.svg", "actuals.png", "groups.csv", "groups.png"])
def test_each_panel_is_a_file(world, path):
    _, people, row = world
    answer = as_(people[STAFF]).get(f"/indicators/{row.pk}/{path}")
    assert answer.status_code == 200 and answer["Cache-Control"] == "private, no-store"
    assert as_(people[STAFF]).get(f"/indicators/{row.pk}/nothing.csv").status_code == 404


def test_intervals_are_drawn_where_there_are_some():
    dots = (Dot(date(2026, 3, 31), 0.3, 0.25, 0.35, "x"), Dot(date(2026, 6, 30), 0.4, None, None, "y"))
    axis = Axis(0, 1, ((0.0, "0%"), (0.5, "50%")))
    figure = draw_actuals(dots, ReferencePoint(date(2026, 1, 1), 0.2, "baseline"), None, axis)
    (lines,) = [trace for trace in figure.data if trace.name == "95% intervals"]
    assert list(lines.y) == [0.25, 0.35, None]
    assert [a.text for a in figure.layout.annotations] == ["baseline"]


def test_places_and_ticks_of_time():
    assert place(date(2026, 1, 1)) == 2026 and 2026.49 < place(date(2026, 7, 1)) < 2026.5
    values, words = month_ticks(date(2026, 1, 1), date(2026, 12, 31))
    assert words == ["Jan<br>2026", "Apr<br>2026", "Jul<br>2026", "Oct<br>2026"] and values[0] == 2026
    assert month_ticks(date(2021, 6, 1), date(2027, 1, 1))[1] == ["2022", "2024", "2026"]
    assert apart([1, 1.1, 5], 1, 0, 6) == [1, 2, 5] and apart([6, 6], 1, 0, 6) == [5, 6]


def test_axes_speak_the_unit_in_short():
    assert [format_axis_value(v, "usd") for v in (0, 950, 1.2e6, 250_000)] == ["$0", "$950", "$1.2M", "$250k"]
    assert format_axis_value(0.35, "share") == "35%" and format_axis_value(1200, "people") == "1,200"
    axis = axis_of([0.22, 0.5], "share")
    assert axis.low < 0.22 and axis.high > 0.5 and 2 <= len(axis.ticks) <= 4
    assert axis_of([5], "people").low < 5 < axis_of([5], "people").high
