"""Visible text of a template that does not go through gettext."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TEMPLATES = ROOT / "templates"

_TRANSLATED = re.compile(r"{%\s*blocktrans(?:late)?\b.*?{%\s*endblocktrans(?:late)?\s*%}", re.S)
_UNSEEN = re.compile(
    r"{#.*?#}|{%\s*comment\b.*?{%\s*endcomment\s*%}|<!--.*?-->|<(script|style|code|pre)\b.*?</\1>", re.S
)
_TAGS = re.compile(r"{%.*?%}|{{.*?}}", re.S)
_SPOKEN = re.compile(r"\b(?:alt|title|placeholder|aria-label|data-label|data-empty|content)=\"([^\"]*)\"")
# Words given to a filter or to an included template.
_GIVEN = re.compile(
    r"(?:\bdefault(?:_if_none)?:|\b(?:here|leaf|problem|caption|what|figures_note|comments_title)=)\"([^\"]*)\""
)
_HTML = re.compile(r"<[^<>]*>", re.S)
_LETTERS = re.compile(r"[A-Za-z]{2,}")
# The same in every language, or no words at all.
_NAMES = re.compile(
    r"Mobility Portal|Census|CSV|PNG|PDF|SVG|JSON|API|GeoJSON|HTML|SHA-256|PowerPoint|Excel|Parquet|\.csv\b|&\w+;"
)


def bare_text(template: str) -> list[str]:
    """Pieces of text that a reader sees or hears and no translator would find; [] for none.

    >>> bare_text('<p title="{% translate \\'Yes\\' %}">{% translate "No" %}</p><p>Maybe</p>')
    ['Maybe']
    """
    given = [words for tag in _TAGS.findall(_UNSEEN.sub(" ", template)) for words in _GIVEN.findall(tag)]
    left = _TAGS.sub("\x00", _UNSEEN.sub(" ", _TRANSLATED.sub("\x00", template)))
    tags = _HTML.findall(left)
    spoken = [words for tag in tags if not _is_machine_only(tag) for words in _SPOKEN.findall(tag)]
    seen = re.split(r"[\x00\n]|\s{2,}", _HTML.sub("\n", left))
    found = (piece.strip() for piece in (*given, *spoken, *seen))
    return [piece for piece in found if _LETTERS.search(_NAMES.sub("", piece.replace("\x00", " ")))]


def _is_machine_only(tag: str) -> bool:
    """A `content` of these is for machines; that of a description is for people."""
    return tag.startswith("<meta") and "description" not in tag


def templates_with_bare_text() -> dict[str, list[str]]:
    """Path below templates/ with /, and the first three pieces of its text that no translator would find."""
    read = ((path, path.read_text(encoding="utf-8")) for kind in ("*.html", "*.txt") for path in TEMPLATES.rglob(kind))
    found = ((path.relative_to(TEMPLATES).as_posix(), bare_text(text)) for path, text in read)
    return {name: pieces[:3] for name, pieces in found if pieces}
