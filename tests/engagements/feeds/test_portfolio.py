"""A portfolio counts what comes by itself and what people enter, and says when its numbers are no longer the newest."""

import re

import pytest
from django.core.cache import cache
from django.utils import timezone

from engagements.feeds.actions.checking import check_now
from engagements.permissions import Role
from tests.engagements.discussion.discussion import as_, house
from tests.factories.feeds import as_now, daily, make_feed
from tests.factories.indicators import approved, make_indicator
from tests.factories.publisher import publisher

pytestmark = pytest.mark.django_db
STAFF, LEAD, FUNDER = Role.CITY_STAFF, Role.LEAD, Role.FUNDER


def test_counts_by_cadence_and_newer_values(settings):
    cache.clear()
    settings.FEED_PRIVATE_HOSTS = frozenset({"127.0.0.1"})
    here, _, people, _ = house()
    today = timezone.now().date()
    approved(make_indicator(here, people[STAFF], name="By hand"), people)
    rows = [make_indicator(here, people[STAFF], name=name) for name in ("Fresh", "Old")]
    browser, page = as_(people[FUNDER]), f"/portfolio/{here.initiative.slug}/"
    with publisher() as server:
        for row, body in zip(
            rows, (daily(today, [40, 41]), daily(today.replace(year=today.year - 1), [7, 8])), strict=True
        ):
            address = server.put(f"/{row.pk}.csv", body)
            feed = make_feed(row, people[STAFF], address, people[LEAD], cadence="daily")
            check_now(feed, now=timezone.now())
        text = browser.get(page).content.decode()
        counts = re.search(r'id="cadences">(.*?)</ul>', text, re.S)[1]
        assert re.findall(r"<strong>(\d+)</strong>", counts)[:3] == ["1", "1", "1"]
        lines = {row.name: re.search(rf'<tr id="indicator-{row.pk}">(.*?)</tr>', text, re.S)[1] for row in rows}
        assert "up to today" in lines["Fresh"] and "no current value" not in lines["Fresh"]
        cells = re.findall(r"<td.*?</td>", lines["Old"], re.S)
        assert "no current value" in cells[0] and ">8" not in cells[0] and ">8" in cells[1]
        told = browser.get(f"/api/v1{page}").json()
        section = told["recorded"] or told["fictional"]
        assert {key: section["cadences"][key] for key in ("on_cadence", "overdue", "by_hand")} == {
            "on_cadence": 1,
            "overdue": 1,
            "by_hand": 1,
        }
        before = re.search(r'data-fingerprint="(\w+)"', text)[1]
        assert browser.get(f"{page}newer/").json() == {"fingerprint": before}
        server.put(f"/{rows[0].pk}.csv", daily(today, [40, 42]))
        check_now(as_now(feed.__class__.objects.get(indicator=rows[0])), now=timezone.now())
        assert browser.get(f"{page}newer/").json() != {"fingerprint": before}
