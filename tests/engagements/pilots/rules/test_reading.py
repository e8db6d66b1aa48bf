"""Data files of pilots: what is read, and a reason with its line for what is not."""

import time
import tracemalloc
from datetime import date

import numpy as np
import pytest

from engagements.pilots.rules import reading
from engagements.pilots.rules.data import Cells, Rows
from engagements.pilots.rules.data_columns import DataKind, data_columns
from engagements.pilots.rules.reading import DataRefused, read_csv_data, read_table, too_large
from engagements.pilots.rules.registration import DesignKind, Estimator, Subgroup
from tests.engagements.pilots.made_registration import EARNINGS, MADE, make_registration

SEX = (Subgroup("sex", ("f", "m")),)
IN_SCHOOLS = make_registration(
    design=DesignKind.CLUSTERS, estimator=Estimator.CLUSTERED, unit="school", draw={"cluster_by": "school"}
)
COUNTS = "arm,n,events,assigned\nusual,1960,760,2000\ncoaching,1950,880,2000\n"
PEOPLE = "id,arm,had_job\na,usual,0\nb,usual,1\nc,coaching,1\nd,coaching,\n"


def read(text, registration=MADE, **more):
    return read_csv_data(text.encode() if isinstance(text, str) else text, registration, **more)


def problems_of(text, registration=MADE, **more):
    with pytest.raises(DataRefused) as refused:
        read(text, registration, **more)
    return [str(problem) for problem in refused.value.problems]


def test_counts_of_a_share_need_no_squares():
    table = read(COUNTS)
    cells = table.outcomes["had_job"]
    assert isinstance(cells, Cells)
    assert table.kind == DataKind.AGGREGATES
    assert list(cells.arm) == ["usual", "coaching"]
    assert list(cells.squares) == [760, 880]
    assert list(cells.assigned) == [2000, 2000]
    assert np.isnan(cells.took_part).all()
    assert table.notes == ()


def test_lines_of_people_have_an_empty_cell_where_the_outcome_is_missing():
    rows = read(PEOPLE).outcomes["had_job"]
    assert isinstance(rows, Rows)
    assert list(rows.arm) == ["usual", "usual", "coaching", "coaching"]
    assert rows.outcome[:3].tolist() == [0, 1, 1]
    assert np.isnan(rows.outcome[3])


def test_the_outcome_may_be_called_outcome_and_the_cluster_by_its_registered_name():
    rows = read("arm,school,outcome\nusual,s1,1\n", IN_SCHOOLS).outcomes["had_job"]
    assert list(rows.cluster) == ["s1"]


def test_semicolons_tabs_marks_and_wide_encodings_are_read():
    for text in (COUNTS.replace(",", ";"), COUNTS.replace(",", "\t"), "\ufeff" + COUNTS):
        assert read(text).row_count == 2
    assert read(COUNTS.encode("utf-16")).row_count == 2


def test_several_outcomes_in_one_file_of_counts():
    text = (
        "outcome_key,arm,n,total,squares\nhad_job,usual,10,4,\nhad_job,coaching,10,6,\n"
        "earnings,usual,2,300,50000\nearnings,coaching,2,500,130000\n"
    )
    table = read(text, make_registration(secondary=(EARNINGS,)))
    assert table.outcomes["earnings"].squares.tolist() == [50000, 130000]
    assert table.outcomes["had_job"].squares.tolist() == [4, 6]


def test_several_outcomes_in_one_file_of_people():
    table = read("arm,had_job,earnings\nusual,1,100.5\ncoaching,0,\n", make_registration(secondary=(EARNINGS,)))
    assert table.outcomes["earnings"].outcome[0] == 100.5


def test_subgroups_keep_their_values():
    table = read("arm,sex,n,events\nusual,f,10,4\nusual,m,10,5\n", make_registration(subgroups=SEX))
    assert list(table.groups["sex"]) == ["f", "m"]
    assert list(table.outcomes["had_job"].group) == ["f", "m"]


@pytest.mark.parametrize(
    ("said", "text"),
    [
        ("Column “hadjobs”: This column is not one of the pilot’s. Did you mean “had_job”?", "arm,hadjobs\nusual,1\n"),
        ("Column “phone”: This column is not one of the pilot’s. Known here: arm, ", "arm,had_job,phone\nusual,1,x\n"),
        ("The column “had_job” is missing: Had a job", "arm,took_part\nusual,1\n"),
        ("The column “arm” is missing: One of: usual, coaching.", "n,events\n1,1\n"),
        ("Column “arm”: This column is there twice.", "arm,arm,had_job\nusual,usual,1\n"),
        ("Line 3, “arm”: This is not a registered group. Known: usual, coaching.", "arm,had_job\nusual,1\ncoach,1\n"),
        ("Line 3, “id”: This is the same id as in line 2.", "id,arm,had_job\na,usual,1\na,usual,1\n"),
        ("Line 2, “id”: An id is missing here.", "id,arm,had_job\n,usual,1\n"),
        ("Line 3: Line 2 counts the same people already.", "arm,n,events\nusual,9,1\nusual,9,1\n"),
        ("Line 2, “had_job”: This is 0 or 1, or empty.", "arm,had_job\nusual,2\n"),
        ("Line 2, “had_job”: This looks like a formula, and a number is needed.", "arm,had_job\nusual,=1+1\n"),
        ("Line 2, “had_job”: This looks like a formula", "arm,had_job\nusual,@SUM(A1)\n"),
        ("Line 2, “had_job”: This is not a number.", "arm,had_job\nusual,nan\n"),
        ("Line 2, “had_job”: This is not a number.", "arm,had_job\nusual,1_0\n"),
        ("Line 2, “n”: This is not a number.", 'arm,n,events\nusual,"1,960",7\n'),
        ("Line 2, “n”: A number is missing here.", "arm,n,events\nusual,,7\n"),
        ("Line 2, “n”: This is beyond a trillion.", "arm,n,events\nusual,1e99,7\n"),
        ("Line 2, “n”: A count of people is a whole number, 0 or more.", "arm,n,events\nusual,-5,0\n"),
        ("Line 2, “events”: More people had the outcome than were measured.", "arm,n,events\nusual,5,6\n"),
        ("Line 2, “assigned”: Fewer people were drawn than were measured.", "arm,n,events,assigned\nusual,5,2,4\n"),
        ("Line 2, “took_part”: More people took part than were measured.", "arm,n,events,took_part\nusual,5,2,6\n"),
        ("Line 2, “measured_on”: This day is outside", "arm,had_job,measured_on\nusual,1,2026-12-31\n"),
        ("Line 2, “measured_on”: This is not a day", "arm,had_job,measured_on\nusual,1,2027-02-30\n"),
        ("Line 2, “period”: This period is outside", "arm,had_job,period\nusual,1,2026Q4\n"),
        ("Line 2, “period”: This period is outside", "arm,had_job,period\nusual,1,2028-01\n"),
        ("Line 2, “period”: This period is outside", "arm,had_job,period\nusual,1,2026-12-31\n"),
        ("Line 2, “period”: This period is outside", "arm,had_job,period\nusual,1,2028-W01\n"),
        ("Line 2: This line has fewer cells than there are columns.", "arm,had_job\nusual\n"),
        ("Line 2: This line has more cells than there are columns.", "arm,had_job\nusual,1,1\n"),
        ("Line 2: This line can’t be read", 'arm,had_job\nusual,"1\n'),
        ("There are no rows.", "arm,had_job\n"),
        ("There are no rows.", ""),
        ("This is no text file.", "arm,had_job\nusual,\x00\n"),
        ("The file is not UTF-8.", b"arm,had_job\nusual,\xff\n"),
    ],
)
def test_each_problem_has_its_line_and_column(said, text):
    assert any(problem.startswith(said) for problem in problems_of(text)), problems_of(text)


def test_a_mean_needs_squares_that_fit_its_sum():
    dollars = make_registration(outcome=EARNINGS)
    assert problems_of("arm,n,total\nusual,2,4\n", dollars)[0].startswith("The column “squares” is missing")
    assert "No values have this sum" in problems_of("arm,n,total,squares\nusual,2,4,7\n", dollars)[0]
    assert read("arm,n,total,squares\nusual,2,4,8\n", dollars).row_count == 1
    assert read("arm,n,total,squares\nusual,3,0.3,0.03\n", dollars).row_count == 1


def test_a_mean_needs_squares_in_each_line():
    """An empty cell would say that its people are alike: four cells, one without, and the interval was narrower."""
    dollars = make_registration(outcome=EARNINGS)
    missing = "The sum of squared outcomes is missing here: without it nobody knows how far outcomes differ."
    lines = "arm,block,n,total,squares\nusual,a,50,500,9000\nusual,b,50,500,\ncoaching,a,50,600,9000\n"
    assert problems_of(lines, dollars) == [f"Line 3, “squares”: {missing}"]
    assert problems_of(lines.replace("600,9000", "600,"), dollars) == [
        f"Line 3, “squares”: {missing}",
        f"Line 4, “squares”: {missing}",
    ]
    nobody = read(lines.replace("usual,b,50,500,", "usual,b,0,0,"), dollars)
    assert nobody.outcomes["earnings"].squares.tolist() == [9000, 0, 9000]


def test_a_secondary_mean_beside_a_share_needs_squares_too():
    both = make_registration(secondary=(EARNINGS,))
    text = "outcome_key,arm,n,total{}\nhad_job,usual,10,4{}\nearnings,usual,2,300{}\n"
    assert problems_of(text.format(",squares", ",", ","), both)[0].startswith("Line 3, “squares”: The sum of squared")
    assert problems_of(text.format("", "", ""), both)[0].startswith("The column “squares” is missing")
    assert read(text.format(",squares", ",", ",50000"), both).outcomes["earnings"].squares.tolist() == [50000]


def test_over_time_no_squares_are_needed():
    panel = make_registration(
        outcome=EARNINGS, design=DesignKind.DIFFERENCES, estimator=Estimator.DIFFERENCES, starts_in=("2027-01",)
    )
    assert read("arm,cluster,period,n,total\nusual,s1,2026-06,10,4\n", panel).row_count == 1


def test_values_are_never_repeated():
    secret = "123-45-6789"
    text = f"arm,had_job,measured_on\n{secret},{secret},{secret}\n"
    assert not [problem for problem in problems_of(text) if secret in problem]


def test_a_file_without_a_first_line_of_names_does_not_show_whose_it_is():
    said = problems_of("Maria Lopez,1\nusual,1\n")
    assert said[0].startswith("Column “number 1”: This column is not one of the pilot’s.")
    assert not [problem for problem in said if "Maria" in problem]


def test_text_that_looks_like_a_formula_is_text():
    assert list(read("arm,city,had_job\nusual,=HYPERLINK(1),1\n").outcomes["had_job"].city) == ["=HYPERLINK(1)"]


def test_a_group_is_needed_where_groups_were_drawn():
    assert problems_of("arm,had_job\nusual,1\n", IN_SCHOOLS)[0].startswith("The column “cluster” is missing")
    assert problems_of("arm,cluster,had_job\nusual,,1\n", IN_SCHOOLS) == ["Line 2, “cluster”: This is missing here."]


def test_cities_are_needed_and_known_where_there_are_several():
    cities = make_registration(cities=("tulsa", "detroit"), estimator=Estimator.BLOCKED)
    assert problems_of("arm,had_job\nusual,1\n", cities)[0].startswith("The column “city” is missing")
    assert problems_of("arm,city,had_job\nusual,paris,1\n", cities) == [
        "Line 2, “city”: This is not a registered city. Known: tulsa, detroit."
    ]


def test_a_value_of_a_subgroup_that_nobody_registered_is_refused():
    said = problems_of("arm,sex,n,events\nusual,x,10,4\n", make_registration(subgroups=SEX))
    assert said == ["Line 2, “sex”: This is not a registered subgroup. Known: f, m."]


def test_over_time_what_was_measured_before_counts():
    panel = make_registration(design=DesignKind.DIFFERENCES, estimator=Estimator.DIFFERENCES, starts_in=("2027-01",))
    text = "arm,cluster,period,n,events\nusual,s1,2026-06,10,4\nusual,s1,2027-06,10,4\n"
    assert read(text, panel).row_count == 2
    assert "outside the outcome’s window" in problems_of(text.replace("2027-06", "2028-06"), panel)[0]


@pytest.mark.parametrize(
    ("inside", "outside"),
    [
        ("2027", "2029"),
        ("2027Q4", "2028Q1"),
        ("2027-12", "2028-01"),
        ("2027-W52", "2028-W01"),
        ("2027-12-31", "2029-01-01"),
    ],
)
def test_periods_after_the_window_are_refused_however_they_are_written(inside, outside):
    panel = make_registration(design=DesignKind.DIFFERENCES, estimator=Estimator.DIFFERENCES, starts_in=("2027-01",))
    text = f"arm,cluster,period,n,events\nusual,s1,{inside},10,4\n"

    assert panel.outcome.window_to == date(2027, 12, 31)
    assert read(text, panel).row_count == 1
    assert problems_of(text.replace(inside, outside), panel)[0].endswith("This period is outside the outcome’s window.")


def test_units_are_held_against_the_draw():
    drawn = {"a": "usual", "b": "usual", "c": "coaching", "d": "coaching"}
    assert read(PEOPLE, drawn=drawn).notes == ()
    assert read(PEOPLE, drawn=drawn | {"e": "usual"}).notes == ("1 of the 5 units drawn are not in the file.",)
    changed = problems_of(PEOPLE, drawn=drawn | {"c": "usual"})
    assert changed == ["Line 4, “arm”: This is not the group that was drawn for this id."]
    unknown = problems_of(PEOPLE, drawn={name: arm for name, arm in drawn.items() if name != "d"})
    assert unknown == ["Line 5, “id”: Nobody with this id was drawn."]
    assert "The column “id” is missing" in problems_of("arm,had_job\nusual,1\n", drawn=drawn)[0]


def test_without_ids_the_reader_is_told_what_was_not_checked():
    assert "nobody can see whether someone is counted twice" in read("arm,had_job\nusual,1\n").notes[0]


def test_at_most_a_hundred_problems_are_listed_and_the_rest_counted():
    with pytest.raises(DataRefused, match="50 more problems are not listed") as refused:
        read("arm,had_job\n" + "coach,1\n" * 150)
    assert len(refused.value.problems) == 100


def test_a_file_of_200_megabytes_is_refused_by_its_size():
    assert too_large(200_000_000).startswith("The file has 200 MB; at most 64 MB are read.")
    assert too_large(64_000_000) == ""


def test_more_rows_than_anyone_should_send_are_refused(monkeypatch):
    monkeypatch.setattr(reading, "MAX_ROWS", 3)
    assert problems_of("arm,had_job\n" + "usual,1\n" * 4)[0].startswith("There are more than 3 rows.")
    assert read("arm,had_job\n" + "usual,1\n" * 3).row_count == 3
    with pytest.raises(DataRefused, match="more than 3 rows"):
        read_table(["arm", "had_job"], ((line, ["usual", "1"]) for line in range(2, 9)), MADE)


def test_a_file_of_short_lines_and_very_many_columns_holds_no_table_of_both():
    """400 kB: 40,000 headers above 40,000 lines of one cell would be 1,600,000,000 places."""
    wide = ",".join(f"c{n}" for n in range(40_000)) + "\n" + "a\n" * 40_000
    tracemalloc.start()
    try:
        with pytest.raises(DataRefused) as refused:
            reading.csv_lines(wide.encode())
        assert tracemalloc.get_traced_memory()[1] < 20_000_000  # bytes
    finally:
        tracemalloc.stop()
    assert [str(one) for one in refused.value.problems] == [
        "Line 1: There are more than 80 columns. Take out those that the pilot does not need."
    ]


def test_the_eighty_first_cell_of_any_line_is_refused_and_the_eightieth_is_read():
    fits, stray = ",".join("x" * 80), ",".join("x" * 81)
    assert len(reading.csv_lines(f"{fits}\n{fits}\n".encode())[0]) == 80
    with pytest.raises(DataRefused) as refused:
        reading.csv_lines(f"{fits}\n{fits}\n{stray}\n".encode())
    assert refused.value.problems[0].line == 3


@pytest.mark.parametrize("joint", ["", '"\n"'])
def test_a_line_without_end_is_refused_before_it_is_split(joint):
    """Also one that goes on from line to line inside quotation marks."""
    part = "," * 50_000
    with pytest.raises(DataRefused, match="more than 80 columns"):
        reading.csv_lines(f"a,b\n{joint.join([part] * 5)}\n".encode())


def test_a_cell_of_a_thousand_characters_is_read_and_a_longer_one_is_not():
    assert reading.csv_lines(f"a\n{'x' * 1000}\n".encode())[1] == [(2, ["x" * 1000])]
    with pytest.raises(DataRefused, match="Line 2: A cell has more than 1,000 characters"):
        reading.csv_lines(f"a\n{'x' * 1001}\n".encode())


def test_a_hundred_thousand_people_are_read_within_two_seconds():
    text = "id,arm,had_job,took_part\n" + "".join(
        f"u{n},{('usual', 'coaching')[n % 2]},{n % 3 // 2},1\n" for n in range(100_000)
    )
    begins = time.process_time()
    assert read(text).row_count == 100_000
    assert time.process_time() - begins < 4  # twice the goal: machines differ


@pytest.mark.parametrize("design", list(DesignKind))
@pytest.mark.parametrize("kind", list(DataKind))
def test_every_design_has_columns_with_a_meaning(design, kind):
    columns = data_columns(make_registration(design=design, subgroups=SEX), kind)
    assert columns[0].name == "arm"
    assert all(column.meaning.endswith(".") for column in columns)
    assert len({column.name for column in columns}) == len(columns)


def test_a_window_without_dates_is_not_checked():
    assert (
        read(
            "arm,had_job,period\nusual,1,1999\n", make_registration(outcome={"window_from": None, "window_to": None})
        ).row_count
        == 1
    )
    assert date(2027, 1, 1) == MADE.outcome.window_from
