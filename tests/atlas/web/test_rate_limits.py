"""One address for every rate limit, and one table for all of them."""

import pytest
from allauth.account.adapter import get_adapter
from django.conf import settings as portal
from django.core.exceptions import PermissionDenied
from django.test import RequestFactory

from atlas.web import rate_limits
from engagements.base.api.throttling import StrangerThrottle


def request_from(remote: str, forwarded: str | None = None):
    headers = {} if forwarded is None else {"X-Forwarded-For": forwarded}
    return RequestFactory().get("/", REMOTE_ADDR=remote, headers=headers)


@pytest.mark.parametrize(
    ("behind", "remote", "forwarded", "address"),
    [
        (False, "192.0.2.1", None, "192.0.2.1"),
        (False, "192.0.2.1", "198.51.100.7", "192.0.2.1"),
        (True, "10.0.0.1", "198.51.100.7", "198.51.100.7"),
        (True, "10.0.0.1", "203.0.113.9, 198.51.100.7", "198.51.100.7"),
        (True, "10.0.0.1", None, "10.0.0.1"),
        (True, "10.0.0.1", "198.51.100.7:4711", "198.51.100.7"),
        (True, "10.0.0.1", "[2001:DB8::1]:443", "2001:db8::1"),
        (True, "10.0.0.1", "2001:0db8:0:0::1", "2001:db8::1"),
        (True, "10.0.0.1", "unknown", ""),
        (False, "", None, ""),
    ],
)
def test_every_limit_counts_the_same_address(settings, behind, remote, forwarded, address):
    settings.BEHIND_HTTPS = behind
    request = request_from(remote, forwarded)
    assert rate_limits.client_address(request) == address
    assert StrangerThrottle().get_cache_key(request, None) == f"throttle_stranger_{address}"
    if address:
        assert get_adapter().get_client_ip(request) == address
    else:
        with pytest.raises(PermissionDenied):
            get_adapter().get_client_ip(request)


def test_the_settings_hold_the_declared_limits():
    assert portal.ACCOUNT_RATE_LIMITS is rate_limits.ACCOUNTS
    assert portal.MFA_RATE_LIMITS is rate_limits.SECOND_FACTOR
    assert StrangerThrottle.THROTTLE_RATES == rate_limits.API
