"""Entries of changed formulas: each has everything a reader needs, and a broken one says what it lacks."""

from datetime import date

import pytest

from atlas.errata.formula_changes import BadEntry, formula_changes

GOOD = """
formula = "Middle tract of the nation"
what = "The middle tract is weighted by nobody."
reason = "Two numbers had one name."
where = ["City page, headline"]
[[values]]
of = "Nation"
unit = "2015 dollars"
old = "33,700"
new = "32,000"
"""


def written(folder, text, name="2026-11-29-middle-tract.toml"):
    (folder / name).write_text(text, "utf-8")
    return folder


def test_the_shipped_entries_can_be_read():
    found = formula_changes()
    assert all(one.kind == "formula" and one.values and one.reason for one in found)
    assert [one.date for one in found] == sorted((one.date for one in found), reverse=True)


def test_newest_first(tmp_path):
    written(tmp_path, GOOD, "2026-01-02-a.toml")
    written(tmp_path, GOOD, "2026-03-04-b.toml")
    found = formula_changes(tmp_path)
    assert [one.date for one in found] == [date(2026, 3, 4), date(2026, 1, 2)]
    assert (found[0].values[0].old, found[0].values[0].new) == ("33,700", "32,000")


@pytest.mark.parametrize(
    ("text", "name", "said"),
    [
        (GOOD.replace('reason = "Two numbers had one name."', ""), "2026-01-02-a.toml", "reason"),
        (GOOD + 'why = "x"', "2026-01-02-a.toml", "why"),
        (GOOD.replace("Two numbers had one name.", " "), "2026-01-02-a.toml", "reason must not be empty"),
        (GOOD.replace('["City page, headline"]', "[]"), "2026-01-02-a.toml", "at least one"),
        (GOOD.replace('unit = "2015 dollars"', ""), "2026-01-02-a.toml", "unit"),
        (GOOD, "middle-tract.toml", "middle-tract.toml"),
        ("formula = ", "2026-01-02-a.toml", "2026-01-02-a.toml"),
    ],
)
def test_a_broken_entry_says_what_is_wrong(tmp_path, text, name, said):
    with pytest.raises(BadEntry, match=said):
        formula_changes(written(tmp_path, text, name))
