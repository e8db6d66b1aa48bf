"""A city's page on paper: few pages, none of them blank, nothing cut off."""

import io

import pypdf
import pytest
from django.db import connection

from tests.browser.chromium import CHROMIUM, browser_page
from tests.factories import portal as small_portal

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM.exists(), reason="no Chromium at /usr/bin/chromium"),
    pytest.mark.django_db(transaction=True),
]
MOST_PAGES = 6


def test_a_city_takes_six_pages_at_most_and_none_is_blank(live_server, tmp_path):
    small_portal.build(tmp_path)
    with browser_page(live_server.url) as page:
        page.goto(f"{live_server.url}/cities/springfield/")
        printed = pypdf.PdfReader(io.BytesIO(page.pdf(format="Letter")))
        connection.close()
    assert 1 <= len(printed.pages) <= MOST_PAGES
    for number, sheet in enumerate(printed.pages, 1):
        assert len(sheet.extract_text().split()) > 20, f"page {number} says next to nothing"
