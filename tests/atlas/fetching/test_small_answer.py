"""An answer of a server nobody vouches for: never from a private network, tokens to the first host alone."""

import pytest

from atlas.fetching import session, small_answer
from atlas.fetching.addresses import find_private_host, is_public
from atlas.fetching.errors import FetchError
from atlas.fetching.small_answer import fetch_small
from tests.factories.publisher import publisher

HERE = frozenset({"127.0.0.1"})


@pytest.mark.parametrize(
    ("ip", "public"),
    [
        ("8.8.8.8", True),
        ("2606:4700:4700::1111", True),
        ("127.0.0.1", False),
        ("10.1.2.3", False),
        ("100.64.0.1", False),
        ("169.254.169.254", False),
        ("0.0.0.0", False),
        ("224.0.0.1", False),
        ("::1", False),
        ("fe80::1%eth0", False),
        ("fd00::1", False),
        ("::ffff:127.0.0.1", False),
        ("64:ff9b::7f00:1", False),
        ("64:ff9b::808:808", True),
        ("2002:7f00:1::", False),
    ],
)
def test_what_is_of_the_internet(ip, public):
    assert is_public(ip) is public


@pytest.mark.parametrize(
    "host", ["2130706433", "0x7f000001", "0177.0.0.1", "127.1", "localhost", "LOCALHOST.", "[::1]"]
)
def test_this_machine_in_other_clothes(host):
    assert find_private_host(f"http://{host}/")


def test_a_name_that_resolves_elsewhere_a_moment_later_reaches_nothing(monkeypatch):
    monkeypatch.setattr(small_answer, "find_private_host", lambda address: "")  # it looked public when it was asked
    with publisher() as server:
        address = server.put("/a.csv", b"month,seen\n")
        with pytest.raises(FetchError, match="private network"):
            fetch_small(address.replace("127.0.0.1", "localhost"))
        with pytest.raises(FetchError, match="private network"):
            fetch_small(address)
        assert not server.seen and fetch_small(address, private_hosts=HERE).body == b"month,seen\n"


def test_a_token_is_not_sent_to_where_the_first_host_redirects(monkeypatch):
    with publisher() as first, publisher() as second:
        target = second.put("/a.csv", b"a,b\n")
        monkeypatch.setattr(session, "resolve_redirect", lambda address, location: target)
        fetch_small(first.put("/a.csv", b"", "here"), secrets={"X-App-Token": "s3cret"}, private_hosts=HERE)
        assert first.seen[0][2]["X-App-Token"] == "s3cret" and "X-App-Token" not in second.seen[0][2]


def test_a_redirect_into_a_private_network_is_refused_behind_a_proxy_too(monkeypatch):
    with publisher() as server:
        monkeypatch.setattr(session, "resolve_redirect", lambda address, location: "http://10.0.0.1/a.csv")
        with pytest.raises(FetchError, match="redirects to 10.0.0.1 in a private network"):
            fetch_small(server.put("/a.csv", b"", "here"), private_hosts=HERE)
