"""What a document of one sheet prints: its numbers, each section's picture side by side, notes and sources.

A map is as wide as the page, with the section before it below; the other sections follow on the back.
"""

import math
from typing import Any

from dashboards.documents.model import Document, Drawing, Picture, Section
from dashboards.exports.figure_svg import draw_figure

NOTE_LETTERS = 2600  # of notes and sources together: about an eighth of the page in its smallest type
_HALF, _WHOLE = 400, 824  # pixels of a figure beside another, and of one as wide as the page
_FIGURES_HIGH = 700  # pixels, about: what the rows of figures share, their words included
_TEXT_HIGH = 50  # pixels of a title and a finding above a figure
_LETTERS_A_LINE = 60  # of the notes, in a third of the page


def one_page_data(document: Document) -> dict[str, Any]:
    """Everything the sheet prints, as plain strings. `first` are the sections of the front, () for a single page."""
    front = front_of(document.sections)
    sections = tuple(one for one in document.sections if one not in front)
    count = len(sections)
    notes, left_out = fitting_notes(document.sections, NOTE_LETTERS - sum(map(len, document.sources)))
    if left_out:
        notes.append(f"{left_out} more notes stand under the figures at {document.address}")
    return {
        "title": document.title,
        "lede": document.lede,
        "address": document.address,
        "publisher": document.publisher,
        "date": document.as_of_day,
        "sample": document.banner,
        "numbers": [[number.label, number.number, number.small] for number in document.numbers],
        "first": [_part(section, at, 2, is_beside=True) for at, section in enumerate(front)],
        "panels": [_part(section, index, count) for index, section in enumerate(sections)],
        "columns": columns_of(count),
        "caveats": balanced(notes, 2),
        "sources": list(document.sources),
    }


def fitting_notes(sections: tuple[Section, ...], room: int) -> tuple[list[str], int]:
    """(each note once while there is room in letters, first ones of every section first; how many did not fit)."""
    longest = max((len(section.notes) for section in sections), default=0)
    rounds = [section.notes[index] for index in range(longest) for section in sections if index < len(section.notes)]
    once = list(dict.fromkeys(rounds))
    kept: list[str] = []
    for note in once:
        if sum(map(len, kept)) + len(note) > room:
            break
        kept.append(note)
    return kept, len(once) - len(kept)


def balanced(texts: list[str], count: int) -> list[list[str]]:
    """Texts in their order in `count` columns of about the same number of lines."""
    lines = [math.ceil(len(text) / _LETTERS_A_LINE) for text in texts]
    whole, reached = sum(lines) or 1, 0
    columns: list[list[str]] = [[] for _ in range(count)]
    for text, high in zip(texts, lines, strict=True):
        columns[min(count - 1, (2 * reached + high) * count // (2 * whole))].append(text)
        reached += high
    return columns


def front_of(sections: tuple[Section, ...]) -> tuple[Section, ...]:
    """The map and the section before it, the map first; () where no section is a map or nothing would be left."""
    at = next((at for at, one in enumerate(sections) if isinstance(one.picture, Picture)), None)
    if at is None or len(sections) < 3:
        return ()
    return (sections[at], *sections[max(at - 1, 0) : at])


def columns_of(sections: int) -> int:
    """One or two stand one under the other; more stand in pairs, an odd first one across the page."""
    return 1 if sections <= 2 else 2


def is_wide(index: int, sections: int) -> bool:
    return columns_of(sections) == 1 or (index == 0 and sections % 2 == 1)


def _part(section: Section, index: int, count: int, *, is_beside: bool = False) -> dict[str, Any]:
    """Its picture, or its words alone. `is_beside`: the words stand beside the picture."""
    wide = is_wide(index, count) and not is_beside
    svg = "" if section.picture is None else _svg(section.picture, _WHOLE if wide else _HALF, count)
    said = " ".join(words for words in (section.finding, section.said) if words)
    return {"title": section.title, "svg": svg, "alt": _alt(section), "text": said, "wide": wide}


def in_words(title: str, said: str) -> str:
    """What a figure asks and what it finds, for those who listen to it."""
    ends = "" if title.endswith(("?", ".", "!")) else "."
    return f"{title}{ends} {said}".strip()


def _alt(section: Section) -> str:
    """The picture in words, for those who listen."""
    picture = section.picture
    if isinstance(picture, Drawing):
        return in_words(picture.title, picture.said)
    return picture.alt if picture and picture.alt else section.title


def _svg(picture: Picture | Drawing, width: float, count: int) -> str:
    """At the figure's own height where it has one, otherwise at what its row is likely to get."""
    if isinstance(picture, Picture):
        return picture.svg
    rows = math.ceil((count + (columns_of(count) == 2 and count % 2)) / columns_of(count))
    own = picture.figure.layout.height
    high = own or max(240.0, _FIGURES_HIGH / rows - _TEXT_HIGH)
    below = picture.below
    return draw_figure(
        picture.figure, picture.title, picture.said, picture.geometry, width, None if own else high, below
    )
