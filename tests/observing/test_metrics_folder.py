"""Where the web server's processes keep their counts: one folder for each run, and none left behind."""

import os
import subprocess
import sys
import tempfile

from prometheus_client import CollectorRegistry
from prometheus_client.multiprocess import MultiProcessCollector

from mobility_portal.observing import metrics_folder
from tests.runtime.places import PROJECT


def test_a_start_makes_its_folder_and_removes_those_of_killed_servers(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    abandoned = tmp_path / f"portal-metrics-{ended.pid}-00ff"
    running = tmp_path / f"portal-metrics-{os.getppid()}-00ff"
    other = tmp_path / "portal-metrics-notes"
    for folder in (abandoned, running, other):
        folder.mkdir()
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (tmp_path / f"portal-metrics-{ended.pid}-link").symlink_to(elsewhere)
    named = metrics_folder.new_folder_name()
    monkeypatch.setenv(metrics_folder.VARIABLE, named)
    metrics_folder.make_folder()
    assert not abandoned.exists() and running.exists() and other.exists() and elsewhere.exists()
    assert os.stat(named).st_mode & 0o777 == 0o700 and named != metrics_folder.new_folder_name()
    metrics_folder.remove_folder()
    assert not os.path.exists(named)


def test_without_a_name_nothing_is_made(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.delenv(metrics_folder.VARIABLE, raising=False)
    metrics_folder.make_folder()
    metrics_folder.forget_process(1)
    metrics_folder.remove_folder()
    assert list(tmp_path.iterdir()) == []


def test_counts_of_all_processes_are_added_up_and_a_dead_one_is_no_longer_at_work(tmp_path, monkeypatch):
    code = (
        "from mobility_portal.observing import metrics;"
        "[metrics.observe_request('cities/', 200, 0.2) for _ in range(3)];"
        "metrics.IN_PROGRESS.inc()"
    )
    monkeypatch.setenv(metrics_folder.VARIABLE, str(tmp_path))
    workers = [subprocess.Popen([sys.executable, "-c", code], cwd=PROJECT) for _ in range(2)]
    assert [worker.wait(20) for worker in workers] == [0, 0]

    def values() -> dict[str, float]:
        registry = CollectorRegistry()
        MultiProcessCollector(registry, path=str(tmp_path))
        return {sample.name: sample.value for family in registry.collect() for sample in family.samples}

    assert values()["portal_request_seconds_count"] == 6 and values()["portal_requests_in_progress"] == 2
    metrics_folder.forget_process(workers[0].pid)
    assert values()["portal_request_seconds_count"] == 6 and values()["portal_requests_in_progress"] == 1
