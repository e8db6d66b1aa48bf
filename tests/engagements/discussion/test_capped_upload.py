"""A file of 200 MB costs neither memory nor disk, and the rest of its form is still read."""

import tempfile
from pathlib import Path

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadhandler import load_handler
from django.http.multipartparser import MultiPartParser

from engagements.discussion.files.acceptance import accept
from engagements.discussion.files.capped_upload import MAX_BYTES

EDGE = "an-edge"


class Body:
    """A form of so many bytes, made while it is read."""

    def __init__(self, *sizes: int):
        self.parts = []
        for size in sizes:
            self.parts.append(iter([_field("file", "big.pdf"), *_chunks(size), b"\r\n"]))
        self.parts.append(iter([_field("title"), b"Typed\r\n", f"--{EDGE}--\r\n".encode()]))
        self.rest = b""

    def read(self, size=-1):
        while len(self.rest) < size and self.parts:
            found = next(self.parts[0], None)
            if found is None:
                self.parts.pop(0)
            else:
                self.rest += found
        given, self.rest = self.rest[:size], self.rest[size:]
        return given


def _field(name: str, filename: str = "") -> bytes:
    extra = f'; filename="{filename}"\r\nContent-Type: application/pdf' if filename else ""
    return f'--{EDGE}\r\nContent-Disposition: form-data; name="{name}"{extra}\r\n\r\n'.encode()


def _chunks(size: int):
    yield b"%PDF-"
    for _ in range(size // 1_000_000):
        yield bytes(1_000_000)


def parse(body: Body):
    meta = {"CONTENT_TYPE": f"multipart/form-data; boundary={EDGE}", "CONTENT_LENGTH": 10**9}
    handlers = [load_handler(path, None) for path in settings.FILE_UPLOAD_HANDLERS]
    return MultiPartParser(meta, body, handlers).parse()


@pytest.fixture
def folder(tmp_path, monkeypatch, settings):
    settings.FILE_UPLOAD_TEMP_DIR = str(tmp_path)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def size_of(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.iterdir())


def test_200_mb_leave_nothing_and_the_form_says_why(folder):
    fields, files = parse(Body(200_000_000))
    assert fields["title"] == "Typed"
    assert size_of(folder) == 0
    with pytest.raises(ValidationError, match="The file has 200 MB; at most 25 MB are taken"):
        accept(files["file"])
    files["file"].close()


def test_while_they_arrive_never_more_than_the_limit_lies_on_the_disk(folder):
    peak = 0
    body = Body(60_000_000)
    whole = body.read

    def read(size=-1):
        nonlocal peak
        peak = max(peak, size_of(folder))
        return whole(size)

    body.read = read
    _, files = parse(body)
    assert 0 < peak <= MAX_BYTES
    files["file"].close()


def test_many_files_share_the_limit(folder):
    _, files = parse(Body(*[20_000_000] * 4))
    sizes = [kept.seek(0, 2) for kept in files.getlist("file")]
    assert sizes == [20_000_005, 0, 0, 0]
    for kept in files.getlist("file"):
        kept.close()
