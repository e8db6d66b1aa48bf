"""Bars on an axis of days: where they begin and end, what is late, what depends on what."""

from dataclasses import replace
from datetime import date, timedelta

from engagements.worklist.records import Card
from engagements.worklist.timeline_layout import LEFT, WIDTH, lane_label, lay_out

TODAY = date(2026, 11, 30)


def card(pk: int, due: date, city="Detroit", **other) -> Card:
    column = other.pop("column", "planned")
    late = due < TODAY and column != "done"
    return Card(
        column=column, title=f"Task {pk}", url=f"/milestones/{pk}/", cities=(city,), due_on=due, is_overdue=late,
        picks=((pk, 1),), label=column, **other,
    )  # fmt: skip


def test_nothing_dated_is_not_drawn():
    assert lay_out([replace(card(1, TODAY), due_on=None)], today=TODAY) is None


def test_bars_lie_on_the_axis_and_today_within_it():
    begun = card(1, date(2026, 12, 31), column="in_progress", started_on=date(2026, 12, 1))
    drawn = lay_out([begun], today=TODAY)
    assert (drawn.first, drawn.last) == (date(2026, 11, 1), date(2027, 1, 1))
    (bar,) = drawn.bars
    scale = (WIDTH - LEFT - 16) / 61
    assert bar.x == LEFT + round(30 * scale) and abs(bar.x + bar.width - (LEFT + round(60 * scale))) <= 1
    assert drawn.today == LEFT + round(29 * scale) and bar.late is None and bar.kind == "now"
    assert [tick.label for tick in drawn.ticks] == ["November 2026", "December"]


def test_what_is_late_is_dashed_up_to_today():
    drawn = lay_out([card(1, TODAY - timedelta(days=7), column="blocked")], today=TODAY)
    (bar,) = drawn.bars
    assert bar.late == (bar.x + bar.width, drawn.today - bar.x - bar.width)
    assert drawn.kinds == {"late", "overdue"}


def test_what_waits_begins_when_the_first_is_due():
    first = card(1, date(2026, 12, 10))
    then = card(2, date(2026, 12, 20), waits_for=(1, 99))
    drawn = lay_out([first, then], today=TODAY)
    one, two = drawn.bars
    assert two.x == one.x + one.width and len(drawn.links) == 1
    assert drawn.links[0].endswith(f"V{two.y + 8}H{two.x - 2}")


def test_years_ago_do_not_stretch_the_axis():
    drawn = lay_out([card(1, date(2019, 3, 1)), card(2, date(2036, 3, 1))], today=TODAY)
    assert drawn.first >= date(2026, 9, 1) and drawn.last <= date(2028, 2, 1)
    assert all(LEFT <= bar.x <= WIDTH for bar in drawn.bars)


def test_labels_stay_within_the_drawing():
    long = "A task with a name that goes on and on and on"
    cards = [replace(card(n, TODAY + timedelta(days=30 * n)), title=long) for n in range(1, 12)]
    for bar in lay_out(cards, today=TODAY).bars:
        width = 6.6 * len(f"{bar.title} {bar.day}")
        first, last = (bar.text_x - width, bar.text_x) if bar.ends else (bar.text_x, bar.text_x + width)
        assert first >= LEFT - 10 and last <= WIDTH + 10, bar


def test_lanes_are_cities():
    drawn = lay_out([card(1, TODAY), card(2, TODAY, city="Tulsa"), card(3, TODAY)], today=TODAY)
    assert [lane.label for lane in drawn.lanes] == ["Detroit", "Tulsa"]
    assert lane_label(("Detroit", "Tulsa")) == "Detroit and Tulsa" and lane_label(("A", "B", "C")) == "3 cities"
    assert lane_label(("A city with a very long name",)).endswith("…")
