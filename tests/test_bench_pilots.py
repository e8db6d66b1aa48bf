"""The bench's part "pilots": its jobs, its table, its file; its trials are those that the portal promises power for."""

import csv
from io import StringIO

import numpy as np
import pytest
from django.core.management import call_command

from engagements.pilots.rules.estimators.cluster_sums import ClusterSums
from engagements.pilots.rules.estimators.locks import lock_for
from engagements.pilots.rules.power.drawn import DrawnCluster
from engagements.pilots.rules.power.mde import detectable
from engagements.pilots.rules.registration import Assumptions, DesignKind, Estimator, OutcomeKind
from mobility_portal.bench import pilots
from mobility_portal.bench.pilot_cells.cell import NOT_OFFERED, Cell
from mobility_portal.bench.pilot_cells.cluster_outcomes import ICC, KINDS, RATE, promised_effect
from mobility_portal.bench.pilot_cells.clusters import Design, cells_of
from mobility_portal.bench.results import Results
from tests.engagements.pilots.made_data import make_registration


def test_every_function_is_a_job_that_another_process_can_name():
    jobs = pilots.jobs(20_000)
    assert {module for module, _, _ in jobs} >= {"clusters"}
    assert len(set(jobs)) == len(jobs) and {draws for _, _, draws in jobs} == {20_000}


def test_a_setting_is_beyond_the_limit_when_two_errors_of_simulation_cannot_explain_it():
    assert pilots.limit_for(20_000) == pytest.approx(5.82, abs=0.005)
    assert pilots.limit_for(0) == 5.5
    for share, draws, expected in ((5.8, 20_000, False), (5.9, 20_000, True), (5.6, 0, True), (None, 20_000, False)):
        assert pilots.is_beyond(Cell("clustered", "made up", draws, share)) == expected
    assert not pilots.is_beyond(Cell(f"{NOT_OFFERED}clustered", "made up", 20_000, 9.0))


def test_the_table_names_the_worst_setting_of_each_design_and_every_one_beyond_the_limit():
    lines = []
    results = Results(lines.append)
    cells = [Cell("paired", "calm", 20_000, 5.0, 95.0, 80.0), Cell("paired", "wild", 20_000, 7.1, 92.9, 70.0)]
    pilots.summarize(results, cells)
    assert results.values == {"pilots_paired_worst_percent": 7.1, "pilots_settings_beyond_limit": 1}
    assert "wild; covers 93 to 95; power 70 to 80; 2 settings" in lines[0]
    assert lines[-1] == "beyond: paired; wild: 7.10%"


def test_the_file_has_one_line_for_each_setting(tmp_path):
    path = tmp_path / "bench_pilots.csv"
    pilots.save(path, [("people", Cell("paired", "calm, 6 pairs", 20_000, 5.1234, None, 80.0))])
    rows = list(csv.DictReader(path.read_text().splitlines()))
    assert rows[0]["module"] == "people" and rows[0]["setting"] == "calm, 6 pairs"
    assert (rows[0]["false_positives"], rows[0]["coverage"], rows[0]["power"]) == ("5.12", "", "80.0")


def test_the_command_runs_the_jobs_in_processes_of_their_own(monkeypatch, tmp_path):
    monkeypatch.setenv("MOBILITY_HOME", str(tmp_path))
    monkeypatch.setattr(pilots, "jobs", lambda draws: [("clusters", 0, draws)])
    out = StringIO()
    call_command("bench", only="pilots", draws=40, stdout=out)
    assert "pilots_clustered_wild_95_0_worst_percent" in out.getvalue()
    assert (
        len((tmp_path / "bench_pilots.csv").read_text().splitlines()) == 11
    )  # header, three sizes, four outcomes, two left out


def test_a_run_that_is_interrupted_keeps_the_settings_it_had(monkeypatch, tmp_path):
    def interrupted(asked):
        yield ("people", 0), [Cell("paired", "calm", 40, 5.0)], 0.1
        raise KeyboardInterrupt

    monkeypatch.setenv("MOBILITY_HOME", str(tmp_path))
    monkeypatch.setattr(pilots, "_run", interrupted)
    with pytest.raises(KeyboardInterrupt):
        pilots.report(Results(print), 40)
    assert (tmp_path / "bench_pilots.csv").read_text().splitlines()[1].startswith("people,paired,calm,40,5.0")


def test_a_design_is_shown_as_offered_and_where_it_is_lowered_also_at_five_percent():
    cells = cells_of(Design(10, 3), 60)
    assert [cell.design for cell in cells[:2]] == [
        "clustered, randomization, 96.2%",
        f"{NOT_OFFERED}clustered, randomization, 95.0%",
    ]
    assert all(0.0 <= cell.false_positives <= 100.0 and cell.draws == 60 for cell in cells)
    assert [cell.power is None for cell in cells[::2]] == [
        False,
        True,
        False,
        True,
        True,
        True,
        False,
        True,
        False,
        True,
    ]


@pytest.mark.parametrize("kind", [OutcomeKind.MEAN, OutcomeKind.SHARE])
def test_power_is_simulated_at_the_effect_that_the_page_says_can_be_detected(kind):
    sizes, treated = np.array([20.0, 30.0, 40.0, 50.0, 60.0, 70.0, 80.0, 50.0, 45.0, 55.0]), np.arange(10) % 3 == 0
    sums = ClusterSums(treated, np.zeros(10, dtype=np.int64), sizes[None, :], np.zeros((1, 10)))
    bare = ClusterSums(treated, sums.block, sizes, np.zeros(10))
    made = KINDS["continuous" if kind == OutcomeKind.MEAN else "rare"]
    registration = make_registration(
        kind,
        design=DesignKind.CLUSTERS,
        estimator=Estimator.CLUSTERED,
        assumptions=Assumptions(sd=1.0, base_rate=100 * RATE, icc=ICC),
    )
    drawn = [DrawnCluster("ct"[int(one)], size) for one, size in zip(treated, sizes, strict=True)]
    scale = 1.0 if kind == OutcomeKind.MEAN else 100.0
    simulated = scale * promised_effect(sums, made, lock_for(bare))[0]
    assert simulated == pytest.approx(detectable(registration, drawn).value, rel=1e-6)
