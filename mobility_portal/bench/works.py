"""/what-works/ with 500 results of ten cities and the library: server time of the page, its filters and its table.

Needs a checkout with its tests: results are published by their factories, each by the action that people use.
"""

from functools import partial
from importlib import import_module

from django.test import Client

from engagements.seeds.evidence import seed_evidence
from mobility_portal.bench.results import Results, key_of
from mobility_portal.bench.statements import recorded_statements
from mobility_portal.bench.timing import measure

CITIES, OUTCOMES, RESULTS = 10, 12, 500
RUNS = 20
LIMIT = 0.060  # seconds in the server
URLS = (
    "/what-works/",
    "/what-works/?page=5",
    "/what-works/?show=pilots&sort=effect",
    "/what-works/?outcome=outcome-3&design=randomized",
    "/what-works/?q=coaching+city",
    "/what-works/export.csv",
)
# In turn: half have the portal's own verdict, some of those without a number.
_KINDS: tuple[dict[str, object], ...] = (
    {"own_data": "Ours", "verdict": "worked"},
    {},
    {"own_data": "Ours", "verdict": "did_not_work", "effect": 0.5, "low": -1.0, "high": 2.0},
    {"low": None, "high": None, "level": None, "no_interval_reason": "not published"},
    {
        "own_data": "Ours",
        "verdict": "stopped",
        "effect": None,
        "low": None,
        "high": None,
        "level": None,
        "unit": "",
    },
)


def report(results: Results) -> None:
    """One row per address: median, slowest of the runs and statements; no page of these comes from the cache."""
    make_desk = import_module("tests.factories.results").make_desk
    seed_evidence()
    desks = [make_desk() for _ in range(CITIES)]
    for number in range(RESULTS):
        kind = _KINDS[number % len(_KINDS)]
        desks[number % CITIES].published(**kind, outcome=f"Outcome {number % OUTCOMES}", finding=_finding(number))
    member = Client(headers={"accept-encoding": "identity"})
    member.force_login(desks[0].lead)
    for url in URLS:
        assert member.get(url).status_code == 200  # the first reads templates
        with recorded_statements() as statements:
            answer = member.get(url)
        said = f"{RESULTS} results, {len(statements)} queries, {len(answer.content) / 1000:.0f} kB, a lead’s"
        results.add_milliseconds(f"works_{key_of(url)}", measure(partial(member.get, url), RUNS), said, LIMIT)


def _finding(number: int) -> str:
    """A wording of its own for each, without a number: a number would have to be an effect."""
    letters = "".join(chr(ord("a") + int(digit)) for digit in str(number))
    return f"that more had a job in group {letters}"
