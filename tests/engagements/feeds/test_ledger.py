"""A feed of the ledger: entries once each, what was changed and what is unusual set aside, nothing without a lead."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from engagements.feeds.actions.checking import check_due
from engagements.feeds.actions.decisions import decide
from engagements.feeds.actions.feeds import bind_ledger_line, trust_feed
from engagements.models import FeedReading, FeedStatus, LedgerEntry
from engagements.permissions import Role
from tests.engagements.discussion.discussion import as_, house
from tests.factories.engagements import NOW
from tests.factories.ledger import commitment, funder
from tests.factories.publisher import publisher

pytestmark = pytest.mark.django_db
STAFF, LEAD = Role.CITY_STAFF, Role.LEAD
COLUMNS = {"date": "day", "value": "usd", "key": "number", "description": "what"}


def table(*rows: tuple) -> bytes:
    return "\n".join(["day,usd,number,what", *(",".join(map(str, row)) for row in rows)]).encode() + b"\n"


@pytest.fixture
def world(settings):
    settings.FEED_PRIVATE_HOSTS = frozenset({"127.0.0.1"})
    here, _, people, _ = house()
    source = funder(here)
    commitment(here, people[STAFF], amount=100_000)
    with publisher() as server:
        address = server.put(
            "/spent.csv", table(("2026-09-01", 1200.5, "A1", "Rent"), ("2026-10-01", "$900", "A2", ""))
        )
        feed = bind_ledger_line(
            engagement=here.pk,
            stage="spent",
            funder=source.pk,
            fields={"kind": "csv", "address": address, "columns": COLUMNS, "cadence": "monthly"},
            by=people[STAFF],
            now=NOW,
        )
        yield server, here, people, feed


def spent() -> list[Decimal]:
    return sorted(LedgerEntry.objects.filter(stage="spent", reverses=None).values_list("amount_usd", flat=True))


def test_no_money_comes_in_before_a_lead_approved_the_feed(world):
    server, _, people, feed = world
    assert check_due(now=NOW) == 0 and not server.seen
    trust_feed(feed=feed.pk, expected_version=feed.version, by=people[LEAD], now=NOW)
    assert check_due(now=NOW) == 1
    assert spent() == [Decimal("900.00"), Decimal("1200.50")]
    entry = LedgerEntry.objects.get(external_id="A1")
    assert (entry.occurred_on, entry.description, entry.entered_by) == (date(2026, 9, 1), "Rent", people[STAFF])
    check_due(now=NOW + timedelta(days=1))
    assert len(spent()) == 2


def test_a_changed_entry_waits_and_is_reversed_when_it_is_accepted(world):
    server, _, people, feed = world
    trust_feed(feed=feed.pk, expected_version=feed.version, by=people[LEAD], now=NOW)
    check_due(now=NOW)
    server.put("/spent.csv", table(("2026-09-01", 1500, "A1", "Rent"), ("2026-10-01", 900, "A2", "")))
    check_due(now=NOW + timedelta(days=1))
    waiting = FeedReading.objects.get(state="waiting")
    assert waiting.value == 1500 and len(spent()) == 2
    later = NOW + timedelta(days=2)
    decide(reading=waiting.pk, accept=True, reason="The invoice was corrected", by=people[LEAD], now=later)
    taken_back = LedgerEntry.objects.get(reverses__external_id="A1")
    assert taken_back.amount_usd == Decimal("1200.50") and spent()[-1] == Decimal("1500.00")


def test_an_unusual_amount_and_one_beyond_the_commitment_wait(world):
    server, _, people, feed = world
    trust_feed(feed=feed.pk, expected_version=feed.version, by=people[LEAD], now=NOW)
    server.put(
        "/spent.csv",
        table(
            ("2026-09-01", 1200, "A1", ""),
            ("2026-09-02", 90_000, "A2", ""),
            ("2026-09-03", 11_000, "A3", ""),
            ("2026-09-04", 95_000, "A4", ""),
            ("2026-09-05", -5, "A5", ""),
        ),
    )
    check_due(now=NOW)
    assert set(FeedReading.objects.filter(state="waiting").values_list("key", flat=True)) == {"A2", "A4"}
    assert spent() == [Decimal(1200), Decimal(11_000)]


def test_the_form_of_a_line_asks_for_the_number_of_each_entry(world):
    _, here, people, _ = world
    page = f"/engagements/{here.slug}/feeds/new/"
    sent = {
        "submission": "12345678-1234-5678-1234-567812345678",
        "stage": "spent",
        "funder": funder(here).pk,
        "kind": "push",
        "date_column": "day",
        "value_column": "usd",
        "cadence": "monthly",
        "owner": people[STAFF].pk,
    }
    answer = as_(people[STAFF]).post(page, sent)
    assert answer.status_code == 422 and "number of each entry" in answer.content.decode()
    saved = as_(people[STAFF]).post(page, sent | {"key_column": "number"})
    assert saved.status_code == 302
    assert as_(people[STAFF]).get(saved["Location"]).status_code == 200
    assert FeedStatus.objects.filter(feed__kind="push", next_at=None).exists()
