"""Beat goes on whatever becomes of its file: broken, in the way, or without room."""

import shelve

import pytest

from mobility_portal.background.beat import KeepsGoingScheduler
from mobility_portal.celery import app


def start(path) -> KeepsGoingScheduler:
    return KeepsGoingScheduler(app=app, schedule_filename=str(path), lazy=False)


def test_the_file_keeps_when_each_task_was_sent(tmp_path):
    first = start(tmp_path / "beat")
    name = next(iter(first.schedule))
    first.schedule[name] = next(first.schedule[name])
    first.close()
    again = start(tmp_path / "beat")
    assert again.schedule[name].total_run_count == 1
    again.close()


@pytest.mark.parametrize("trouble", ["a folder", "no folder", "broken"])
def test_without_its_file_nothing_is_left_out(tmp_path, trouble):
    path = tmp_path / "beat"
    if trouble == "a folder":
        path.mkdir()
        (path / "x").write_text("")
    elif trouble == "no folder":
        path = tmp_path / "gone" / "beat"
    else:
        path.write_bytes(b"\x13\x00not a shelf" * 50)
    scheduler = start(path)
    assert set(app.conf.beat_schedule) <= set(scheduler.schedule)
    assert all(entry.is_due()[1] > 0 for entry in scheduler.schedule.values())
    scheduler.sync()
    scheduler.close()


def test_a_full_disk_is_said_once_and_ends_nothing(tmp_path, monkeypatch, caplog):
    scheduler = start(tmp_path / "beat")

    def full(_shelf):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(shelve.Shelf, "sync", full)
    for _ in range(3):
        scheduler.sync()
    assert [record.levelname for record in caplog.records if "beat's times" in record.message] == ["ERROR"]
