"""What beat does, what operators are told, and what an administrator's page says."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.core import mail
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from mobility_portal.backup import scheduled
from mobility_portal.backup.models import Backup
from mobility_portal.backup.queries import last_good_backup, last_try
from mobility_portal.backup.rotation import Keep, file_name
from mobility_portal.embedded.refusal import Refusal
from tests.factories.engagements import NOW, UserFactory

pytestmark = pytest.mark.django_db


def good(at, **fields) -> Backup:
    values = {"seconds": 3.2, "file_name": file_name(at), "size": 20_000_000, "sha256": "a" * 64, "row_count": 7}
    return Backup(started_at=at, **values | fields)


@pytest.fixture
def folder(tmp_path: Path, settings, monkeypatch) -> Path:
    settings.BACKUP_DIR = tmp_path / "backups"
    settings.BACKUP_KEEP = Keep(2, 0, 0)

    def made(path: Path, **options) -> Backup:
        path.touch()
        return good(NOW, is_scheduled=options["is_scheduled"], file_name=path.name)

    monkeypatch.setattr(scheduled, "make_backup", made)
    return settings.BACKUP_DIR


def test_without_a_folder_nothing_is_made(settings):
    settings.BACKUP_DIR = None
    assert scheduled.make_due_backup(NOW) is None and not Backup.objects.exists()


def test_one_a_day_and_rotation_takes_the_old_files(folder: Path):
    for days in range(4):
        at = NOW + timedelta(days=days)
        row = scheduled.make_due_backup(at)
        assert row is not None and row.is_scheduled
        Backup.objects.filter(pk=row.pk).update(started_at=at)
        assert scheduled.make_due_backup(at + timedelta(hours=12)) is None
    names = [file_name(NOW + timedelta(days=days)) for days in range(4)]
    assert sorted(path.name for path in folder.iterdir()) == names[2:]
    assert list(Backup.objects.filter(removed_at=None).values_list("file_name", flat=True)) == names[:1:-1]


def test_a_failure_is_a_row_and_one_mail_to_those_who_operate_the_portal(folder: Path, monkeypatch):
    UserFactory(is_superuser=True, email="operator@example.org")
    UserFactory(is_superuser=True, email="left@example.org", is_active=False)
    UserFactory(is_superuser=True, email="demo@demo.example", is_fictional=True)
    UserFactory(email="lead@example.org")

    def refused(*_args, **_options):
        raise Refusal("The disk is full.")

    monkeypatch.setattr(scheduled, "make_backup", refused)
    row = scheduled.make_due_backup(NOW)
    assert row is not None and row.problem == "The disk is full." and last_good_backup() is None
    assert scheduled.make_due_backup(NOW + timedelta(minutes=30)) is None  # not every quarter of an hour
    assert scheduled.make_due_backup(NOW + timedelta(hours=2)) is not None
    assert [letter.to for letter in mail.outbox] == [["operator@example.org"]]
    assert "The disk is full." in mail.outbox[0].body

    def broken(*_args, **_options):
        raise ZeroDivisionError("secret detail")

    monkeypatch.setattr(scheduled, "make_backup", broken)
    row = scheduled.make_due_backup(NOW + timedelta(hours=4))
    assert row is not None and "secret detail" not in row.problem and len(mail.outbox) == 2
    assert last_try() == row


@pytest.mark.parametrize(
    "fields",
    [
        {"size": 0},
        {"sha256": "x"},
        {"file_name": ""},
        {"problem": "but made"},
        {"seconds": -1},
        {"verified_at": "early"},
    ],
)
def test_the_database_refuses_a_row_that_says_both_or_neither(fields: dict):
    if fields.get("verified_at"):
        fields = {"verified_at": NOW - timedelta(days=1)}
    with pytest.raises(IntegrityError), transaction.atomic():
        good(NOW, **fields).save()


def test_an_administrator_sees_the_last_backup_and_nobody_else_does(settings, tmp_path: Path):
    settings.BACKUP_DIR = tmp_path
    now = timezone.now()
    good(now - timedelta(days=3), verified_at=now, file_name="portal-old.tar.age").save()
    Backup(started_at=now, seconds=1, problem="The disk is full.").save()
    client = Client()
    client.force_login(UserFactory(is_staff=True))
    page = client.get("/data/").content.decode()
    assert "portal-old.tar.age" in page and "The disk is full." in page and 'role="status"' in page
    client.force_login(UserFactory())
    for reader in (client, Client()):
        assert "portal-old.tar.age" not in reader.get("/data/").content.decode()
