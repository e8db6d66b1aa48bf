"""Files that nobody kept go after half a day, however many there are, and count in the quota while they wait."""

import os
from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.utils import timezone

from engagements.base.orphan_files import delete_orphan_files
from engagements.base.quotas import QuotaReached, check_document
from engagements.base.waiting_files import LIFETIME, bytes_waiting, delete_expired_waiting, hold_waiting
from engagements.models.documents import document_storage
from engagements.tasks import delete_orphans
from tests.factories.engagements import EngagementFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.DOCUMENTS_DIR = tmp_path
    return tmp_path


def make_old(folder, by: timedelta):
    at = (timezone.now() - by).timestamp()
    for path in folder.rglob("*"):
        os.utime(path, (at, at))


def test_it_goes_after_twelve_hours_and_not_before():
    name = hold_waiting(b"words", 7)
    now = timezone.now()
    assert delete_expired_waiting(now=now + LIFETIME - timedelta(minutes=1)) == 0
    assert document_storage().exists(name)
    assert delete_expired_waiting(now=now + timedelta(hours=12, minutes=1)) == 1
    assert not document_storage().exists(name)


def test_thirty_go_though_the_sweep_of_files_without_a_row_stops_at_so_many(folder):
    for _ in range(30):
        hold_waiting(b"words", 7)
    for n in range(30):
        document_storage().save(f"ab/{n:032x}", ContentFile(b"x"))
    make_old(folder, timedelta(days=3))
    assert delete_orphan_files(now=timezone.now()) == 0 and bytes_waiting(7) == 150
    delete_orphans()
    assert bytes_waiting(7) == 0 and len(os.listdir(folder / "ab")) == 30


def test_what_waits_counts_in_the_quota_of_its_engagement(settings):
    settings.QUOTAS = {"documents": 10, "rows": 10, "exports": 2, "tokens": 2}
    here, there = EngagementFactory(), EngagementFactory()
    name = hold_waiting(b"123456", here.pk)
    check_document(here.pk, 4)  # 6 + 4 = 10
    with pytest.raises(QuotaReached):
        check_document(here.pk, 5)
    check_document(there.pk, 10)
    document_storage().delete(name)
    check_document(here.pk, 10)


def test_where_nothing_ever_waited_nothing_is_counted_and_nothing_goes(settings, tmp_path):
    settings.DOCUMENTS_DIR = tmp_path / "never"
    assert bytes_waiting(7) == 0 and delete_expired_waiting(now=timezone.now()) == 0
