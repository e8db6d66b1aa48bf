"""The words in documents: read where nothing can be opened, found with their page, hostile files told apart."""

import io
import zipfile

import openpyxl
import pptx
import pytest
import typst
from django.core.files.base import ContentFile

from engagements import models
from engagements.finding.actions.documents import read_waiting_documents
from engagements.finding.files import text_of_file as reader
from engagements.finding.files.reasons import PROBLEMS, READ, say_what_is_found
from engagements.finding.files.text_of_file import text_of_file
from engagements.finding.queries.work import find_words, find_work
from engagements.permissions import Role
from tests.factories.engagements import NOW, EngagementFactory, everybody

_OFFICE = "application/vnd.openxmlformats-officedocument."
DOCX, PPTX, XLSX = (
    f"{_OFFICE}{name}" for name in ("wordprocessingml.document", "presentationml.presentation", "spreadsheetml.sheet")
)
PDF = typst.compile(b"#set page(width: 400pt, height: 200pt)\nFirst.\n#pagebreak()\nThe quagga lives here.")
_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def docx(body: str, before: str = "") -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr(
            "word/document.xml", f'{before}<w:document xmlns:w="{_W}"><w:body>{body}</w:body></w:document>'
        )
    return out.getvalue()


def paragraph(text: str) -> str:
    return f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"


def xlsx() -> bytes:
    book, out = openpyxl.Workbook(), io.BytesIO()
    book.active.title = "Budget"
    book.active.append(["Quagga feed", 1200, None])
    book.save(out)
    return out.getvalue()


def slides() -> bytes:
    shown, out = pptx.Presentation(), io.BytesIO()
    slide = shown.slides.add_slide(shown.slide_layouts[1])
    slide.shapes.title.text = "The quagga"
    slide.notes_slide.notes_text_frame.text = "Say it slowly."
    shown.save(out)
    return out.getvalue()


def read(tmp_path, content: bytes, media_type: str):
    path = tmp_path / "file"
    path.write_bytes(content)
    with path.open("rb") as stream:
        return text_of_file(stream, media_type)


def test_each_kind_gives_its_words_and_where_they_stand(tmp_path):
    for content, media_type, parts in (
        (PDF, "application/pdf", (("page 1", "First."), ("page 2", "The quagga lives here."))),
        (docx(paragraph("A quagga") + paragraph("Café")), DOCX, (("", "A quagga Café"),)),
        (slides(), PPTX, (("slide 1", "The quagga Say it slowly."),)),
        (xlsx(), XLSX, (("sheet Budget", "Quagga feed 1200"),)),
        ("Años".encode("cp1252"), "text/plain", (("", "Años"),)),
    ):
        assert read(tmp_path, content, media_type).parts == parts, media_type


LAUGHS = "<!DOCTYPE x [<!ENTITY a 'ha'>" + "".join(
    f"<!ENTITY {chr(98 + i)} '{f'&{chr(97 + i)};' * 10}'>" for i in range(9)
) + "]>"  # fmt: skip
OUTSIDE = "<!DOCTYPE x [<!ENTITY secret SYSTEM 'file:///etc/passwd'>]>"


@pytest.mark.parametrize(
    ("content", "media_type", "problem"),
    [
        (b"%PDF-1.7\n%%EOF\n", "application/pdf", "damaged"),
        (PDF[: len(PDF) // 2], "application/pdf", "damaged"),
        (b"", XLSX, "damaged"),
        (b"PK\x03\x04", PPTX, "damaged"),
        (docx(paragraph("&j;"), LAUGHS), DOCX, "damaged"),
        (docx("<w:p>" * 2_000), DOCX, "damaged"),
        (docx("", ""), DOCX, "empty"),
    ],
)
def test_hostile_and_broken_files_have_a_reason_and_no_words(tmp_path, content, media_type, problem):
    found = read(tmp_path, content, media_type)
    assert (found.problem, found.parts) == (problem, ()) and problem in PROBLEMS


def test_nothing_outside_the_file_is_read(tmp_path):
    found = read(tmp_path, docx(paragraph("x&secret;y"), OUTSIDE), DOCX)
    assert "root" not in "".join(text for _, text in found.parts)


def test_a_long_file_is_cut_and_says_so(tmp_path):
    found = read(tmp_path, b"many words " * 100_000, "text/plain")
    assert found.is_cut and 300 < len(found.parts) < 500 and all(len(text) <= 1_500 for _, text in found.parts)


@pytest.mark.parametrize("said", [b"", b"[]", b'{"parts": [1]}', b'{"problem": "<b>"}', b"null"])
def test_what_the_program_says_is_not_believed(said):
    assert reader._read(said).problem in PROBLEMS


@pytest.mark.django_db
def test_a_document_is_found_by_its_words_with_the_page_by_those_who_may_open_it():
    engagement = EngagementFactory()
    people = everybody(engagement)
    for level, content, media_type in (("team", PDF, "application/pdf"), ("all", b"%PDF-1.7", "application/pdf")):
        row = models.Document(
            engagement=engagement, title=f"Of {level}", original_name="a.pdf", media_type=media_type, size=len(content),
            sha256="0" * 64, visibility=level, uploaded_by=people[Role.LEAD], uploaded_at=NOW,
        )  # fmt: skip
        row.file.save("", ContentFile(content), save=True)
    assert read_waiting_documents(now=NOW) == 2 and read_waiting_documents(now=NOW) == 0, "each once"
    problems = dict(models.DocumentText.objects.values_list("document__visibility", "problem"))
    assert problems == {"team": "", "all": "damaged"}
    (hit,) = find_work(people[Role.EXPERT], find_words("quagga")).hits["document"]
    assert (hit.title, hit.ref) == ("Of team", "page 2") and "lives here" in hit.body
    assert find_work(people[Role.FUNDER], find_words("quagga")).hits == {}
    models.Document.objects.update(archived_at=NOW, archived_by=people[Role.LEAD])
    assert find_work(people[Role.EXPERT], find_words("quagga")).hits == {}


@pytest.mark.parametrize(
    ("media_type", "problem", "said"),
    [
        ("image/png", None, False),
        ("application/pdf", None, True),
        ("application/pdf", "", True),
        (DOCX, "locked", True),
    ],
)
def test_a_document_says_what_is_found_of_it(media_type, problem, said):
    assert bool(say_what_is_found(media_type, problem)) is said
    assert say_what_is_found("text/plain", "", is_cut=True) != say_what_is_found("text/plain", "")


def test_what_is_read_are_the_kinds_with_words():
    assert len(READ) == 6 and not any(media_type.startswith("image/") for media_type in READ)
