"""Text of SVG elements: everything escaped, numbers short, control characters gone."""

import math
import re
from html import escape

# What XML 1.0 forbids: control characters but tab, newline and return; lone surrogates; two non-characters.
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


def clean(text: object) -> str:
    """Text without characters that XML forbids."""
    return _FORBIDDEN.sub("", str(text))


def number(value: float) -> str:
    """A length or position to a tenth of a pixel: 12.0 -> "12", -0.04 -> "0". ValueError unless finite."""
    if not math.isfinite(value):
        raise ValueError(f"A drawing needs finite positions, not {value}.")
    text = f"{value:.1f}".removesuffix(".0")
    return "0" if text == "-0" else text


def element(tag: str, content: str | None = None, /, **attributes: object) -> str:
    """One element; attributes that are None are left out, `_` in their names becomes `-`, floats are shortened.

    `content` must be SVG already.
    """
    words = [f"<{tag}"]
    for name, value in attributes.items():
        if value is not None:
            said = number(value) if isinstance(value, float) else clean(value)
            words.append(f' {name.rstrip("_").replace("_", "-")}="{escape(said)}"')
    words.append("/>" if content is None else f">{content}</{tag}>")
    return "".join(words)


def path_of(points: list[tuple[float, float]], *, closed: bool = False) -> str:
    """Path data of one line; points that fall on the one before, at a tenth of a pixel, are left out."""
    words: list[str] = []
    for x, y in points:
        word = f"{number(x)},{number(y)}"
        if not words or words[-1] != word:
            words.append(word)
    return f"M{'L'.join(words)}{'Z' if closed else ''}" if words else ""
