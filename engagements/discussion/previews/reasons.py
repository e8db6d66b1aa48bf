"""Which documents have a picture of themselves, and why the others have none."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

# Media type: what its decoder is called. Only what is read without running anything: no SVG, no HTML, no office files.
SHOWN = {
    "application/pdf": "pdf",
    "image/png": "png",
    "image/jpeg": "jpeg",
    "image/webp": "webp",
    "image/heic": "heif",
}
_OFFICE = "application/vnd.openxmlformats-officedocument."
KINDS: dict[str, Promise] = {
    "application/pdf": _("PDF"),
    "image/png": _("PNG picture"),
    "image/jpeg": _("JPEG picture"),
    "image/webp": _("WebP picture"),
    "image/heic": _("HEIC picture"),
    "text/csv": _("CSV table"),
    "text/plain": _("Plain text"),
    f"{_OFFICE}wordprocessingml.document": _("Word document"),
    f"{_OFFICE}spreadsheetml.sheet": _("Excel workbook"),
    f"{_OFFICE}presentationml.presentation": _("PowerPoint presentation"),
}

DAMAGED, TOO_MANY_PIXELS, TOO_MANY_PAGES, LOCKED, TOO_LONG, LOST = (
    "damaged",
    "pixels",
    "pages",
    "locked",
    "too_long",
    "lost",
)
PROBLEMS: dict[str, Promise] = {
    DAMAGED: _("The file can’t be read as what its name says, so there is no preview. It may be damaged."),
    TOO_MANY_PIXELS: _("The picture has more than 50 million pixels, so there is no preview."),
    TOO_MANY_PAGES: _("The PDF has more than 5,000 pages, so there is no preview."),
    LOCKED: _("The PDF asks for a password, so there is no preview."),
    TOO_LONG: _("Drawing a preview took too long or too much memory, so there is none."),
    LOST: _("The bytes of this file are no longer on the disk. Ask the person who uploaded it for a copy."),
}
WAITING = _("The preview is being made. Open this page again in a minute.")
NOT_THIS_KIND = _("Files of this kind have no preview. Download it to read it.")


def kind_of(media_type: str) -> str:
    """PDF, Word document, JPEG picture, Plain text."""
    return str(KINDS.get(media_type, _("File")))


def reason_without(media_type: str, problem: str | None) -> Promise | str:
    """Why a document shows no preview; "" for one that has. `problem`: of its row, None while there is no row."""
    if media_type not in SHOWN:
        return NOT_THIS_KIND
    if problem is None:
        return WAITING
    return PROBLEMS[problem] if problem else ""
