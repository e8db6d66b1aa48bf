"""The part of the bench that needs neither files nor a database."""

from io import StringIO

from django.core.management import call_command

from mobility_portal.bench import coverage, plans
from mobility_portal.management.commands import bench


def test_coverage_of_intervals_is_reported_for_every_size_of_city(monkeypatch):
    monkeypatch.setattr(coverage.report, "__defaults__", (2,))
    out = StringIO()
    call_command("bench", only="coverage", stdout=out)
    lines = out.getvalue().splitlines()
    assert [line.split()[1] for line in lines] == [str(n) for n in (17, 34, 49, 120, 290) for _ in range(2)]
    assert all("%" in line and "plug-in" in line for line in lines)


def test_a_plan_is_timed(monkeypatch):
    monkeypatch.setattr(plans.report, "__defaults__", (1,))
    monkeypatch.setattr(plans, "report_page", lambda write: None)  # needs a scratch database
    monkeypatch.setattr(bench.Command, "_on_scratch", lambda self, work: work())
    out = StringIO()
    call_command("bench", only="plans", stdout=out)
    plan, areas = out.getvalue().splitlines()
    assert "50 tracts, 5 interventions, 10,000 draws: median" in plan and "300 tracts" in areas
