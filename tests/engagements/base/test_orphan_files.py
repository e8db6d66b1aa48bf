"""A file that no row names goes, after days; one that a row names stays, and so does everything else in the folder."""

import errno
import os
from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.utils import timezone

from engagements.base.orphan_files import OLD_ENOUGH, delete_orphan_files
from engagements.discussion.actions import documents
from engagements.discussion.actions.documents import NewFile, add_document
from engagements.models import Document
from engagements.models.documents import document_storage
from engagements.permissions import Role
from tests.factories.engagements import everybody, pair

pytestmark = pytest.mark.django_db


@pytest.fixture
def folder(settings, tmp_path, monkeypatch):
    settings.DOCUMENTS_DIR = tmp_path
    monkeypatch.setattr(Document._meta.get_field("file"), "storage", document_storage())
    return tmp_path


def bring(words: bytes = b"words"):
    here, _ = pair()
    file = NewFile(ContentFile(words, name="a.txt"), "a.txt", "text/plain")
    return add_document(engagement=here.pk, file=file, by=everybody(here)[Role.LEAD], now=timezone.now())


def make_old(folder):
    at = (timezone.now() - OLD_ENOUGH - timedelta(hours=1)).timestamp()
    for path in folder.rglob("*"):
        os.utime(path, (at, at))


def files(folder) -> int:
    return sum(path.is_file() for path in folder.rglob("*"))


def test_what_a_killed_process_left_goes_after_two_days(folder, monkeypatch):
    kept = bring()

    class Killed(BaseException):
        pass

    def killed(*_asked, **_more):
        raise Killed

    with monkeypatch.context() as patched:  # after the row was written, before it was committed
        patched.setattr(documents, "add_activity", killed)
        with pytest.raises(Killed):
            bring(b"others")
    (folder / "README").write_text("not ours")
    assert files(folder) == 3 and Document.objects.count() == 1
    assert delete_orphan_files(now=timezone.now()) == 0  # too young
    make_old(folder)
    assert delete_orphan_files(now=timezone.now()) == 1
    assert files(folder) == 2
    with kept.file.open("rb") as file:
        assert file.read() == b"words"
    assert delete_orphan_files(now=timezone.now()) == 0


def test_a_file_that_a_full_disk_cut_off_is_not_kept(folder):
    class CutOff(ContentFile):
        def chunks(self, chunk_size=None):
            yield b"the first half"
            raise OSError(errno.ENOSPC, "No space left on device")

    with pytest.raises(OSError):
        document_storage().save(f"ab/{1:032x}", CutOff(b"x" * 99))
    assert files(folder) == 0


def test_files_of_another_database_are_left_alone(folder, caplog):
    for n in range(30):
        document_storage().save(f"ab/{n:032x}", ContentFile(b"x"))
    make_old(folder)
    assert delete_orphan_files(now=timezone.now()) == 0 and files(folder) == 30
    assert any(record.levelname == "ERROR" for record in caplog.records)


def test_an_empty_home_has_none(settings, tmp_path):
    settings.DOCUMENTS_DIR = tmp_path / "never"
    assert delete_orphan_files(now=timezone.now()) == 0
