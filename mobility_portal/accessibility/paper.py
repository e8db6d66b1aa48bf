"""The conformance report as a document: `docs/accessibility.md`."""

from collections import Counter
from collections.abc import Iterable, Iterator

from mobility_portal.accessibility.declaration import EXCEPTIONS, SECTION_508, WCAG
from mobility_portal.accessibility.records import Chapter, Criterion, Support

_ABOUT = """# Accessibility conformance report

How far the portal meets the [Web Content Accessibility Guidelines 2.2](https://www.w3.org/TR/WCAG22/), levels A and
AA, and [Section 508](https://www.access-board.gov/ict/) of the Rehabilitation Act. It has the parts of a VPAT 2.5
report, in our own words; buyers can copy it into the form. Read the standards for what a criterion asks.

- **Product**: the Mobility Portal, a website, as it is in this repository. Its public pages, those of people who sign
  in, and the PDF files it makes.
- **How it was evaluated**: by automated tests, and by its authors reading the pages. axe-core goes through every page
  for strangers, for each role and for operators, at 1280 and 390 pixels; at 320 pixels (400% zoom) nothing may scroll
  sideways. Keyboard, forced colors and reduced motion are tested on some pages.
- **What was not**: **nobody who uses assistive technology has evaluated the portal**, and no screen reader was used.
  PDF files are written as PDF/UA-1 and their tags are tested; no checker such as veraPDF was run.
- **By whom**: those who wrote the portal, not an independent assessor.

This file is written by `manage.py accessibility_report` from `mobility_portal/accessibility/declaration.py`. Tests
fail when it is out of date and when a test that it names is gone.

## Terms

- **Supports**: met, at least by one way, without known faults.
- **Partially supports**: met but for what the remarks name.
- **Does not support**: most of it is not met.
- **Not applicable**: the portal has nothing that it is about.
- **Not evaluated**: nobody looked. The form allows this answer for level AAA only; we would rather say so than guess.

*Shown by* says what an answer rests on: tests, or reading.
"""


def paper() -> str:
    """The whole document, ending in a newline."""
    return "\n".join(_lines()) + "\n"


def counts(chapters: Iterable[Chapter]) -> dict[Support, int]:
    """How many criteria have each answer, in the order of the terms."""
    found = Counter(criterion.support for chapter in chapters for criterion in chapter.criteria)
    return {support: found[support] for support in Support}


def _lines() -> Iterator[str]:
    yield _ABOUT
    yield "## In one table"
    yield ""
    yield f"| | {' | '.join(Support)} |"
    yield f"|---|{'---:|' * len(Support)}"
    for title, chapters in (("WCAG 2.2, levels A and AA", WCAG), ("Section 508", SECTION_508)):
        yield f"| {title} | {' | '.join(str(count) for count in counts(chapters).values())} |"
    yield ""
    yield "## Known exceptions"
    yield ""
    for one in EXCEPTIONS:
        yield f"- **{one.name}** ({', '.join(one.criteria)}): {one.said}"
    yield ""
    yield "## WCAG 2.2, levels A and AA"
    for chapter in WCAG:
        yield from _chapter(chapter, "Level")
    yield "## Section 508"
    yield ""
    yield "Section 508 asks for WCAG 2.0 at levels A and AA, which is part of the above, and for these chapters."
    for chapter in SECTION_508:
        yield from _chapter(chapter, "")
    yield "## The tests"
    yield ""
    named = (test for chapter in (*WCAG, *SECTION_508) for criterion in chapter.criteria for test in criterion.tests)
    for number, test in enumerate(dict.fromkeys(named), 1):
        yield f"{number}. `{test}`"


def _chapter(chapter: Chapter, level: str) -> Iterator[str]:
    yield ""
    yield f"### {f'Chapter {chapter.number}: ' if not level else ''}{chapter.title}"
    yield ""
    if chapter.said:
        yield chapter.said
        yield ""
    if chapter.criteria:
        heads = ["Criterion", *([level] if level else []), "Conformance", "Shown by", "Remarks"]
        yield f"| {' | '.join(heads)} |"
        yield "|" + "---|" * len(heads)
        for criterion in chapter.criteria:
            yield f"| {' | '.join(_cells(criterion))} |"
        yield ""


def _cells(criterion: Criterion) -> Iterator[str]:
    yield f"{criterion.number} {criterion.name}"
    if criterion.level:
        yield criterion.level
    yield criterion.support.value
    yield criterion.shown_by
    yield criterion.remarks
