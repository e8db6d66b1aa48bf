"""What a file is by its bytes: one of the kinds we take, or a reason why not."""

import re
from typing import BinaryIO

import puremagic

from engagements.discussion.files.file_types import (
    ACCEPTED,
    CSV,
    HEIC,
    JPEG,
    NO_OLD_OFFICE,
    NO_SCRIPT,
    NO_SVG,
    PDF,
    PNG,
    TEXT,
    WEBP,
    FileType,
    refusal,
)
from engagements.discussion.files.office import recognize_office

_HEAD = 4096
_MARKUP = re.compile(
    r"<\s*(?:!doctype|html|head|body|script|iframe|object|embed|style|meta|link|svg|img|\?xml|\?php)\b|<\?(?:xml|php|=)",
    re.IGNORECASE,
)
_SVG = re.compile(r"<\s*(?:\w+:)?svg\b", re.IGNORECASE)
_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
_HEIC_BRANDS = (b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis", b"mif1", b"msf1")


def recognize(content: BinaryIO, ending: str) -> FileType:
    """`ending` only tells a table from other text. Leaves `content` anywhere. Raises ValidationError for `file`."""
    content.seek(0)
    head = content.read(_HEAD)
    if head.startswith(b"%PDF-"):
        return PDF
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return PNG
    if head.startswith(b"\xff\xd8\xff"):
        return JPEG
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return WEBP
    if head.startswith(b"PK\x03\x04"):
        return recognize_office(content)
    if head.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        raise refusal(NO_OLD_OFFICE)
    if head[4:8] == b"ftyp" and head[8:12] in _HEIC_BRANDS:
        return HEIC
    return _text(content, head, ending)


def _text(content: BinaryIO, head: bytes, ending: str) -> FileType:
    content.seek(0)
    whole = content.read()
    try:
        words = whole.decode("utf-8-sig")
    except UnicodeDecodeError:
        words = whole.decode("cp1252", errors="replace")
    if _CONTROLS.search(words) or words.count("\ufffd") > 0:
        raise refusal(f"This is {_guess(head)}, which is not taken. Bring {ACCEPTED}.")
    if _SVG.search(words[:_HEAD]):
        raise refusal(NO_SVG)
    if words.startswith("#!") or _MARKUP.search(words[:_HEAD]):
        raise refusal(NO_SCRIPT)
    return CSV if ending == "csv" else TEXT


def _guess(head: bytes) -> str:
    """For the refusal only."""
    try:
        found = puremagic.magic_string(head)
    except (puremagic.PureError, ValueError):
        return "a file of an unknown type"
    return f"a file of the type {found[0].extension.lstrip('.') or found[0].name}"
