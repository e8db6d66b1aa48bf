"""Elements of the marks as text: everything escaped, positions in percent, no style attributes."""

from html import escape
from math import isfinite

Attribute = str | float | int | None


def percent(share: float) -> str:
    """A position of 0-1 along the width: .25 -> "25%", 1/3 -> "33.33%". ValueError unless finite."""
    if not isfinite(share):
        raise ValueError(f"A mark needs a finite position, not {share}.")
    return f"{round(share * 100, 2):g}%"


def shape(tag: str, css: str, /, **attributes: Attribute) -> str:
    """An element with a class; attributes that are None are left out, `_` becomes `-` (`class_` is not needed)."""
    said = "".join(
        f' {name.rstrip("_").replace("_", "-")}="{escape(f"{value:g}" if isinstance(value, float) else str(value))}"'
        for name, value in attributes.items()
        if value is not None
    )
    return f'<{tag} class="{css}"{said}/>'


def words_at(text: str, x: str, y: float, anchor: str = "middle", css: str = "m-text") -> str:
    """One line of text."""
    return f'<text class="{css}" x="{x}" y="{y:g}" text-anchor="{anchor}">{escape(text)}</text>'


def drawing(content: str, height: int, words: str, css: str = "mark") -> str:
    """The `<svg>` around: as wide as its cell; `words` say it to those who can't see it, "" hides it from them."""
    said = f'role="img" aria-label="{escape(words)}"' if words else 'aria-hidden="true"'
    return (
        f'<svg class="{css}" width="100%" height="{height}" overflow="visible" focusable="false" {said} '
        f'xmlns="http://www.w3.org/2000/svg">{content}</svg>'
    )
