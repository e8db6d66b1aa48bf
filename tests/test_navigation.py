"""The header on real pages: links by role, the open one marked, tabs of a phone; strangers all get the same one."""

import re

import pytest
from django.test import Client

from engagements.permissions import Role
from tests.factories.engagements import UserFactory, everybody, pair

pytestmark = pytest.mark.django_db

NAV = re.compile(r'<nav class="site-nav".*?</nav>', re.S)
LINK = re.compile(r'<a href="([^"]+)"( aria-current="(?:page|true)")?>([^<]+)</a>')
LABELS = {
    Role.LEAD: ["My work", "Engagements", "Cities", "What works", "Portfolio"],
    Role.ADVISER: ["My work", "Cities", "What works", "Portfolio", "Data and methods"],
    Role.CITY_STAFF: ["My work", "Cities", "What works", "Portfolio", "Data and methods"],
    Role.LOCAL_PARTNER: ["My work", "Cities", "What works", "Portfolio", "Data and methods"],
    Role.EXPERT: ["My work", "Cities", "What works", "Data and methods"],
    Role.FUNDER: ["Portfolio", "Cities", "What works", "Data and methods"],
}


def client_of(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def links(page: str) -> list[tuple[str, str, str]]:
    return LINK.findall(NAV.search(page)[0])


@pytest.mark.parametrize("role", list(LABELS))
def test_every_entry_of_a_role_opens(role):
    client = client_of(everybody(pair()[0])[role])
    page = client.get("/accessibility/").content.decode()
    assert [label for _, _, label in links(page)] == LABELS[role]
    for url, _, label in links(page):
        assert client.get(url, follow=True).status_code == 200, label
    tabs = re.search(r'<nav class="tabbar".*?</nav>', page, re.S)[0]
    logs = role not in (Role.FUNDER, Role.LOCAL_PARTNER)
    assert ('href="/log/"' in tabs) == logs
    for url in re.findall(r'<a href="([^"]+)"', tabs):
        assert client.get(url, follow=True).status_code == 200, url


def test_strangers_get_the_same_header_each_time_and_no_token(client):
    pages = [client.get("/accessibility/").content.decode() for _ in range(2)]
    assert pages[0] == pages[1] and "csrf" not in pages[0] and "tabbar" not in pages[0]
    assert [label for _, _, label in links(pages[0])] == ["Cities", "Compare", "What works", "Data and methods"]
    for url, _, label in links(pages[0]):
        assert client.get(url, follow=True).status_code == 200, label


def test_people_without_a_role_have_a_strangers_entries_and_can_sign_out():
    page = client_of(UserFactory()).get("/accessibility/").content.decode()
    assert [label for _, _, label in links(page)] == ["Cities", "Compare", "What works", "Data and methods"]
    assert "/accounts/logout/" in page


@pytest.mark.parametrize(
    "path, current",
    [
        ("/what-works/", "What works"),
        ("/evidence/", "What works"),
        ("/data/", "Data and methods"),
        ("/methods/", "Data and methods"),
    ],
)
def test_the_open_page_is_marked(client, path, current):
    marked = [label for _, mark, label in links(client.get(path).content.decode()) if mark]
    assert marked == [current]
