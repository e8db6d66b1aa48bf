"""A program of its own: reads one untrusted file from its standard input and writes the words in it.

Like `engagements/discussion/previews/draw_page.py` it imports nothing of the portal, gets none of its environment and,
before it looks at the first byte, gives up the right to open anything.

Output: a line of JSON. {"parts": [[place, text], ...], "is_cut": whether there is more} or {"problem": one of the names
in `reasons.PROBLEMS`}. A place is "page 3", "slide 3", "sheet Budget" or "".
"""

import codecs
import io
import json
import re
import resource
import struct
import sys
import zipfile
import zlib
from collections.abc import Iterator

import openpyxl
import openpyxl.reader.excel
import pptx
import pptx.exc
import pypdfium2 as pdfium
from lxml import etree

SECONDS = 20  # of a processor
MEMORY = 1_200_000_000  # bytes of addresses
OUTPUT = 8_000_000  # bytes
INPUT = 25_000_000
PAGES = 1_000  # pages, slides, sheets
LETTERS = 500_000  # of all parts together: some 80,000 words
OF_A_PART = 1_500
CELLS = 200_000  # of a workbook
XML = 60_000_000  # bytes of one part of an office file, unpacked
_BROKEN = (
    OSError,
    ValueError,
    SyntaxError,
    EOFError,
    struct.error,
    LookupError,
    TypeError,
    AttributeError,
    RuntimeError,
    NotImplementedError,
    zipfile.BadZipFile,
    zlib.error,
    etree.XMLSyntaxError,
    pdfium.PdfiumError,
    pptx.exc.PythonPptxError,
)
_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


class Problem(Exception):
    """`args[0]`: its name."""


def confine() -> None:
    """From here on this process can neither open nor start anything, nor grow. Not to be undone."""
    for encoding in ("utf-8-sig", "cp1252", "utf-16", "utf-16-le", "utf-16-be", "cp437", "latin-1"):
        codecs.lookup(encoding)  # loaded before the door closes
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_FSIZE, (OUTPUT, OUTPUT))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (3, 3))


def read(content: bytes, kind: str) -> Iterator[tuple[str, str]]:
    """(place, text) one after another. Raises Problem."""
    try:
        yield from {"pdf": _pdf, "docx": _docx, "pptx": _pptx, "xlsx": _xlsx, "txt": _txt}[kind](content)
    except MemoryError as full:
        raise Problem("too_long") from full
    except _BROKEN as broken:
        raise Problem("damaged") from broken


def _pdf(content: bytes) -> Iterator[tuple[str, str]]:
    try:
        document = pdfium.PdfDocument(content)
    except pdfium.PdfiumError as broken:
        raise Problem("locked" if "password" in str(broken).lower() else "damaged") from broken
    for number in range(min(len(document), PAGES)):
        page = document[number]
        text = page.get_textpage()
        yield f"page {number + 1}", text.get_text_bounded()
        text.close()
        page.close()


def _docx(content: bytes) -> Iterator[tuple[str, str]]:
    """Paragraphs of the text, its tables, notes and comments, in the order of the file."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        names = ("word/document.xml", "word/footnotes.xml", "word/endnotes.xml", "word/comments.xml")
        for name in names:
            if name not in archive.namelist():
                continue
            with archive.open(name) as part:
                whole = part.read(XML + 1)
            if len(whole) > XML:
                raise Problem("too_long")
            # No entity is resolved and nothing is fetched.
            walk = etree.iterparse(
                io.BytesIO(whole), tag=f"{_WORD}p", resolve_entities=False, no_network=True, load_dtd=False
            )
            lines: list[str] = []
            for _, paragraph in walk:
                lines.append("".join(_letters(paragraph)))
                paragraph.clear()
                if sum(map(len, lines[-200:])) > OF_A_PART:
                    yield "", "\n".join(lines)
                    lines = []
            yield "", "\n".join(lines)


def _letters(paragraph: etree._Element) -> Iterator[str]:
    for node in paragraph.iter(f"{_WORD}t", f"{_WORD}tab", f"{_WORD}br"):
        yield node.text or "" if node.tag == f"{_WORD}t" else " "


def _pptx(content: bytes) -> Iterator[tuple[str, str]]:
    slides = pptx.Presentation(io.BytesIO(content)).slides
    for number, slide in enumerate(slides, 1):
        if number > PAGES:
            return
        texts = [text for shape in slide.shapes for text in _shape(shape)]
        if slide.has_notes_slide and slide.notes_slide.notes_text_frame is not None:
            texts.append(slide.notes_slide.notes_text_frame.text)
        yield f"slide {number}", "\n".join(filter(None, texts))


def _shape(shape, depth: int = 0) -> Iterator[str]:
    if depth < 20 and hasattr(shape, "shapes"):
        for inner in shape.shapes:
            yield from _shape(inner, depth + 1)
    if shape.has_text_frame:
        yield shape.text_frame.text
    if getattr(shape, "has_table", False):
        yield from (cell.text for row in shape.table.rows for cell in row.cells)


def _xlsx(content: bytes) -> Iterator[tuple[str, str]]:
    book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
    left = CELLS
    for sheet in book.worksheets[:PAGES]:
        lines: list[str] = []
        for row in sheet.iter_rows(values_only=True):
            left -= len(row)
            if left < 0:
                break
            line = " ".join(str(cell) for cell in row if cell is not None)
            if line:
                lines.append(line)
            if len(lines) >= 40:
                yield f"sheet {sheet.title}", "\n".join(lines)
                lines = []
        yield f"sheet {sheet.title}", "\n".join(lines)


def _txt(content: bytes) -> Iterator[tuple[str, str]]:
    try:
        yield "", content.decode("utf-8-sig")
    except UnicodeDecodeError:
        yield "", content.decode("cp1252", errors="replace")


_UNWRITTEN = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\ufffe\uffff\ufffd]")


def split(text: str) -> Iterator[str]:
    """Parts of at most OF_A_PART letters, at spaces where there are some, without what no database keeps."""
    clean = " ".join(_UNWRITTEN.sub(" ", text).split())
    while len(clean) > OF_A_PART:
        at = clean.rfind(" ", OF_A_PART // 2, OF_A_PART)
        at = at if at > 0 else OF_A_PART
        yield clean[:at]
        clean = clean[at:].lstrip()
    if clean:
        yield clean


def collect(content: bytes, kind: str) -> dict[str, object]:
    """What is written out. What was read before a problem is kept."""
    parts: list[tuple[str, str]] = []
    left = LETTERS
    problem, is_cut = "", False
    try:
        for place, text in read(content, kind):
            is_cut = len(text) > left
            for part in split(text[:left]):
                parts.append((place[:60], part))
                left -= len(part)
            if is_cut or left <= 0:
                is_cut = True
                break
    except Problem as found:
        problem = found.args[0]
    if problem and not parts:
        return {"problem": problem}
    return {"parts": parts, "is_cut": is_cut or bool(problem)}


def main(kind: str) -> None:
    confine()
    content = sys.stdin.buffer.read(INPUT + 1)
    try:
        said = {"problem": "too_long"} if len(content) > INPUT else collect(content, kind)
        written = json.dumps(said)
    except (MemoryError, RecursionError):
        written = json.dumps({"problem": "too_long"})
    sys.stdout.write(written + "\n")


if __name__ == "__main__":
    main(sys.argv[1])
