"""A passkey in a real browser, under the strict policy: added, and used instead of the password."""

import pytest
from django.contrib.auth import get_user_model
from playwright.sync_api import expect

from tests.browser.chromium import CHROMIUM
from tests.browser.test_operating import open_page

pytestmark = [pytest.mark.browser, pytest.mark.skipif(not CHROMIUM.exists(), reason="no Chromium at /usr/bin/chromium")]
KEY = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.mark.django_db
def test_a_passkey_signs_in_alone(live_server, settings):
    settings.MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = True
    house = live_server.url.replace("127.0.0.1", "localhost")
    get_user_model().objects.create_user("ann@example.org", "quiet-Harbour-42", name="Ann")
    with open_page(house, viewport={"width": 390, "height": 844}) as page:
        session = page.context.new_cdp_session(page)
        session.send("WebAuthn.enable")
        session.send("WebAuthn.addVirtualAuthenticator", {"options": KEY})
        page.goto(f"{house}/accounts/login/?next=/accounts/2fa/webauthn/add/")
        page.get_by_label("Email").fill("ann@example.org")
        page.get_by_label("Password").fill("quiet-Harbour-42")
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", level=1)).to_have_text("Confirm that it is you")
        page.get_by_label("Password").fill("quiet-Harbour-42")
        page.keyboard.press("Enter")
        page.get_by_role("button", name="Add the passkey").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Recovery codes")
        page.get_by_role("banner").locator("summary").click()  # on a phone the account is in the menu
        page.get_by_role("banner").get_by_role("button", name="Sign out").click()
        page.wait_for_url(f"{house}/")  # the device wipes what it kept first
        page.goto(f"{house}/accounts/login/?next=/me/")
        page.get_by_role("button", name="Sign in with a passkey").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Ann")
        assert page.problems == []
