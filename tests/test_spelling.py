"""American spelling in everything that is written for a person to read."""

import calendar
import re
from collections import defaultdict

from tests.spelling import ROOT, british, prose_of_project

# Spellings that people type and the portal understands, and headings that a test makes up.
UNDERSTOOD = {
    "engagements/evidence/forest.py": {"per cent"},
    "engagements/evidence/prose.py": {"per cent"},
    "engagements/pilots/rules/privacy/first_names.py": {"centre"},  # a word that people type in a column of names
    "engagements/portfolio/queries/lists.py": {"cancelled"},  # a status as the database keeps it
    "tests/engagements/indicators/test_tables.py": {"colour"},
    "tests/engagements/milestones/test_exports.py": {"colour"},
    "tests/engagements/money/test_import_pages.py": {"colour"},
    "engagements/city_records/queries.py": {"Organisation"},  # the same class, by its name
    "engagements/models/__init__.py": {"Organisation"},  # a class that keeps the name of its table
}


def test_the_project_is_written_in_american_english():
    found = defaultdict(set)
    for path, text in prose_of_project():
        found[path].update(british(text))
    assert {path: words for path, words in found.items() if words - UNDERSTOOD.get(path, set())} == {}


def test_british_words_are_found():
    assert british(
        "The programmes of neighbouring councillors, organised and analysed; enrolment rose ten per cent."
    ) == [
        *("programmes", "neighbouring", "councillors", "organised", "analysed", "enrolment", "per cent"),
    ]


def test_american_words_and_names_are_left_alone():
    assert (
        british("Analyses of organisms; programmed specialists realist; the Behavioural Insights Team; enrolled") == []
    )


def test_every_kind_of_file_is_read():
    read = {path.rpartition(".")[2] for path, text in prose_of_project() if len(text) > 20}
    assert {"py", "html", "txt", "toml", "md", "js"} <= read


DAY_FIRST = re.compile(rf"\b\d{{1,2}} (?:{'|'.join(calendar.month_name[1:])}) (?:19|20)\d\d\b")


def test_days_are_written_as_in_america():
    """ "November 29, 2026", never "29 November 2026"; tests hold what people type and what older files say."""
    found = {
        (path, day)
        for path, text in prose_of_project()
        if not path.startswith("tests/")
        for day in DAY_FIRST.findall(text)
    }
    assert found == set()


def test_hours_are_written_as_in_america():
    """ "2:05 p.m. EST" in templates and in code."""
    kept = [path for path in (ROOT / "templates").rglob("*") if path.suffix in (".html", ".txt")]
    kept += [path for room in ("atlas", "dashboards", "engagements") for path in (ROOT / room).rglob("*.py")]
    written = re.compile(r"""date:["'][^"']*(?:H:i|G:i|P\b|A\b)|:%H:%M""")
    assert [
        path.relative_to(ROOT).as_posix() for path in kept if written.search(path.read_text(encoding="utf-8"))
    ] == []
