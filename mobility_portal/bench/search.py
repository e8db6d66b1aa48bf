"""What somebody waits for who types into the search box, at 50,000 things people wrote.

Each search is asked 20 times as the lead, who sees all of it, as the adviser, the funder and by a stranger. Their first
one in a process, when the statement is written for their rights, is a line of its own. Needs the packages of the tests.
"""

from functools import partial
from importlib import import_module
from itertools import count
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.test import Client

from engagements.finding.queries.statements import write_statements
from engagements.permissions import Role
from mobility_portal.bench.results import Results
from mobility_portal.bench.timing import measure

ROWS, RUNS, LIMIT = 50_000, 20, 0.1
OURS: dict[str, Any] = {"HTTP_SEC_FETCH_SITE": "same-origin"}
# What was typed: a word that is everywhere, two of them, a rare one, the beginning of one, a misspelled one, nothing.
TYPED = {
    "common": "housing",
    "two_words": "landlord survey",
    "rare": "bacedi",
    "beginning": "eval",
    "misspelled": "lanldord",
    "nothing": "zzyzzx",
}


def report(results: Results) -> None:
    """In the database it is given, which it fills."""
    import_module("tests.factories.search").make_searchable(ROWS)
    for who, user in _people().items():
        client = Client()
        if user.is_authenticated:
            client.force_login(user)
        first = partial(_suggestions, client, TYPED["common"])
        taken = measure(first, RUNS, before=write_statements.cache_clear)
        said = f"95th percentile {1000 * taken.p95:.0f} ms"
        results.add_milliseconds(f"first_suggestions_{who}", taken, said, LIMIT)
        for name, typed in TYPED.items():
            ask = partial(_suggestions, client, typed)
            size = len(ask().content)
            taken = measure(ask, RUNS)
            said = f"95th percentile {1000 * taken.p95:.0f} ms, {size:,} bytes"
            results.add_milliseconds(f"suggestions_{who}_{name}", taken, said, LIMIT)
        taken = measure(partial(client.get, "/search/", {"q": TYPED["common"]}), RUNS)
        results.add_milliseconds(f"search_page_{who}", taken, f"95th percentile {1000 * taken.p95:.0f} ms", LIMIT)


_addresses = count()


def _suggestions(client: Client, typed: str) -> Any:
    """Each time from another address: nobody types so much in a minute as to be stopped."""
    n = next(_addresses)
    answer = client.post("/search/suggestions/", {"q": typed}, REMOTE_ADDR=f"10.0.{n // 250}.{n % 250 + 1}", **OURS)
    if answer.status_code != 200:
        raise RuntimeError(f"Suggestions answered with status {answer.status_code}.")
    return answer


def _people() -> dict[str, Any]:
    models = import_module("engagements.models")
    roles = models.EngagementRole.objects.select_related("user")
    found = {role.value: roles.filter(role=role.value).first().user for role in (Role.LEAD, Role.ADVISER, Role.FUNDER)}
    return found | {"stranger": AnonymousUser()}
