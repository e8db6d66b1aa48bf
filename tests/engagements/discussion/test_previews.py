"""Previews of documents: drawn where nothing can be opened, for whom the document is, with a reason where none is."""

import io
import subprocess
import sys

import pytest
import typst
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from PIL import Image

from engagements.discussion.actions.documents import add_document, archive_document
from engagements.discussion.actions.previews import make_missing_previews
from engagements.discussion.files.acceptance import accept
from engagements.discussion.files.file_types import FILE_TYPES
from engagements.discussion.previews import draw_page, drawing
from engagements.discussion.previews.drawing import draw_preview
from engagements.discussion.previews.reasons import KINDS, SHOWN, kind_of, reason_without
from engagements.models import DocumentPreview
from engagements.permissions import Role
from tests.engagements.discussion.discussion import as_, house
from tests.engagements.discussion.test_downloads import READERS
from tests.engagements.discussion.test_files import HEIC, picture, tagged
from tests.factories.engagements import NOW

ONE_PAGE = typst.compile(b'#set page(width: 400pt, height: 200pt)\nA page of "paper".')
BOMB = picture("PNG", (9000, 9000))  # 81 million pixels in some kilobytes
SVG = b"<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'><script>alert(1)</script></svg>"
POLYGLOT = b"%PDF-1.7\n<script>alert(1)</script>\n%%EOF\n"
LOOP = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 1 0 R/Kids[1 0 R]/Count 9>>endobj\ntrailer<</Root 1 0 R>>\n"


def drawn(tmp_path, content: bytes, media_type: str):
    path = tmp_path / "file"
    path.write_bytes(content)
    with path.open("rb") as stream:
        return draw_preview(stream, media_type)


def test_the_first_page_of_a_pdf_and_pictures_come_out_small_and_as_pixels_only(tmp_path):
    for content, media_type, size in (
        (ONE_PAGE, "application/pdf", (1400, 700)),
        (picture("JPEG", (2800, 700)), "image/jpeg", (1400, 350)),
        (picture("PNG", (40, 20)), "image/png", (40, 20)),
        (picture("WEBP", (40, 20)), "image/webp", (40, 20)),
        (HEIC, "image/heic", (48, 64)),
    ):
        made = drawn(tmp_path, content, media_type)
        assert (made.problem, made.width, made.height) == ("", *size), media_type
        with Image.open(io.BytesIO(made.large)) as large, Image.open(io.BytesIO(made.small)) as small:
            assert large.format == small.format == "WEBP" and large.size == size and max(small.size) <= 360
    described = drawn(tmp_path, tagged("JPEG"), "image/jpeg")
    assert b"A camera" not in described.large + described.small and b"EXIF" not in described.large + described.small


def test_every_kind_that_is_taken_has_a_name():
    assert {kind.media_type for kind in FILE_TYPES} == set(KINDS) > set(SHOWN)


@pytest.mark.parametrize(
    ("content", "media_type", "problem"),
    [
        (BOMB, "image/png", "pixels"),
        (b"%PDF-1.7\n%%EOF\n", "application/pdf", "damaged"),
        (ONE_PAGE[: len(ONE_PAGE) // 2], "application/pdf", "damaged"),
        (LOOP, "application/pdf", "damaged"),
        (POLYGLOT, "application/pdf", "damaged"),
        (SVG, "image/png", "damaged"),
        (picture("PNG")[:-30], "image/png", "damaged"),
        (picture("PNG"), "image/jpeg", "damaged"),  # only the format the document was taken as is tried
        (b"", "image/webp", "damaged"),
    ],
)
def test_hostile_and_broken_files_have_a_reason_and_no_preview(tmp_path, content, media_type, problem):
    made = drawn(tmp_path, content, media_type)
    assert (made.problem, made.large, made.small) == (problem, b"", b"")
    assert reason_without(media_type, problem)


def test_the_program_that_draws_may_open_neither_file_nor_socket():
    probe = """
import importlib.util, socket, sys
spec = importlib.util.spec_from_file_location("draw_page", sys.argv[1])
program = importlib.util.module_from_spec(spec)
spec.loader.exec_module(program)
program.confine()
for act in (lambda: socket.socket(), lambda: open("/etc/hosts"), lambda: open("/tmp/made", "w")):
    try:
        act()
        print("opened")
    except OSError:
        print("refused")
"""
    found = subprocess.run(
        [sys.executable, "-c", probe, draw_page.__file__], capture_output=True, text=True, check=True
    )
    assert found.stdout.split() == ["refused"] * 3


def test_what_takes_too_long_or_says_nonsense_is_given_up(tmp_path, monkeypatch):
    slow, liar = tmp_path / "slow.py", tmp_path / "liar.py"
    slow.write_text("import time; time.sleep(60)")
    liar.write_text("""print('{"width": 5, "height": 5, "sizes": [4, 4]}'); print("<svg/>")""")
    monkeypatch.setattr(drawing, "SECONDS", 0.3)
    monkeypatch.setattr(drawing, "_PROGRAM", slow)
    assert drawn(tmp_path, ONE_PAGE, "application/pdf").problem == "too_long"
    monkeypatch.setattr(drawing, "SECONDS", 20)
    monkeypatch.setattr(drawing, "_PROGRAM", liar)
    assert drawn(tmp_path, ONE_PAGE, "application/pdf").problem == "damaged"


def bring(engagement, by, name="plan.pdf", content=ONE_PAGE, visibility="team", title=""):
    new = accept(SimpleUploadedFile(name, content), visibility=visibility, title=title)
    return add_document(engagement=engagement.pk, file=new, by=by, now=NOW)


@pytest.mark.django_db
def test_the_worker_draws_each_once_and_keeps_why_it_could_not():
    here, _, people, _ = house()
    made, broken = (bring(here, people[Role.LEAD], content=content) for content in (ONE_PAGE, POLYGLOT))
    lost, text = bring(here, people[Role.LEAD]), bring(here, people[Role.LEAD], "a.txt", b"Words")
    lost.file.storage.delete(lost.file.name)
    archived = bring(here, people[Role.LEAD])
    archive_document(document=archived.pk, expected_version=1, by=people[Role.LEAD], now=NOW, why="Twice")
    assert make_missing_previews(now=NOW) == 3
    assert make_missing_previews(now=NOW) == 0
    kept = dict(DocumentPreview.objects.values_list("document", "problem"))
    assert kept == {made.pk: "", broken.pk: "damaged", lost.pk: "lost"} and text.pk not in kept
    with pytest.raises(IntegrityError), transaction.atomic():
        DocumentPreview.objects.filter(document=made).update(large="")


def opens(person, address: str) -> bool:
    answer = as_(person).get(address)
    if answer.streaming:
        b"".join(answer.streaming_content)  # closes the file
    return answer.status_code == 200


@pytest.mark.django_db
@pytest.mark.parametrize("level", READERS)
def test_a_preview_is_for_whom_the_document_is_as_a_picture_that_runs_nothing(level):
    here, _, people, others = house()
    made = bring(here, people[Role.LEAD], visibility=level)
    url, page = f"/documents/{made.pk}/preview.webp", f"/documents/{made.pk}/about/"
    assert as_(people[Role.LEAD]).get(url).status_code == 404  # not drawn yet
    assert "being made" in as_(people[Role.LEAD]).get(page).content.decode()
    make_missing_previews(now=NOW)
    for address in (url, f"/documents/{made.pk}/preview-small.webp", page):
        assert {role for role, person in people.items() if opens(person, address)} == READERS[level]
        assert as_(others[Role.LOCAL_PARTNER]).get(address).status_code == 404
    answer = as_(people[Role.LEAD]).get(url)
    assert b"".join(answer.streaming_content)[8:12] == b"WEBP"
    assert answer["Content-Type"] == "image/webp" and answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Disposition"].startswith("inline") and answer["Cache-Control"] == "private, no-store"
    assert answer["Content-Security-Policy"].startswith("sandbox; default-src 'none'")
    archive_document(document=made.pk, expected_version=1, by=people[Role.LEAD], now=NOW, why="Wrong")
    assert as_(people[Role.LEAD]).get(url).status_code == 404


@pytest.mark.django_db
def test_lists_show_the_preview_by_its_title_or_kind_size_and_reason():
    here, _, people, _ = house()
    shown = bring(here, people[Role.LEAD], title='The "big" <plan>')
    other = bring(here, people[Role.LEAD], "a.txt", b"Words")
    make_missing_previews(now=NOW)
    page = as_(people[Role.ADVISER]).get(f"/engagements/{here.slug}/documents/").content.decode()
    assert f'src="/documents/{shown.pk}/preview-small.webp"' in page
    assert 'alt="Preview of The &quot;big&quot; &lt;plan&gt;"' in page
    assert f"/documents/{other.pk}/preview" not in page and kind_of("text/plain") in page
    assert str(reason_without("text/plain", None)) in page
