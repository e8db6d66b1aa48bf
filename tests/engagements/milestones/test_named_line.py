"""Names of milestones on one line: each on the picture, none on another, and none where there are too many."""

from datetime import date, timedelta

import pytest

from engagements.milestones.named_line import GAP, LETTER, LONGEST, MOST, WIDTH, lay_out_names
from engagements.milestones.queries.milestones import MilestoneRow

TODAY = date(2026, 11, 23)


def milestone(pk: int, due: date, title: str = "Something of an ordinary length", done: bool = True) -> MilestoneRow:
    given = dict.fromkeys(MilestoneRow.__dataclass_fields__, None) | {
        "pk": pk,
        "due_on": due,
        "title": title,
        "precision": "day",
        "label": "Done" if done else "Not started",
        "is_open": not done,
        "is_overdue": not done and due < TODAY,
    }
    return MilestoneRow(**given)


def boxes(found):
    for mark in found.marks:
        width = LETTER * max(len(line.text) for line in mark.lines)
        left = mark.text_x - width if mark.ends else mark.text_x
        yield left, left + width, mark.lines[0].y - GAP, mark.lines[-1].y


@pytest.mark.parametrize("days", [1, 9, 40, 200])
def test_no_label_lies_on_another_or_leaves_the_picture(days):
    rows = tuple(milestone(n, TODAY - timedelta(days=days * n)) for n in range(MOST))
    found = lay_out_names(rows, today=TODAY)
    placed = list(boxes(found))
    assert len(placed) == MOST
    for at, (left, right, top, foot) in enumerate(placed):
        assert -LETTER <= left and right <= WIDTH + LETTER * 2 and 0 <= top and foot <= found.height
        for other_left, other_right, other_top, other_foot in placed[at + 1 :]:
            assert right <= other_left or other_right <= left or foot < other_top or other_foot < top


def test_marks_stand_in_the_order_of_their_days_and_say_what_they_are():
    late = milestone(1, TODAY - timedelta(days=30), done=False)
    ahead = milestone(2, TODAY + timedelta(days=30), done=False)
    found = lay_out_names((ahead, late, milestone(3, TODAY - timedelta(days=90))), today=TODAY)
    assert [mark.kind for mark in found.marks] == ["done", "late", "open"]
    assert [mark.x for mark in found.marks] == sorted(mark.x for mark in found.marks)
    assert found.marks[1].x < found.today < found.marks[2].x


def test_one_alone_stands_in_the_middle_and_a_long_name_is_cut():
    (mark,) = lay_out_names((milestone(1, date(2020, 5, 1), "word " * 40),), today=TODAY).marks
    assert mark.x == WIDTH // 2
    assert len(mark.lines) == 4 and max(len(line.text) for line in mark.lines) <= LONGEST
    assert mark.lines[2].text.endswith("…")


def test_too_many_and_none_have_no_line():
    assert lay_out_names((), today=TODAY) is None
    assert lay_out_names(tuple(milestone(n, TODAY) for n in range(MOST + 1)), today=TODAY) is None
