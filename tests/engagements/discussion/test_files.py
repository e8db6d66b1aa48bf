"""What people bring: every bad file is refused in words, every photograph loses what it tells besides its pixels."""

import io
import zipfile
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from engagements.discussion.files.acceptance import accept, clean_name
from engagements.discussion.files.capped_upload import MAX_BYTES

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF\n"
SVG = b'<?xml version="1.0"?>\n<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
HEIC = (Path(__file__).parents[2] / "factories" / "photo.heic").read_bytes()  # 64 x 48, turned, with a place
CUT_HEIC = b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic" + bytes(100)
MAIN = "application/vnd.openxmlformats-officedocument.{}.main+xml"


def office(part: str = "wordprocessingml.document", *, content_type: str = "", extra: dict | None = None) -> bytes:
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", f'<Types><Override ContentType="{content_type or MAIN.format(part)}"/>')
        for name, content in (extra or {}).items():
            archive.writestr(name, content)
    return kept.getvalue()


def picture(form: str = "JPEG", size=(40, 20), **options) -> bytes:
    kept = io.BytesIO()
    Image.new("RGB", size, (200, 30, 30)).save(kept, form, **options)
    return kept.getvalue()


def plain_zip() -> bytes:
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w") as archive:
        archive.writestr("a.exe", "MZ")
    return kept.getvalue()


GOOD = {
    "report.pdf": (PDF, "application/pdf"),
    "map.png": (picture("PNG"), "image/png"),
    "site.JPG": (picture(), "image/jpeg"),
    "site.webp": (picture("WEBP"), "image/webp"),
    "rows.csv": ("city,count\nPeñasco,3\n".encode(), "text/csv"),
    "notes.txt": (b"We met on 3 May; 5 < 7 families came.", "text/plain"),
    "from windows.txt": ("Café – 3 people".encode("cp1252"), "text/plain"),
    "plan.docx": (office(), MAIN.format("wordprocessingml.document").removesuffix(".main+xml")),
    "sheet.xlsx": (office("spreadsheetml.sheet"), MAIN.format("spreadsheetml.sheet").removesuffix(".main+xml")),
    "talk.pptx": (
        office("presentationml.presentation"),
        MAIN.format("presentationml.presentation").removesuffix(".main+xml"),
    ),
}
BAD = {
    "empty.pdf": (b"", "empty"),
    "report.pdf": (picture("PNG"), "says .pdf, but this is a PNG picture"),
    "site.png": (PDF, "says .png, but this is a PDF"),
    "sheet.xlsx": (office(), "says .xlsx, but this is a Word document"),
    "notes.txt": (b"MZ\x90\x00\x03" + bytes(200), "not taken"),
    "tool.exe": (b"MZ\x90\x00\x03" + bytes(200), "not taken"),
    "words.exe": (b"only words", ".exe are not taken"),
    "drawing.svg": (SVG, "SVG drawings can carry scripts"),
    "drawing.txt": (SVG, "SVG drawings can carry scripts"),
    "drawing.png": (SVG, "SVG drawings can carry scripts"),
    "page.html": (b"<p>", "web page or a script"),
    "page.txt": (b"  <!DOCTYPE html><script>alert(1)</script>", "web page or a script"),
    "run.txt": (b"#!/bin/sh\nrm -rf /\n", "web page or a script"),
    "run.csv": (b"a,b\n<script>alert(1)</script>,2\n", "web page or a script"),
    "macros.docm": (office(), "macros"),
    "macros.docx": (office(extra={"word/vbaProject.bin": "x"}), "macros"),
    "renamed.xlsx": (office(content_type="application/vnd.ms-excel.sheet.macroEnabled.main+xml"), "macros"),
    "old.doc": (OLE, "Old or password-protected"),
    "locked.xlsx": (OLE, "Old or password-protected"),
    "things.zip": (plain_zip(), "Archives are not taken"),
    "cut.docx": (office()[:60], "damaged"),
    "cut.heic": (CUT_HEIC, "damaged"),
    "half.heic": (HEIC[: len(HEIC) // 2], "damaged"),
    "renamed.jpg": (HEIC, "says .jpg, but this is a HEIC picture"),
    "cut.jpg": (picture(size=(400, 400))[:300], "damaged"),
    "nameless": (PDF, "no ending"),
}


@pytest.mark.parametrize("name", GOOD)
def test_what_is_taken(name):
    content, media_type = GOOD[name]
    new = accept(SimpleUploadedFile(name, content))
    assert (new.media_type, new.original_name, new.visibility) == (media_type, name, "team")
    assert new.content.read(4)


@pytest.mark.parametrize("name", BAD)
def test_what_is_refused_says_why(name):
    content, words = BAD[name]
    with pytest.raises(ValidationError) as refused:
        accept(SimpleUploadedFile(name, content))
    assert words in refused.value.message_dict["file"][0]


def test_the_largest_file_is_taken_and_one_byte_more_is_not():
    assert accept(SimpleUploadedFile("a.pdf", PDF.ljust(MAX_BYTES, b"\n"))).content.size == MAX_BYTES
    with pytest.raises(ValidationError, match="at most 25 MB"):
        accept(SimpleUploadedFile("a.pdf", PDF.ljust(MAX_BYTES + 1, b"\n")))


def tagged(form: str) -> bytes:
    """40 wide, 20 high, taken with the camera held upright, in a place, by a named camera."""
    tags = Image.Exif()
    tags[0x0112], tags[0x010F], tags[0x8769] = 6, "A camera", {0x9286: "A comment"}
    tags[0x8825] = {1: "N", 2: (42.0, 19.0, 53.0), 3: "W", 4: (83.0, 2.0, 45.0)}
    return picture(form, exif=tags, **({"comment": b"A comment"} if form == "JPEG" else {}))


@pytest.mark.parametrize("form, ending", [("JPEG", "jpg"), ("PNG", "png"), ("WEBP", "webp")])
def test_a_photograph_loses_place_camera_and_comment_and_stands_upright(form, ending):
    before = tagged(form)
    assert Image.open(io.BytesIO(before)).getexif().get_ifd(0x8825)
    after = accept(SimpleUploadedFile(f"a.{ending}", before)).content.read()
    with Image.open(io.BytesIO(after)) as found:
        assert not found.getexif() and not {"exif", "comment", "icc_profile", "xmp"} & set(found.info)
        assert found.size == (20, 40)
        assert found.convert("RGB").getpixel((10, 20)) == pytest.approx((200, 30, 30), abs=8)
    assert b"A camera" not in after and b"A comment" not in after


def test_a_heic_photograph_becomes_a_jpeg_that_stands_upright_and_tells_no_place():
    assert b"SECRET CAMERA" in HEIC
    new = accept(SimpleUploadedFile("IMG_0042.HEIC", HEIC))
    after = new.content.read()
    assert (new.media_type, new.original_name, new.title) == ("image/jpeg", "IMG_0042.jpg", "IMG_0042.HEIC")
    assert new.original is None and b"SECRET CAMERA" not in after
    with Image.open(io.BytesIO(after)) as found:
        assert found.format == "JPEG" and found.size == (48, 64) and not found.getexif()
        assert {found.getpixel((24, y)) for y in (5,)} != {found.getpixel((24, y)) for y in (58,)}  # its two halves


def test_the_original_is_kept_only_where_it_is_asked_for():
    new = accept(SimpleUploadedFile("visit.heic", HEIC), keep_original=True, shows_people=True, has_consent=True)
    original = new.original
    assert original and original.content.read() == HEIC and original.media_type == "image/heic"
    assert (original.original_name, original.title) == ("visit.heic", "visit.heic (original)")
    assert (original.visibility, original.shows_people, original.has_consent) == ("team", True, True)
    assert accept(SimpleUploadedFile("report.pdf", PDF), keep_original=True).original is None


def test_what_hangs_behind_a_picture_is_gone():
    after = accept(SimpleUploadedFile("a.png", picture("PNG") + b"<script>alert(1)</script>")).content.read()
    assert b"script" not in after


def test_pictures_and_documents_that_swell_are_refused_unread():
    bomb = picture("PNG", size=(9_000, 9_000))
    assert len(bomb) < 400_000
    with pytest.raises(ValidationError, match="million pixels"):
        accept(SimpleUploadedFile("a.png", bomb))
    with pytest.raises(ValidationError, match="unpacks to more"):
        accept(SimpleUploadedFile("a.docx", office(extra={"word/a.xml": bytes(301_000_000)})))


@pytest.mark.parametrize(
    "given, kept",
    [
        ("../../etc/pass wd.txt", "pass wd.txt"),
        ("C:\\Users\\Ann\\plan.docx", "plan.docx"),
        ('<script>alert("1")</script>.pdf', "script_.pdf"),
        ("<img src=x onerror=alert(1)>.pdf", "_img src_x onerror_alert(1)_.pdf"),
        ("gnp.\u202eexe.pdf", "gnp.exe.pdf"),
        ("line\r\nSet-Cookie: a=b.pdf", "lineSet-Cookie_ a_b.pdf"),
        ("nul\x00l.pdf", "null.pdf"),
        (".htaccess", "htaccess"),
        ("...", "file"),
        ("Peñasco – plan.pdf", "Peñasco – plan.pdf"),
        ("a" * 300 + ".pdf", "a" * 146 + ".pdf"),
    ],
)
def test_names_are_made_harmless(given, kept):
    assert clean_name(given) == kept
