"""A real worker, killed with -9 at random points of an import, thirty times.

Each time: the old release is live and whole, nothing of the new one can be seen, and the job comes to its end by itself
once a worker is back. Run with `make test PYTEST_ARGS="-m slow"`.
"""

import os
import random
import signal
import subprocess
import sys
import time
from urllib.parse import quote

import numpy as np
import pytest
from django.conf import settings
from django.db import connection

from atlas import vectors
from atlas.ingest.pipeline import run
from atlas.models import AreaIndex, Estimate, IngestJob, LivePart, Release
from atlas.sample.simple_files import write_simple
from atlas.tasks import ingest_file, recover_jobs

TIMES = 30
SLUG = "kfr_pooled_pooled_p25"


def start_worker() -> subprocess.Popen:
    place = connection.settings_dict
    login = f"{quote(place['USER'])}:{quote(place['PASSWORD'])}"
    environment = os.environ | {
        "DATABASE_URL": f"postgres://{login}@{place['HOST']}:{place['PORT']}/{place['NAME']}",
        "REDIS_URL": settings.REDIS_URL,
    }
    command = [sys.executable, "-m", "celery", "-A", "mobility_portal", "worker", "--pool=solo", "--loglevel=ERROR"]
    return subprocess.Popen(command, env=environment, start_new_session=True, stdout=subprocess.DEVNULL)


def kill(worker: subprocess.Popen) -> None:
    os.killpg(worker.pid, signal.SIGKILL)
    worker.wait()


def wait_for(condition, seconds: float) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.02)
    return False


def check_whole(expected: dict[int, float]) -> int:
    """The live release has every vector of every state, and the value its file had. Returns its id."""
    live = LivePart.objects.get(dataset="tract_outcomes_simple").release
    assert live.status == "live" and Release.objects.filter(status="live").count() == 1
    areas = AreaIndex.objects.filter(release=live).count()
    assert Estimate.objects.filter(release=live).count() == areas * live.measures.count() > 0
    assert vectors.read(live.pk, SLUG).value[0] == np.float32(expected[live.pk])
    for staged in Release.objects.filter(status="staged"):
        indexes = AreaIndex.objects.filter(release=staged).count()
        assert Estimate.objects.filter(release=staged).count() == indexes * staged.measures.count() > 0
    return live.pk


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_killed_at_random_points_thirty_times(tmp_path):
    path = tmp_path / "tract_outcomes_simple.csv"
    write_simple(path, tracts=20_000)
    header, first, *rest = path.read_text().splitlines()
    column = header.split(",").index(SLUG)
    rng = random.Random(20_261_123)
    run(path, commit=True)
    live = LivePart.objects.get().release
    expected = {live.pk: float(vectors.read(live.pk, SLUG).value[0])}
    worker = start_worker()
    interrupted = 0
    try:
        for number in range(TIMES):
            fields = first.split(",")
            fields[column] = f".{3000 + number}"
            path.write_text("\n".join([header, ",".join(fields), *rest]) + "\n")
            before = LivePart.objects.get().release_id
            job = IngestJob.objects.create(path=str(path))
            ingest_file.delay(str(job.pk))
            assert wait_for(lambda j=job: IngestJob.objects.get(pk=j.pk).status != "queued", 60)
            time.sleep(rng.uniform(0, 0.9))
            kill(worker)
            time.sleep(0.1)  # the server notices a moment later and undoes what was not committed
            released = {r.pk: float(fields[column]) for r in Release.objects.exclude(pk__in=expected)}
            found = check_whole(expected | released)
            status = IngestJob.objects.get(pk=job.pk).status
            interrupted += status == "running"
            assert found == before or found in released
            worker = start_worker()
            recover_jobs()
            assert wait_for(lambda j=job: IngestJob.objects.get(pk=j.pk).status == "done", 60)
            expected |= {r.pk: float(fields[column]) for r in Release.objects.exclude(pk__in=expected)}
            after = check_whole(expected)
            assert after != before and expected[after] == float(fields[column])
    finally:
        kill(worker)
    assert interrupted >= TIMES // 3, "the kills must have hit imports under way"
