"""American spelling in everything that is written for a person to read."""

from collections import defaultdict

from tests.spelling import british, prose_of_project

# Spellings that people type and the portal understands, and headings that a test makes up.
UNDERSTOOD = {
    "engagements/evidence/forest.py": {"per cent"},
    "engagements/evidence/prose.py": {"per cent"},
    "engagements/portfolio/queries/lists.py": {"cancelled"},  # a status as the database keeps it
    "tests/engagements/indicators/test_tables.py": {"colour"},
    "tests/engagements/milestones/test_exports.py": {"colour"},
    "tests/engagements/money/test_import_pages.py": {"colour"},
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
