"""What is taken, under which endings, and why some things are not."""

from dataclasses import dataclass

from django.core.exceptions import ValidationError


@dataclass(frozen=True)
class FileType:
    """`words`: with its article, for sentences."""

    name: str
    words: str
    endings: tuple[str, ...]
    media_type: str

    @property
    def is_image(self) -> bool:
        return self.media_type.startswith("image/")


_OFFICE = "application/vnd.openxmlformats-officedocument."
PDF = FileType("pdf", "a PDF", ("pdf",), "application/pdf")
PNG = FileType("png", "a PNG picture", ("png",), "image/png")
JPEG = FileType("jpeg", "a JPEG picture", ("jpg", "jpeg", "jpe", "jfif"), "image/jpeg")
WEBP = FileType("webp", "a WebP picture", ("webp",), "image/webp")
HEIC = FileType("heif", "a HEIC picture", ("heic", "heif"), "image/heic")  # of iPhones; kept as JPEG
CSV = FileType("csv", "a CSV table", ("csv",), "text/csv")
TEXT = FileType("txt", "plain text", ("txt",), "text/plain")
DOCX = FileType("docx", "a Word document", ("docx",), _OFFICE + "wordprocessingml.document")
XLSX = FileType("xlsx", "an Excel workbook", ("xlsx",), _OFFICE + "spreadsheetml.sheet")
PPTX = FileType("pptx", "a PowerPoint presentation", ("pptx",), _OFFICE + "presentationml.presentation")
FILE_TYPES = (PDF, PNG, JPEG, WEBP, HEIC, CSV, TEXT, DOCX, XLSX, PPTX)
BY_ENDING = {ending: kind for kind in FILE_TYPES for ending in kind.endings}

ACCEPTED = "PDF, PNG, JPEG, HEIC, WebP, CSV, TXT, DOCX, XLSX or PPTX"
NO_SVG = "SVG drawings can carry scripts and are not taken. Save the drawing as PNG or PDF and choose that file."
NO_MACROS = "Office files with macros can run programs and are not taken. Save it without macros (DOCX, XLSX, PPTX)."
NO_OLD_OFFICE = (
    "Old or password-protected Office files are not taken. Save it as DOCX, XLSX or PPTX without a password."
)
CHOOSE = ".pdf,.png,.jpg,.jpeg,.heic,.heif,.webp,.csv,.txt,.docx,.xlsx,.pptx"  # what a browser's dialog offers
NO_SCRIPT = "This is a web page or a script, whatever its name says. Bring it as PDF or plain words."
REASONS = {
    **dict.fromkeys(("svg", "svgz"), NO_SVG),
    **dict.fromkeys(("docm", "dotm", "xlsm", "xltm", "xlsb", "pptm", "potm", "ppsm", "ppam", "xlam"), NO_MACROS),
    **dict.fromkeys(("doc", "xls", "ppt", "dot", "xlt", "pps"), NO_OLD_OFFICE),
    **dict.fromkeys(("html", "htm", "xhtml", "js", "mjs", "php", "sh", "bat", "cmd", "ps1", "py", "vbs"), NO_SCRIPT),
}


def refusal(words: str) -> ValidationError:
    """For the field `file` of a form."""
    return ValidationError({"file": words})
