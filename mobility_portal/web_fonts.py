"""The fonts of the pages, made from the installed font packages: Latin letters only, as woff2.

The license of both (SIL OFL 1.1) reserves the name "Source" for unchanged files, so the subsets have names of our own.
Documents embed the unchanged files: dashboards/exports/typeset.py.
"""

import hashlib
import os
import tempfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import font_source_sans_pro
import font_source_serif_pro
from fontTools import version as fonttools_version

# Latin-1, and of the punctuation beyond it what pages use: dashes, quotes, minus, arrows, comparisons, triangles.
LETTERS = (
    frozenset(range(0x20, 0x7F))
    | frozenset(range(0xA0, 0x100))
    | frozenset(map(ord, "‐‑–—‘’‚“”„†•…′″‹›−←↑→↓≤≥≈≠€™▲▼✓"))
)
FEATURES = ("kern", "tnum", "liga")


@dataclass(frozen=True)
class WebFont:
    """`file`: the unchanged TrueType file; `name`: what the subset is called inside."""

    file: Path
    name: str


_SANS, _SERIF = Path(font_source_sans_pro.font_directory), Path(font_source_serif_pro.font_directory)
# Name under static/ -> what it is made from.
WEB_FONTS = {
    "fonts/portal-sans-400.woff2": WebFont(_SANS / "SourceSansPro-Regular.ttf", "Portal Sans"),
    "fonts/portal-sans-600.woff2": WebFont(_SANS / "SourceSansPro-Semibold.ttf", "Portal Sans Semibold"),
    "fonts/portal-serif-600.woff2": WebFont(_SERIF / "SourceSerifPro-Semibold.ttf", "Portal Serif Semibold"),
}
LICENSES = {
    "fonts/sans/LICENSE.txt": _SANS / "LICENSE.txt",
    "fonts/serif/LICENSE.txt": _SERIF / "LICENSE.txt",
}


def font_file(name: str, folder: Path) -> Path:
    """The file of WEB_FONTS[name] in `folder`, made when it is not there yet; half a second each.

    Its folder is named after what it is made of, so a new version of a package gives a new file.
    """
    font = WEB_FONTS[name]
    made = folder / _version(font) / Path(name).name
    if not made.exists():
        made.parent.mkdir(parents=True, exist_ok=True)
        # Under another name first: two processes may make it at once, and none may read half of it.
        handle, path = tempfile.mkstemp(dir=made.parent, suffix=".part")
        os.close(handle)
        _write(font, path)
        os.replace(path, made)
    return made


@cache
def _version(font: WebFont) -> str:
    made_of = hashlib.sha256(font.file.read_bytes())
    made_of.update(repr((sorted(LETTERS), FEATURES, font.name, fonttools_version)).encode())
    return made_of.hexdigest()[:16]


def _write(font: WebFont, path: str) -> None:
    from fontTools import subset  # a tenth of a second that a server with collected files never needs

    options = subset.Options(
        flavor="woff2", hinting=False, layout_features=list(FEATURES), notdef_outline=True, name_IDs=[0, 13, 14]
    )
    with subset.load_font(str(font.file), options) as loaded:
        subsetter = subset.Subsetter(options)
        subsetter.populate(unicodes=LETTERS)
        subsetter.subset(loaded)
        for name_id in (1, 4, 16):
            loaded["name"].setName(font.name, name_id, 3, 1, 0x409)
        loaded["name"].setName(font.name.replace(" ", ""), 6, 3, 1, 0x409)
        subset.save_font(loaded, path, options)
    os.chmod(path, 0o644)
