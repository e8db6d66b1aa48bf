"""What was deleted for good stays deleted after a restore, and nothing is known of what it held."""

import json
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from django.db import Error, transaction
from django.utils import timezone

from engagements.base.erasures import erases, record_erasure
from engagements.models import SavedView
from engagements.permissions import Role
from engagements.portfolio.actions.saved_views import remove_view
from mobility_portal.backup import restore
from mobility_portal.backup.erasures import FILE_NAME, Entry, read_lines, replay, write_missing_lines
from mobility_portal.backup.models import Backup, Erasure
from mobility_portal.embedded.refusal import Refusal
from tests.engagements.pilots.actions.test_datasets import agreed, bring
from tests.engagements.pilots.drawn_pilot import make_drawn, rows
from tests.factories.engagements import NOW, EngagementFactory, member

pytestmark = pytest.mark.django_db


@pytest.fixture
def folder(tmp_path: Path, settings) -> Path:
    settings.BACKUP_DIR = tmp_path
    return tmp_path


def saved_view() -> SavedView:
    engagement = EngagementFactory()
    return SavedView.objects.create(
        user=member(Role.FUNDER, engagement),
        initiative=engagement.initiative,
        name="Mine",
        query="",
        created_at=NOW,
    )


def test_a_deletion_is_a_row_and_a_line_without_content(folder: Path, django_capture_on_commit_callbacks):
    view = saved_view()
    pk = view.pk
    with django_capture_on_commit_callbacks(execute=True):
        remove_view(view=pk, by=view.user)
    row = Erasure.objects.get()
    assert (row.model, row.object_id) == ("engagements.SavedView", str(pk))
    (line,) = (folder / FILE_NAME).read_text().splitlines()
    assert json.loads(line).keys() == {"id", "model", "object", "at"}
    assert read_lines(folder / FILE_NAME) == [Entry(row.pk, row.model, row.object_id, row.at)]
    assert (folder / FILE_NAME).stat().st_mode & 0o777 == 0o600


def test_a_disk_that_is_away_loses_no_deletion_and_the_line_comes_later(
    tmp_path: Path, settings, django_capture_on_commit_callbacks
):
    settings.BACKUP_DIR = tmp_path / "away"
    view = saved_view()
    with django_capture_on_commit_callbacks(execute=True):
        record_erasure(view)
    assert Erasure.objects.count() == 1
    settings.BACKUP_DIR.mkdir()
    assert write_missing_lines(settings.BACKUP_DIR) == 1
    assert write_missing_lines(settings.BACKUP_DIR) == 0
    assert len(read_lines(settings.BACKUP_DIR / FILE_NAME)) == 1


def test_a_restore_repeats_later_deletions_only(folder: Path):
    kept, gone = saved_view(), saved_view()
    snapshot = timezone.now()
    entries = [
        Entry(uuid4(), "engagements.SavedView", str(kept.pk), snapshot - timedelta(seconds=1)),
        Entry(uuid4(), "engagements.SavedView", str(gone.pk), snapshot + timedelta(hours=1)),
        Entry(uuid4(), "engagements.SavedView", "999999999", snapshot + timedelta(hours=1)),
    ]
    assert replay(entries * 2, snapshot) == (2, [])
    assert list(SavedView.objects.all()) == [kept]
    assert Erasure.objects.count() == 3  # known again, for the next restore


def test_what_cannot_be_deleted_again_is_said_and_the_rest_is_done(folder: Path):
    protected = Backup.objects.create(started_at=NOW, seconds=1, problem="a row that is never deleted")
    gone = saved_view()
    entries = [
        Entry(uuid4(), "mobility_portal.Backup", str(protected.pk), NOW),
        Entry(uuid4(), "engagements.NoSuchModel", "1", NOW),
        Entry(uuid4(), "engagements.SavedView", str(gone.pk), NOW + timedelta(seconds=1)),
    ]
    done, refused = replay(entries, NOW)
    assert (done, refused) == (1, entries[:2])
    assert not SavedView.objects.filter(pk=gone.pk).exists() and Backup.objects.filter(pk=protected.pk).exists()


def test_a_subject_may_say_how_its_things_are_erased(folder: Path, monkeypatch):
    seen: list[str] = []
    monkeypatch.setattr("engagements.base.erasures._ERASERS", {})
    erases("engagements.User")(seen.append)
    assert replay([Entry(uuid4(), "engagements.User", "7", NOW)], NOW) == (1, [])
    assert seen == ["7"]


def test_the_list_is_append_only_and_refuses_what_is_no_key():
    row = Erasure.objects.create(model="engagements.SavedView", object_id="1", at=NOW)
    for change in (
        lambda: Erasure.objects.filter(pk=row.pk).update(object_id="2"),
        lambda: Erasure.objects.filter(pk=row.pk).delete(),
        lambda: Erasure.objects.create(model="engagements.SavedView", object_id="Ann Smith", at=NOW),
        lambda: Erasure.objects.create(model="x; drop", object_id="1", at=NOW),
    ):
        with pytest.raises(Error), transaction.atomic():
            change()


def test_a_cut_last_line_was_never_written_and_a_changed_one_is_refused(tmp_path: Path):
    path = tmp_path / FILE_NAME
    line = Entry(uuid4(), "engagements.SavedView", "1", NOW).line
    path.write_text(line + line[:20])
    assert len(read_lines(path)) == 1
    path.write_text(line[:20] + "\n" + line)
    with pytest.raises(Refusal, match="Line 1"):
        read_lines(path)
    path.write_text(line.replace("engagements.SavedView", "os.system('x')") + line)
    with pytest.raises(Refusal):
        read_lines(path)
    assert read_lines(tmp_path / "none") == []


def test_data_whose_day_came_since_the_backup_go_with_the_restore():
    """Beat looks once a night; until then a restored portal would hold rows that were promised to be gone."""
    desk = make_drawn()
    data = bring(desk, rows(), agreement=agreed(desk, delete_on=timezone.now().date(), expires_on=None))
    assert restore._erase_again([], NOW) == (0, [])
    data.refresh_from_db()
    assert data.deleted_at is not None and not data.file.name
