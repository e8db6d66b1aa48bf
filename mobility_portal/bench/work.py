"""The views of work of 5,000 milestones in ten cities over five years, as each role gets them.

Needs a checkout with its tests: the work of ten cities is made by their factories.
"""

from functools import partial

from django.test import Client

from engagements.permissions import Role
from mobility_portal.bench.engagements import make_ten_cities
from mobility_portal.bench.results import Results, key_of
from mobility_portal.bench.statements import recorded_statements
from mobility_portal.bench.timing import measure_both

RUNS = 15
LIMIT = 0.080  # seconds of the processor in the server
ROLES = (Role.EXPERT, Role.ADVISER, Role.LEAD, Role.CITY_STAFF, Role.FUNDER)
URLS = (
    "/todo/",
    "/todo/?who=all&view=board",
    "/todo/?who=all&view=list",
    "/todo/?who=all&view=timeline",
    "/milestones/?view=board",
)


def report(results: Results, runs: int = RUNS, **size: int) -> None:
    """Two rows per page and role: time of the processor, with its limit, and time that passed, statements included.

    The median is the value, the least of the runs stands beside it: on a busy machine it says more. `size`: of the
    cities' work, as `make_many` takes it.
    """
    _engagements, people = make_ten_cities(**size)
    for role in ROLES:
        client = Client(headers={"accept-encoding": "identity"})
        client.force_login(people[role])
        for url in URLS:
            client.get(url)  # the first reads templates
            with recorded_statements() as statements:
                response = client.get(url)
            spent, passed = measure_both(partial(client.get, url), runs)
            said = f"{len(statements)} queries, {len(response.content) / 1000:.0f} kB, status {response.status_code}"
            key = f"work_{role.value}_{key_of(url)}"
            results.add_milliseconds(f"{key}_processor", spent, said, LIMIT)
            results.add_milliseconds(f"{key}_passed", passed)
