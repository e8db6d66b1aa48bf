"""An analysis killed with -9 at random points: nothing half is kept, and done again it says the same."""

import random
import time
from datetime import timedelta

import pytest

from engagements.pilots.actions.analysis import ask_analysis
from engagements.pilots.worker import run_analysis
from tests.engagements.pilots.worked_pilot import NOW, make_worked
from tests.outages.test_killed_work import TIMES, kill_during, seconds_of

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("times", TIMES)
def test_analyses(times):
    worked = make_worked()

    def ask():
        return ask_analysis(pilot=worked.desk.pilot.pk, by=worked.desk.staff, now=NOW)

    first = ask()
    longest = seconds_of(lambda: run_analysis(first.pk, now=NOW))
    first.refresh_from_db()
    rng, killed = random.Random(20_261_130), 0
    for _ in range(times):
        row = ask()
        killed += kill_during(lambda pk=row.pk: run_analysis(pk, now=NOW), rng.uniform(0, longest * 1.2))
        row.refresh_from_db()
        assert (row.state == "done") == (row.result is not None), "half an analysis was kept"
        for _try in range(40):  # the server notices a moment later that the session is gone
            time.sleep(0.05)
            run_analysis(row.pk, now=NOW + timedelta(minutes=1))
            row.refresh_from_db()
            if row.state == "done":
                break
        assert row.result == first.result
