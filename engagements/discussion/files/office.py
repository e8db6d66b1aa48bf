"""Word, Excel and PowerPoint files: zip archives whose list of parts says what they are."""

import zipfile
import zlib
from typing import BinaryIO

from engagements.discussion.files.file_types import DOCX, NO_MACROS, PPTX, XLSX, FileType, refusal

MAX_PARTS = 5_000
MAX_UNPACKED = 300_000_000  # bytes; of a 25 MB file
_LIST = "[Content_Types].xml"
_MAIN = {
    b"wordprocessingml.document.main+xml": DOCX,
    b"spreadsheetml.sheet.main+xml": XLSX,
    b"presentationml.presentation.main+xml": PPTX,
}
_RUNS = ("vbaproject.bin", "vbadata.xml", "/activex/", "/macrosheets/")
NOT_OFFICE = "Archives are not taken: bring each document on its own."
DAMAGED = "The document is damaged: it can't be opened. Save it again and try again."
TOO_MUCH = "The document unpacks to more than is taken. Save it with smaller pictures and try again."


def recognize_office(content: BinaryIO) -> FileType:
    """Raises ValidationError for `file`: macros, another archive, a damaged or a swelling one."""
    content.seek(0)
    try:
        with zipfile.ZipFile(content) as archive:
            parts = archive.infolist()
            if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED:
                raise refusal(TOO_MUCH)
            names = [part.filename.lower() for part in parts]
            if _LIST.lower() not in names:
                raise refusal(NOT_OFFICE)
            with archive.open(_LIST) as part:
                types = part.read(1_000_000)
    except (zipfile.BadZipFile, zlib.error, KeyError, RuntimeError, NotImplementedError, EOFError, OSError) as damaged:
        raise refusal(DAMAGED) from damaged
    if b"macroenabled" in types.lower() or any(word in f"/{name}" for name in names for word in _RUNS):
        raise refusal(NO_MACROS)
    found = [kind for words, kind in _MAIN.items() if words in types]
    if len(found) != 1:
        raise refusal(NOT_OFFICE)
    return found[0]
