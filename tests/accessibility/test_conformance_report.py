"""The conformance report: complete, true to the tests it names, up to date as a paper, and read by everybody."""

import re
from pathlib import Path

import pytest

from mobility_portal.accessibility.declaration import AXE, EXCEPTIONS, SECTION_508, WCAG
from mobility_portal.accessibility.paper import counts, paper
from mobility_portal.accessibility.records import Support
from tests.browser import test_accessibility as axe_tests

ROOT = Path(__file__).resolve().parent.parent.parent
CRITERIA = [criterion for chapter in WCAG for criterion in chapter.criteria]
ALL = [*CRITERIA, *(criterion for chapter in SECTION_508 for criterion in chapter.criteria)]
# Of WCAG 2.2 at levels A and AA, by guideline: the numbers of its success criteria (4.1.1 is gone).
GUIDELINES = {
    "1.1": [1], "1.2": [1, 2, 3, 4, 5], "1.3": [1, 2, 3, 4, 5], "1.4": [1, 2, 3, 4, 5, 10, 11, 12, 13],
    "2.1": [1, 2, 4], "2.2": [1, 2], "2.3": [1], "2.4": [1, 2, 3, 4, 5, 6, 7, 11], "2.5": [1, 2, 3, 4, 7, 8],
    "3.1": [1, 2], "3.2": [1, 2, 3, 4, 6], "3.3": [1, 2, 3, 4, 7, 8], "4.1": [2, 3],
}  # fmt: skip


def test_every_criterion_of_the_standard_is_answered_once():
    wanted = [f"{guideline}.{number}" for guideline, numbers in GUIDELINES.items() for number in numbers]
    assert [criterion.number for criterion in CRITERIA] == wanted and len(wanted) == 55
    levels = [criterion.level for criterion in CRITERIA]
    assert (levels.count("A"), levels.count("AA")) == (31, 24)
    assert [chapter.number for chapter in SECTION_508] == ["3", "4", "5", "6"]
    assert sum(counts(WCAG).values()) == 55


def test_every_test_it_names_is_there_and_is_run():
    named = {test for criterion in ALL for test in criterion.tests}
    for test in named:
        path, _, function = test.partition("::")
        source = (ROOT / path).read_text("utf-8")
        found = re.search(rf"((?:^@.*\n)*)^def {function}\(", source, re.MULTILINE)
        assert found and "skip" not in found[1], test
    assert set(AXE) <= named


def test_what_is_not_wholly_met_is_named_and_what_nobody_tried_claims_no_test():
    short = {criterion.number for criterion in ALL if criterion.support in (Support.PARTIAL, Support.NONE)}
    assert short == {number for one in EXCEPTIONS for number in one.criteria}
    for criterion in ALL:
        if criterion.number in short:
            assert criterion.remarks, criterion.number
        if criterion.support in (Support.UNKNOWN, Support.UNUSED):
            assert not criterion.tests, criterion.number
    by_people = [each for chapter in SECTION_508[:1] for each in chapter.criteria]
    assert {each.support for each in by_people} == {Support.UNKNOWN, Support.UNUSED}


def test_what_the_tests_leave_out_is_a_known_exception():
    """The one finding of axe that a test passes over."""
    left_out = [name for name in vars(axe_tests) if name.startswith("_SW")]
    assert left_out == ["_SWAGGER"] and any("API" in one.name and "4.1.2" in one.criteria for one in EXCEPTIONS)


def test_the_paper_is_up_to_date():
    assert (ROOT / "docs/accessibility.md").read_text("utf-8") == paper(), "run manage.py accessibility_report"


@pytest.mark.django_db
def test_everybody_reads_each_answer_and_each_exception(client, django_assert_num_queries):
    page = client.get("/accessibility/").content.decode()
    for criterion in ALL:
        assert re.search(rf'<th scope="row">{re.escape(criterion.number)} ', page), criterion.number
    assert page.count('class="tag tag-') == len(ALL)
    for one in EXCEPTIONS:
        assert one.name in page
    footer = client.get("/").content.decode().partition("<footer")[2]
    assert 'href="/accessibility/"' in footer
