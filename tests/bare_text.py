"""Visible text of a template that does not go through gettext. `python -m tests.bare_text` shortens the list."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TEMPLATES = ROOT / "templates"
LIST = Path(__file__).with_name("bare_text_templates.txt")  # may only shrink

_TRANSLATED = re.compile(r"{%\s*blocktrans(?:late)?\b.*?{%\s*endblocktrans(?:late)?\s*%}", re.S)
_UNSEEN = re.compile(
    r"{#.*?#}|{%\s*comment\b.*?{%\s*endcomment\s*%}|<!--.*?-->|<(script|style|code|pre)\b.*?</\1>", re.S
)
_TAGS = re.compile(r"{%.*?%}|{{.*?}}", re.S)
_SPOKEN = re.compile(r"\b(?:alt|title|placeholder|aria-label|data-label|data-empty|content)=\"([^\"]*)\"")
_HTML = re.compile(r"<[^<>]*>", re.S)
_LETTERS = re.compile(r"[A-Za-z]{2,}")
# The same in every language, or no words at all.
_NAMES = re.compile(r"Mobility Portal|Census|CSV|PNG|PDF|SVG|JSON|API|GeoJSON|PowerPoint|Excel|Parquet|&\w+;")


def bare_text(template: str) -> list[str]:
    """Pieces of text that a reader sees or hears and no translator would find; [] for none.

    >>> bare_text('<p title="{% translate \\'Yes\\' %}">{% translate "No" %}</p><p>Maybe</p>')
    ['Maybe']
    """
    left = _TAGS.sub("\x00", _UNSEEN.sub(" ", _TRANSLATED.sub("\x00", template)))
    tags = _HTML.findall(left)
    spoken = [words for tag in tags if not _is_machine_only(tag) for words in _SPOKEN.findall(tag)]
    seen = re.split(r"[\x00\n]|\s{2,}", _HTML.sub("\n", left))
    found = (piece.strip() for piece in (*spoken, *seen))
    return [piece for piece in found if _LETTERS.search(_NAMES.sub("", piece.replace("\x00", " ")))]


def _is_machine_only(tag: str) -> bool:
    """A `content` of these is for machines; that of a description is for people."""
    return tag.startswith("<meta") and "description" not in tag


def templates_with_bare_text() -> set[str]:
    """Paths below templates/ with /."""
    return {
        path.relative_to(TEMPLATES).as_posix()
        for path in TEMPLATES.rglob("*.html")
        if bare_text(path.read_text(encoding="utf-8"))
    }


def listed() -> set[str]:
    return set(LIST.read_text(encoding="utf-8").split())


if __name__ == "__main__":
    kept = sorted(listed() & templates_with_bare_text())
    LIST.write_text("\n".join(kept) + "\n", encoding="utf-8")
    print(f"{len(kept)} templates with text outside gettext are left.")
