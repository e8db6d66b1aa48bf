"""Digests of 500 people over ten cities' five years, in one worker: the time asked for is under a minute.

Needs a checkout with its tests: the work of ten cities is made by their factories.
"""

import time
from datetime import UTC, datetime
from importlib import import_module

from django.core import mail
from django.db import connection

from engagements.home.mail import send_digests
from engagements.models import User
from engagements.permissions import INITIATIVE_ROLES, Role
from mobility_portal.bench.results import Results

READERS = 500
LIMIT = 60.0  # seconds
MORNING = datetime(2026, 11, 23, 16, 0, tzinfo=UTC)  # a Monday, after seven everywhere in the contiguous states


def report(results: Results) -> None:
    """One row: mails, seconds, statements; and that a second run sends nothing."""
    make = import_module("tests.factories.engagements")
    engagements, _ = make.make_many()
    roles = list(Role)
    for number in range(READERS):
        user = make.UserFactory(digest=("daily", "weekly")[number % 2])
        role = roles[number % len(roles)]
        # Advisers have a caseload of three cities.
        for step in range(3 if role == Role.ADVISER else 1):
            within = engagements[(number + step) % len(engagements)]
            if step == 0 or role not in INITIATIVE_ROLES:
                make.give(user, role, within)
    User.objects.update(joined_at=datetime(2021, 1, 1, tzinfo=UTC))
    statements = 0

    def count(run, *args):
        nonlocal statements
        statements += 1
        return run(*args)

    start = time.perf_counter()
    with connection.execute_wrapper(count):
        sent = send_digests(now=MORNING)
    taken = time.perf_counter() - start
    size = sum(len(letter.message().as_bytes()) for letter in mail.outbox) / max(sent, 1)
    verdict = "" if taken < LIMIT else f", over {LIMIT:.0f} s"
    results.add(
        "digest_seconds",
        taken,
        f"{sent} mails to {User.objects.exclude(digest='none').count()} people, {statements} queries, "
        f"{size / 1000:.0f} kB a mail{verdict}; run again: {send_digests(now=MORNING)} mails",
    )
