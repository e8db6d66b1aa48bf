"""Fifty thousand things to find, in words as often as people use them: few words often, most of them rarely."""

import random
from datetime import timedelta
from itertools import accumulate

from django.db import connection

from engagements import models
from engagements.finding.actions.index import learn_words
from engagements.permissions import Role
from tests.factories.engagements import NOW, TODAY, make_many

COMMON = (
    "city housing families meeting coaching evaluation report landlord workforce schools partner data draft review"
    " outreach survey budget letters neighborhood employer training vouchers program results team quarterly"
).split()
_SOUNDS = "ba ce di fo gu ha je ki lo mu na pe qui ro sa te vi wo xe yu za tri sta ple bro".split()


def make_words(count: int, seed: int = 7) -> list[str]:
    """Made-up words after real ones; the n-th is used 1/n as often as the first (Zipf)."""
    dice = random.Random(seed)
    made = {"".join(dice.choices(_SOUNDS, k=dice.randint(2, 4))) for _ in range(count * 2)}
    return [*COMMON, *sorted(made)][:count]


def make_searchable(rows: int = 50_000, cities: int = 10) -> tuple[list[models.Engagement], dict[Role, models.User]]:
    """So many milestones, comments, lines that were logged, decisions and parts of documents, evenly."""
    found, people = make_many(cities, 0, 0)
    lead, dice = people[Role.LEAD], random.Random(11)
    words = make_words(20_000)
    weights = list(accumulate(1 / (n + 2) for n in range(len(words))))

    def text(length: int) -> str:
        return " ".join(dice.choices(words, cum_weights=weights, k=length))

    each = rows // 5
    levels = ("team", "city", "all")
    place = [found[n % cities] for n in range(each)]
    milestones = models.Milestone.objects.bulk_create(
        (
            models.Milestone(
                engagement=place[n],
                title=text(6),
                stage="field",
                due_on=TODAY + timedelta(days=n % 900),
                acceptance_evidence=text(20) if n % 3 == 0 else "",
            )  # fmt: skip
            for n in range(each)
        ),
        batch_size=2_000,
    )
    models.Comment.objects.bulk_create(
        (
            models.Comment(engagement=place[n], body=text(35), visibility=levels[n % 3], author=lead, created_at=NOW)
            for n in range(each)
        ),
        batch_size=2_000,
    )
    models.ProgressEntry.objects.bulk_create(
        (
            models.ProgressEntry(
                engagement=place[n],
                milestone=milestones[n],
                old_status="planned",
                status="planned",
                line=text(15),
                at=NOW,
                by=lead,
            )  # fmt: skip
            for n in range(each)
        ),
        batch_size=2_000,
    )
    models.Record.objects.bulk_create(
        (
            models.Record(
                engagement=place[n],
                kind="decision",
                title=text(6),
                body=text(40),
                on=TODAY,
                visibility=levels[n % 3],
                written_by=lead,
                created_at=NOW,
            )  # fmt: skip
            for n in range(each)
        ),
        batch_size=2_000,
    )
    _documents(each, found, lead, text)
    learn_words(now=NOW)
    with connection.cursor() as cursor:
        if not connection.in_atomic_block:
            cursor.execute("VACUUM engagements_searchentry")  # as autovacuum does: the words wait in a list until then
        cursor.execute("ANALYZE")
    return found, people


def _documents(parts: int, found: list[models.Engagement], by: models.User, text) -> None:
    """Of twenty parts each."""
    made = models.Document.objects.bulk_create(
        models.Document(
            engagement=found[n % len(found)],
            title=text(4),
            original_name="a.pdf",
            media_type="application/pdf",
            size=9,
            sha256="0" * 64,
            visibility=("team", "city", "all")[n % 3],
            uploaded_by=by,
            uploaded_at=NOW,
        )  # fmt: skip
        for n in range(max(parts // 20, 1))
    )
    models.DocumentPart.objects.bulk_create(
        (
            models.DocumentPart(document=made[n // 20 % len(made)], number=n + 1, place=f"page {n}", text=text(180))
            for n in range(parts)
        ),
        batch_size=2_000,
    )
