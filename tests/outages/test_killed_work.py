"""Work killed with -9 at random points: nothing partial is kept, nothing is made or sent twice, all comes to its end.

Each time a forked process works and is killed; then another does the work again, as after a worker's end. A few times
in the everyday tests, fifty times each in the slow ones. Real workers are killed in tests/atlas/ingest/test_killed.py.
"""

import os
import random
import signal
import time
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email import message_from_bytes

import pytest
from django.core.files.storage import FileSystemStorage
from django.db import connections

from atlas.ingest import jobs
from atlas.ingest.pipeline import run
from atlas.models import AreaIndex, Estimate, IngestJob, LivePart, Release
from atlas.sample.simple_files import write_simple
from dashboards.reports import make as making
from engagements.home.mail import send_digests
from engagements.models import Activity, Digest, Report, User
from engagements.permissions import Role
from engagements.portfolio.actions.reports import ReportFile, pending_reports, request_report
from tests.engagements.discussion.discussion import house
from tests.factories.engagements import NOW, EngagementFactory, member

pytestmark = pytest.mark.django_db(transaction=True)
FEW = 2
TIMES = [pytest.param(FEW, id="few"), pytest.param(50, id="fifty", marks=pytest.mark.slow)]
MORNING = datetime(2026, 11, 24, 13, 0, tzinfo=UTC)  # 8 in the morning in New York


def seconds_of(work: Callable[[], object]) -> float:
    began = time.monotonic()
    work()
    return time.monotonic() - began


def kill_during(work: Callable[[], object], after: float) -> bool:
    """Whether the process was killed before it had done its work."""
    connections.close_all()  # two processes must not talk on one connection
    pid = os.fork()
    if pid == 0:
        try:
            work()
        finally:
            os._exit(0)
    time.sleep(after)
    os.kill(pid, signal.SIGKILL)
    return os.WIFSIGNALED(os.waitpid(pid, 0)[1])


@pytest.mark.parametrize("times", TIMES)
def test_reports(times, tmp_path, monkeypatch):
    monkeypatch.setattr(Report._meta.get_field("file"), "storage", FileSystemStorage(location=tmp_path, base_url=None))

    def slow(report, progress):
        for step in range(10):
            progress(step * 10, "at work")
            time.sleep(0.004)
        return ReportFile(b"%PDF-1.7 " + b"x" * 400_000, "report.pdf", "application/pdf", {"figures": [report.pk]})

    monkeypatch.setitem(making.MAKERS, "portfolio_pdf", slow)
    place = EngagementFactory()
    by = member(Role.FUNDER, place)
    rng, killed = random.Random(20_261_130), 0

    def ask() -> Report:
        return request_report(kind="portfolio_pdf", initiative=place.initiative.slug, by=by, now=NOW)

    longest = seconds_of(lambda: making.make(ask().pk))
    for _ in range(times):
        report = ask()
        killed += kill_during(lambda r=report: making.make(r.pk), rng.uniform(0, longest * 1.2))
        row = Report.objects.get(pk=report.pk)
        assert (row.status == "done") == bool(row.file) == bool(row.figures), "half a report was kept"
        for _try in range(20):  # the server notices a moment later that the session is gone
            if row.status == "done" or row.pk in pending_reports(NOW + timedelta(minutes=1)):
                break
            time.sleep(0.05)
        making.make_next(report.pk)
        row.refresh_from_db()
        assert row.status == "done" and row.figures == {"figures": [row.pk]}
        with row.file.open("rb") as file:
            assert len(file.read()) == row.size == 400_009
        finished = row.finished_at
        making.make_next(report.pk)
        row.refresh_from_db()
        assert row.finished_at == finished
    assert Report.objects.count() == times + 1 and (times == FEW or killed >= times // 3)


@pytest.mark.parametrize("times", TIMES)
def test_digests(times, tmp_path, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH = str(tmp_path)
    here, _, people, _ = house()
    User.objects.update(digest="none", joined_at=datetime(2026, 1, 1, tzinfo=UTC))
    User.objects.filter(pk__in=[people[Role.LEAD].pk, people[Role.EXPERT].pk]).update(digest="daily")
    days = [MORNING + timedelta(days=n) for n in range(times + 1)]
    Activity.objects.bulk_create(
        Activity(
            engagement=here,
            by=None,
            at=day - timedelta(hours=5),
            verb="logged",
            noun="milestone",
            object_id=1,
            title=f"Step {n}",
            line="x",
            visibility="all",
        )
        for n, day in enumerate(days)
    )
    rng, killed = random.Random(20_261_130), 0
    longest = seconds_of(lambda: send_digests(now=days[0]))
    for day in days[1:]:
        killed += kill_during(lambda d=day: send_digests(now=d), rng.uniform(0, longest * 1.2))
        send_digests(now=day)
        send_digests(now=day)
    letters = [message_from_bytes(part) for path in tmp_path.iterdir() for part in _parts(path.read_bytes())]
    found = Counter((letter["To"], letter["Subject"], _step(letter)) for letter in letters)
    assert letters and max(found.values()) == 1, "somebody got a mail twice"
    assert all(letter["Message-ID"] and letter.is_multipart() for letter in letters)
    receivers = len({letter["To"] for letter in letters})
    # Made before it is sent: each kill may cost one mail, and what it would have told comes with the next one.
    assert receivers * len(days) - killed <= len(letters) <= receivers * len(days)
    assert Digest.objects.filter(sent_at=None).count() <= killed
    assert times == FEW or killed >= times // 3


def _parts(content: bytes) -> list[bytes]:
    """Letters of one file, which Django divides by a line of 79 dashes."""
    return [part.strip() for part in content.split(b"-" * 79) if part.strip()]


def _step(letter) -> str:
    (text,) = [part for part in letter.walk() if part.get_content_type() == "text/plain"]
    words = text.get_payload(decode=True).decode()
    return max(word for word in words.split("“") if word.startswith("Step "))


@pytest.mark.parametrize("times", TIMES)
def test_imports(times, tmp_path):
    path = tmp_path / "tract_outcomes_simple.csv"
    write_simple(path, tracts=100)
    header, first, *rest = path.read_text().splitlines()
    column = header.split(",").index("kfr_pooled_pooled_p25")
    rng, killed = random.Random(20_261_130), 0

    def change(number: int) -> IngestJob:
        fields = first.split(",")
        fields[column] = f".{3000 + number}"
        path.write_text("\n".join([header, ",".join(fields), *rest]) + "\n")
        return IngestJob.objects.create(path=str(path))

    run(path, commit=True)
    longest = seconds_of(lambda: jobs.run_job(str(change(9999 - 3000).pk)))
    for number in range(times):
        job, before = change(number), LivePart.objects.get().release_id
        killed += kill_during(lambda j=job: jobs.run_job(str(j.pk)), rng.uniform(0, longest * 1.2))
        _check_whole()
        job.refresh_from_db()
        for _try in range(40):
            if job.status == "done" or job in jobs.jobs_to_enqueue() or job.status == "queued":
                break
            time.sleep(0.05)
            job.refresh_from_db()
        jobs.run_job(str(job.pk))
        job.refresh_from_db()
        assert job.status == "done" and LivePart.objects.get().release_id != before
        _check_whole()
    assert times == FEW or killed >= times // 3


def _check_whole() -> None:
    """One live release; every release has a value of every measure for every tract."""
    assert Release.objects.filter(status="live").count() == 1
    for release in Release.objects.filter(status__in=["live", "staged"]):
        areas = AreaIndex.objects.filter(release=release).count()
        assert Estimate.objects.filter(release=release).count() == areas * release.measures.count() > 0
