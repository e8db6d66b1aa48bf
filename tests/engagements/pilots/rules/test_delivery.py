"""A file of data is looked at as a whole before anything of it is kept; each fault is a sentence."""

import numpy as np
import pytest

from engagements.pilots.rules.delivery import DrawnUnits, chosen_columns, examine, unplaced
from engagements.pilots.rules.holding import held_of_content, held_of_text, hold, read_held
from engagements.pilots.rules.reading import DataRefused, csv_lines
from engagements.pilots.rules.registration import DesignKind, Draw, Estimator
from tests.engagements.pilots.made_registration import make_registration

ARMS = "arm,n,total\nusual,400,120\ncoaching,410,150\n"
IDS = [f"{number:064x}" for number in range(80)]
ARM_OF = {name: ("usual", "coaching")[number % 2] for number, name in enumerate(IDS)}


def look(text, registration=None, **more):
    header, rows = csv_lines(text.encode())
    return examine(header, rows, registration or make_registration(), **more)


def refused(text, registration=None, **more):
    with pytest.raises(DataRefused) as found:
        look(text, registration, **more)
    return str(found.value)


def people(change=lambda number, cells: cells, header="id,arm,had_job"):
    lines = [change(n, [name, ARM_OF[name], str(n // 2 % 2)]) for n, name in enumerate(IDS)]
    return "\n".join([header, *(",".join(cells) for cells in lines)]) + "\n"


def test_counts_by_arm_come_in():
    found = look(ARMS)
    assert dict(found.people) == {"usual": 400, "coaching": 410}
    assert found.anonymity is None
    assert found.held.text == "arm,n,total\ncoaching,410,150\nusual,400,120\n"


def test_the_fingerprint_is_of_what_the_file_says_and_not_of_how():
    other = "Total;ARM;n;squares\n150;coaching;410.0;\n120.00;usual;+400;\n"
    assert look(other).held.sha256 == look(ARMS).held.sha256
    assert look(ARMS.replace("150", "151")).held.sha256 != look(ARMS).held.sha256


def test_what_is_kept_reads_as_what_came():
    found = look(people(), drawn=DrawnUnits(ARM_OF))
    for held in (held_of_text(found.held.text.encode()), found.held):
        again = read_held(held, make_registration()).outcomes["had_job"]
        assert again.outcome.sum() == found.table.outcomes["had_job"].outcome.sum()
    counts = look(ARMS).held
    assert held_of_content(counts.content()) == counts


def test_content_of_another_form_is_refused():
    with pytest.raises(DataRefused, match="can’t be read"):
        held_of_content({"arm": ["usual"], "n": []})


def test_a_formula_in_a_name_stays_text_and_one_in_a_number_is_refused():
    said = refused("arm,n,total\nusual,400,=1+1\ncoaching,410,150\n")
    assert said == "Line 2, “total”: This looks like a formula, and a number is needed. Write the number itself."
    found = look("arm,block,n,total\nusual,=cmd(),400,120\ncoaching,=cmd(),410,150\n")
    assert "=cmd()" in found.held.text


def test_identifying_columns_are_refused_even_when_nobody_wants_them():
    said = refused("arm,n,total,e_mail\nusual,400,120,ana@example.org\ncoaching,410,150,\n")
    assert said == "Column “e_mail” looks like email addresses, by its name. Take the column out."
    assert "ana@" not in refused("arm,n,total,note\nusual,400,120,ana@example.org\ncoaching,410,150,\n")


def test_of_two_columns_of_one_name_and_of_cells_beside_them_none_goes_unseen():
    """A note with an address in the first of two, in a column without a name, or beside all columns."""
    twice = refused("arm,n,total,note,Note\nusual,400,120,ana@example.org,1\ncoaching,410,150,,1\n")
    assert twice == "Columns 4 and 5 have the same name. Take one of them out."
    nameless = refused("arm,n,,total\nusual,400,ana@example.org,120\ncoaching,410,,150\n")
    assert nameless == "Column 3 has no name in the first line. Name it, or take it out."
    beside = refused("arm,n,total\nusual,400,120\ncoaching,410,150,,ana@example.org\n")
    assert beside == "Line 3: This line has more cells than there are columns. Look for a stray comma."


def test_empty_columns_at_the_end_as_a_spreadsheet_leaves_them_are_none():
    assert look("arm,n,total,,\nusual,400,120,,\ncoaching,410,150,,\n").held == look(ARMS).held


def test_a_missing_outcome_column_is_named():
    assert "The column “total” is missing" in refused("arm,n\nusual,400\ncoaching,410\n")


def test_more_people_than_were_drawn_are_refused():
    drawn = DrawnUnits({f"{n}": "usual" for n in range(400)} | {f"x{n}": "coaching" for n in range(405)})
    assert refused(ARMS, drawn=drawn) == "The file has 410 people in “coaching”; only 405 were drawn."


def test_somebody_who_was_not_drawn_or_changed_arms_or_comes_twice_is_refused():
    drawn = DrawnUnits(ARM_OF)
    changed = people(lambda n, cells: [cells[0], "usual", cells[2]] if n == 3 else cells)
    assert "Line 5, “arm”: This is not the group that was drawn" in refused(changed, drawn=drawn)
    unknown = people(lambda n, cells: ["f" * 64, *cells[1:]] if n == 3 else cells)
    assert "Line 5, “id”: Nobody with this id was drawn." in refused(unknown, drawn=drawn)
    twice = people(lambda n, cells: [IDS[1], ARM_OF[IDS[1]], cells[2]] if n == 3 else cells)
    assert "the same id as in line 3" in refused(twice, drawn=drawn)


def test_rows_hide_each_person_among_others():
    registration = make_registration(quasi_identifiers=("block",), draw=Draw(block_by=("ward",)))
    text = people(lambda n, cells: [*cells, "a" if n < 71 else "b"], "id,arm,had_job,block")
    assert "1 has fewer than 10 people" in refused(text, registration)
    assert look(text, registration, smallest=9).anonymity.is_kept


def test_all_outcomes_equal_is_said_before_anything_is_kept():
    found = look("arm,n,total\nusual,400,0\ncoaching,410,0\n")
    assert any("Every outcome is the same" in note for note in found.notes)


def test_an_arm_without_people_is_said():
    assert "The file has nobody measured in “coaching”." in look("arm,n,total\nusual,400,120\n").notes


class TestClusters:
    REGISTRATION = make_registration(
        design=DesignKind.CLUSTERS, estimator=Estimator.CLUSTERED, unit="school", draw=Draw(cluster_by="school")
    )
    DRAWN = DrawnUnits(arm_of_cluster={("", "a"): "usual", ("", "b"): "coaching"})
    TEXT = "arm,school,n,total\nusual,a,40,12\ncoaching,b,41,15\n"

    def test_one_cluster_per_arm_is_said(self):
        notes = look(self.TEXT, self.REGISTRATION, drawn=self.DRAWN).notes
        assert [note for note in notes if note.startswith("Only 1 school in “usual”")]

    def test_a_cluster_that_was_not_drawn_or_changed_arms_is_refused(self):
        other = self.TEXT.replace("coaching,b", "coaching,c")
        assert refused(other, self.REGISTRATION, drawn=self.DRAWN) == "Line 3, “cluster”: This school was not drawn."
        changed = self.TEXT.replace("coaching,b", "usual,b")
        assert "not the group that was drawn" in refused(changed, self.REGISTRATION, drawn=self.DRAWN)


def test_columns_that_somebody_chose_are_taken_and_others_left():
    header, rows = csv_lines(b"Group,Who,People,Good\nusual,x,400,120\ncoaching,y,410,150\n")
    assert unplaced(header, make_registration())
    names, lines = chosen_columns(header, rows, {"arm": "Group", "n": "People", "total": "Good"})
    assert not unplaced(names, make_registration())
    assert examine(names, lines, make_registration()).held == look(ARMS).held


def test_a_hundred_thousand_rows_are_held_with_numbers_written_plainly():
    draw = np.random.default_rng(1)
    rows = [(n + 2, [("usual", "coaching")[n % 2], f"{draw.integers(0, 2)}.0"]) for n in range(100_000)]
    assert {cells[1] for cells in hold(["arm", "had_job"], rows, make_registration()).rows} == {"0", "1"}
