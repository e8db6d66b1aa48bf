"""Reports of a portfolio as the worker makes them, from the queue to the kept file."""

from functools import partial

from django.utils import timezone

from dashboards.reports import make as making
from engagements.models import Report
from engagements.portfolio.actions.reports import request_report
from mobility_portal.bench.results import Results
from mobility_portal.bench.timing import measure

RUNS = 3
LIMITS = {"portfolio_pdf": 2.0, "portfolio_pptx": 2.0, "portfolio_xlsx": 2.0, "evidence_pack": 3.0}  # seconds


def report_on(results: Results, world) -> None:
    """One row per kind: from the queue to the kept file, figures included, and whether it stays in time."""
    for kind, limit in LIMITS.items():
        taken = measure(partial(_make, world, kind), RUNS)
        made = Report.objects.filter(kind=kind).latest("pk")
        if made.status != "done":
            results.say(f"report {kind}: {made.problem}")
            continue
        slow = "" if max(taken.seconds) < limit else f"; slowest over {limit:.0f} s"
        results.add_milliseconds(f"report_{kind}", taken, f"{made.size / 1000:.0f} kB{slow}")


def _make(world, kind: str) -> None:
    asked = request_report(kind=kind, by=world.funder, initiative=world.initiative.slug, now=timezone.now())
    making.make(asked.pk)
