"""Names as people gave them, made harmless: for headers and pages; on the disk every file has a random name."""

import re
import unicodedata
from pathlib import PurePosixPath

LONGEST = 150
_UNWANTED = re.compile(r"""[<>:"'`|?*;&%$#{}=\\/]""")


def clean_name(name: str) -> str:
    """The last part of a path without control, direction and markup characters, its ending kept; “file” if all goes."""
    last = unicodedata.normalize("NFC", name).replace("\\", "/").rsplit("/", 1)[-1]
    visible = "".join(c for c in last if unicodedata.category(c)[0] != "C")
    plain = " ".join(_UNWANTED.sub("_", visible).split()).strip(". ")
    stem, ending = PurePosixPath(plain or "file").stem, PurePosixPath(plain or "file").suffix[:10]
    return stem[: LONGEST - len(ending)] + ending


def ending_of(name: str) -> str:
    """In lower case without the dot, or nothing."""
    return PurePosixPath(clean_name(name)).suffix[1:].lower()
