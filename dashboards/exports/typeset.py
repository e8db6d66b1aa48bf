"""Documents by typst: our own source, the data beside it as JSON, nothing of a user in the source.

Text reaches the document as strings, which typst prints letter by letter: `#read("/etc/passwd")` in a
neighborhood's name is eleven words on paper. The compiler sees one empty folder and no system fonts.
"""

import json
import tempfile
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

import font_source_sans_pro
import font_source_serif_pro
import typst

from dashboards.exports.svg.elements import clean

_SOURCES = Path(__file__).parent / "typst"


@lru_cache(maxsize=1)
def _fonts() -> typst.Fonts:
    """Source Sans Pro and Source Serif Pro from their packages; typst's own fonts for letters they lack."""
    folders: list[str] = [font_source_sans_pro.font_directory, font_source_serif_pro.font_directory]
    return typst.Fonts(include_system_fonts=False, font_paths=folders)


@lru_cache(maxsize=8)
def _source(name: str) -> bytes:
    return (_SOURCES / f"{name}.typ").read_bytes()


def typeset(
    name: str,
    data: dict[str, Any],
    output: Literal["pdf", "png", "svg"],
    *,
    at: datetime | None = None,
    ppi: float = 144,
) -> list[bytes]:
    """Pages of the document `typst/<name>.typ` (a PDF is one file); `data` holds plain lists, dicts, text, numbers.

    PDFs keep to PDF/UA-1: tagged, titled, every figure with words for those who do not see it.
    `at` is the moment the PDF says it was made: the same data and moment give the same bytes.
    Raises typst.TypstError when the source does not compile.
    """
    source: Any = _source(name)  # bytes: typst takes them, its types want text as soon as `root` is text
    with tempfile.TemporaryDirectory() as root:
        made: bytes | list[bytes] = typst.compile(
            source,
            root=root,
            font_paths=_fonts(),
            format=output,
            ppi=ppi,
            timestamp=at,
            pdf_standards=["ua-1"] if output == "pdf" else [],
            sys_inputs={"data": json.dumps(_clean(data))},
        )
    return made if isinstance(made, list) else [made]


def _clean(part: Any) -> Any:
    if isinstance(part, str):
        return clean(part)
    if isinstance(part, dict):
        return {key: _clean(value) for key, value in part.items()}
    return [_clean(value) for value in part] if isinstance(part, list | tuple) else part
