"""City staff bring a finance table with bad rows: nothing changes and the file comes back; mended, it is kept; what a
program posts meanwhile appears on the open page by itself."""

import re
import time
from datetime import timedelta
from pathlib import Path

import pytest
import requests
from django.utils import timezone
from playwright.sync_api import expect

from engagements.models import LedgerEntry, TableMapping
from engagements.people.actions.tokens import make_access_token
from engagements.permissions import Role
from tests.browser.test_city_page import CHROMIUM
from tests.browser.test_milestone_import import open_page
from tests.factories.engagements import PASSWORD, EngagementFactory, member
from tests.factories.ledger import commitment, funder
from tests.patience import patience

pytestmark = [pytest.mark.browser, pytest.mark.skipif(not CHROMIUM.exists(), reason="no Chromium at /usr/bin/chromium")]
HEADER = "Type,Amount,Posting Date,Voucher,Vendor,Fund\n"
BAD = (
    HEADER
    + """Encumbrance,"$2,000.00",11/03/2026,V-1,Acme,A Fund
Paid out,TBD,11/04/2026,V-2,Acme,A Fund
Paid out,-40,11/05/2026,V-3,Acme,A Fund
Paid out,90000,11/06/2026,V-4,Acme,A Fund
"""
)
MENDED = (
    HEADER
    + """Encumbrance,"$2,000.00",11/03/2026,V-1,Acme,A Fund
Paid out,500.50,11/04/2026,V-2,Acme,A Fund
"""
)


def fits_a_phone_too(page) -> bool:
    fits = []
    for width in (1280, 390):
        page.set_viewport_size({"width": width, "height": 900})
        fits.append(page.evaluate("document.documentElement.scrollWidth") <= width)
    return all(fits)


@patience
def test_a_finance_table_and_an_entry_by_a_program(live_server, tmp_path: Path, patience):
    engagement = EngagementFactory()
    commitment(engagement, amount=5_000)
    staff = member(Role.CITY_STAFF, engagement, email="dana@example.org", name="Dana")
    staff.set_password(PASSWORD)
    staff.save()
    (tmp_path / "bad.csv").write_text(BAD)
    (tmp_path / "mended.csv").write_text(MENDED)
    with open_page(live_server.url, viewport={"width": 1280, "height": 900}) as page:
        page.goto(f"{live_server.url}/engagements/{engagement.slug}/money/import/")
        page.get_by_label("Email").fill("dana@example.org")
        page.get_by_label("Password").fill(PASSWORD)
        page.keyboard.press("Enter")
        page.get_by_label("Your table").set_input_files(tmp_path / "bad.csv")
        page.get_by_role("button", name="Match columns").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Match columns")
        assert fits_a_phone_too(page)
        expect(page.get_by_role("group", name="Amount").get_by_label("Column")).to_have_value("amount")
        page.get_by_label("Dates look like").select_option("month_first")
        expect(page.get_by_label("“Paid out”")).to_have_value("disbursed")
        page.get_by_label("Where the table comes from").fill("Munis")
        page.get_by_label("Save these choices as").fill("Munis, monthly")
        page.get_by_role("button", name="Check file").click()
        expect(page.get_by_role("alert")).to_contain_text(re.compile(r"\b3 rows\b.*\bnothing\b"))
        expect(page.get_by_role("button", name="Import")).to_have_count(0)
        assert fits_a_phone_too(page)
        with page.expect_download() as download:
            page.get_by_role("button", name="Download the file with reasons").click()
        given = Path(download.value.path()).read_text(encoding="utf-8-sig").splitlines()
        assert len(given) == 5 and "Leave the row out" in given[2] and "takes something back" in given[3]
        assert "but $5,000 committed" in given[4] and LedgerEntry.objects.count() == 1

        page.get_by_role("link", name="Import another file").click()
        page.get_by_label("Your table").set_input_files(tmp_path / "mended.csv")
        page.get_by_label("How to read it").select_option(str(TableMapping.objects.get().pk))
        page.get_by_role("button", name="Match columns").click()
        page.get_by_role("button", name="Import 2 rows").click()
        expect(page.get_by_role("status").first).to_contain_text("2 rows of the table are in the ledger")
        expect(page.locator(".stage-disbursed .stage-usd")).to_have_text("$500.50")

        now = timezone.now()
        _, secret = make_access_token(
            name="Munis", scopes=["write:ledger"], expires_at=now + timedelta(days=1), by=staff, now=now
        )
        began = time.monotonic()
        answer = requests.post(
            f"{live_server.url}/api/v1/ledger/entries/",
            timeout=30,
            json={
                "engagement": engagement.pk,
                "stage": "spent",
                "amount": "123.45",
                "occurred_on": "2026-11-20",
                "funder": funder(engagement).pk,
                "payee": "Acme",
            },
            # An open connection would keep the server's own one to the database, which is about to be dropped.
            headers={"Authorization": f"Bearer {secret}", "Idempotency-Key": "one", "Connection": "close"},
        )
        assert answer.status_code == 201
        expect(page.locator(".stage-spent .stage-usd")).to_have_text("$123.45", timeout=5_000 * patience)
        expect(page.locator(f"#entry-{answer.json()['id']}")).to_contain_text("$123.45")
        assert time.monotonic() - began < 6 * patience  # posting itself, and at most five seconds until it is seen
        assert fits_a_phone_too(page)
        with page.expect_response("**/money/live/**"):  # the last question is answered before the server goes
            pass
        page.goto("about:blank")
