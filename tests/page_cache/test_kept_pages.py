"""Public pages are kept: one page for all strangers, never older than what it shows, never too many of them."""

import gzip
import time
from datetime import date
from threading import Thread

import brotli
import pytest
from django.core.cache import cache
from django.db import Error, connection
from django.test import Client

from atlas.ingest import areas
from atlas.models import City
from dashboards.places import panel_views
from dashboards.places import views as place_views
from engagements import models
from mobility_portal.page_cache import middleware
from mobility_portal.page_cache.kept_page import choose_encoding
from mobility_portal.page_cache.store import SLOTS, NearPages
from tests.factories import portal
from tests.factories.engagements import NOW, EngagementFactory, UserFactory

pytestmark = pytest.mark.django_db(transaction=True)
HOST = {"host": "testserver"}
CITY = "/cities/springfield/"


@pytest.fixture
def built(tmp_path):
    return portal.build(tmp_path)


@pytest.fixture
def made(monkeypatch):
    """How often the page of a place was made, by its path."""
    paths = []
    own = place_views.find_place

    def counted(kind, slug, viewer=None):
        paths.append(slug)
        return own(kind, slug, viewer)

    monkeypatch.setattr(place_views, "find_place", counted)
    return paths


def read(address: str = CITY, client: Client | None = None, **headers):
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return (client or Client()).get(address, headers=HOST | named)


def test_a_page_is_made_once_and_comes_in_each_encoding(built, made):
    plain = read()
    assert plain.status_code == 200 and len(made) == 1
    packed, zipped = read(accept_encoding="gzip, br"), read(accept_encoding="gzip")
    assert len(made) == 1
    assert (packed["Content-Encoding"], zipped["Content-Encoding"]) == ("br", "gzip")
    assert brotli.decompress(packed.content) == gzip.decompress(zipped.content) == plain.content
    assert len({answer["ETag"] for answer in (plain, packed, zipped)}) == 3
    for answer in (plain, packed, zipped):
        assert answer["Content-Length"] == str(len(answer.content))
        assert answer["Cache-Control"] == "public, no-cache"
        assert {"Accept-Encoding", "Cookie"} <= {each.strip() for each in answer["Vary"].split(",")}


def test_what_a_reader_has_is_not_sent_again(built):
    tag = read(accept_encoding="br")["ETag"]
    for held in (tag, f"W/{tag}", f'"other", {tag}', "*"):
        again = read(accept_encoding="br", if_none_match=held)
        assert (again.status_code, again.content, again["ETag"]) == (304, b"", tag), held
        assert "no-cache" in again["Cache-Control"] and "Content-Encoding" not in again
    assert read(accept_encoding="br", if_none_match='"other"').status_code == 200


MAP, CARD = f"{CITY}map.json?view=within", f"{CITY}card.html?tract={portal.CITY_TRACTS[0]}"


@pytest.mark.parametrize("address", [MAP, CARD])
def test_what_the_map_asks_for_is_made_once(built, monkeypatch, address):
    paths, own = [], panel_views.find_place
    monkeypatch.setattr(panel_views, "find_place", lambda *found: paths.append(found) or own(*found))
    plain, packed = read(address), read(address, accept_encoding="br")
    assert len(paths) == 1 and brotli.decompress(packed.content) == plain.content
    assert read(address, if_none_match=plain["ETag"]).status_code == 304
    _note(built)
    assert read(address).status_code == 200 and len(paths) == 2


@pytest.mark.parametrize(
    ("query", "status"),
    [("map.json?measure=nonsense", 404), ("card.html?tract=26163999999", 404), ("map.json?other=1", 400)],
)
def test_what_the_map_cannot_have_is_not_kept(built, query, status):
    for _ in range(2):
        answer = read(f"{CITY}{query}", accept_encoding="br")
        assert answer.status_code == status and "Content-Encoding" not in answer


@pytest.mark.parametrize(
    "address", ["/", CITY, "/methods/", "/what-works/", "/evidence/", f"{CITY}?weights=share", MAP, CARD]
)
def test_a_kept_page_has_every_header_of_a_fresh_one(built, settings, address):
    read(address)
    kept = read(address)
    settings.MIDDLEWARE = [each for each in settings.MIDDLEWARE if "page_cache" not in each]
    fresh = read(address)
    assert kept.content == fresh.content
    own = {"ETag", "Cache-Control", "Vary", "X-Request-ID"}
    assert {k: v for k, v in kept.items() if k not in own} == {k: v for k, v in fresh.items() if k not in own}
    assert "default-src 'self'" in kept["Content-Security-Policy"] and kept["X-Frame-Options"] == "DENY"


@pytest.mark.parametrize("address", ["/", CITY, f"{CITY}analysis/", "/methods/", "/evidence/", "/compare/"])
def test_strangers_read_the_same_bytes(built, settings, address):
    """Made anew for each, as if nothing were kept."""
    settings.MIDDLEWARE = [each for each in settings.MIDDLEWARE if "page_cache" not in each]
    with_cookie = Client()
    with_cookie.get("/accounts/login/")
    answers = [
        read(address),
        read(address, with_cookie),
        read(address, user_agent="another", accept_language="es", referer="http://elsewhere.example/"),
        read(address, cookie=f"theme=dark; csrftoken={'a' * 32}"),
    ]
    assert len({answer.content for answer in answers}) == 1
    assert not any(answer.cookies for answer in answers)
    assert b"csrfmiddlewaretoken" not in answers[0].content


def test_a_request_with_a_prefix_is_neither_kept_nor_answered_from_what_is_kept(built):
    """A server may make SCRIPT_NAME of a header: all links of the page begin with it."""
    for _ in range(2):
        assert "ETag" not in Client().get("/methods/", headers=HOST, SCRIPT_NAME="/elsewhere")
        assert "ETag" in read("/methods/")


def test_who_is_signed_in_reads_a_page_of_their_own(built, made):
    person = UserFactory(name="Ada Quist")
    stranger = read()
    client = Client()
    client.force_login(person)
    own = read(CITY, client)
    assert own.content != stranger.content and b"Ada Quist" in own.content
    assert "public" not in own.get("Cache-Control", "") and "ETag" not in own
    assert read().content == stranger.content and b"Ada Quist" not in read().content
    assert len(made) == 2


def test_a_waiting_message_is_nobody_elses(built, made):
    read()
    read(cookie="messages=W10")
    read(authorization="Bearer x")
    read(hx_request="true")
    assert len(made) == 4


def _note(city):
    models.LocalNote.objects.create(
        city=city, began_on=date(2020, 1, 1), body="A bridge closed.", source="a test", created_at=NOW
    )


def _participation(city):
    engagement = EngagementFactory(city=city)
    models.Participation.objects.create(
        engagement=engagement, status="active", began_on=date(2026, 1, 1), source="a test"
    )


@pytest.mark.parametrize("change", [_note, _participation], ids=["note", "participation"])
def test_work_that_a_page_shows_shows_at_once(built, change):
    before = read(CITY)
    assert read(CITY)["ETag"] == before["ETag"]
    change(built)
    after = read(CITY, if_none_match=before["ETag"])
    assert after.status_code == 200 and after.content != before.content


def test_a_name_that_a_note_is_signed_with_shows_at_once(built):
    author = UserFactory(name="Before Name")
    models.LocalNote.objects.create(city=built, began_on=date(2020, 1, 1), body="Said.", author=author, created_at=NOW)
    assert b"Before Name" in read().content
    models.User.objects.filter(pk=author.pk).update(name="After Name")
    assert b"After Name" in read().content


def test_signing_in_makes_no_page_old(built, made):
    person = UserFactory()
    read()
    Client().force_login(person)  # writes the time of it into the person's row
    read()
    assert len(made) == 1


def test_a_flip_a_new_city_and_new_code_show_at_once(built, made, settings):
    before = read("/")
    portal.add_city("elsewhere", "2677778")
    assert b"Elsewhere" in read("/").content and read("/")["ETag"] != before["ETag"]
    read()
    City.objects.filter(slug="springfield").update(name="Shelbyville")
    assert b"Shelbyville" in read().content
    count = len(made)
    settings.CODE_VERSION = "another"
    read()
    assert len(made) == count + 1


@pytest.mark.parametrize(
    ("address", "headers"),
    [
        (CITY, {"host": "testserver:81"}),
        (CITY, {"host": "TESTSERVER"}),
        (CITY, {"range": "bytes=0-1"}),
        (f"{CITY}?utm_source=letter", {}),
        (f"{CITY}?measure={'x' * 101}", {}),
        (f"{CITY}?{'&'.join(['view=raw'] * 13)}", {}),
        ("/cities/nowhere/", {}),
        (f"{CITY}?measure=nonsense", {}),
        ("/search/?q=bench", {}),
        ("/data/", {}),
    ],
)
def test_what_makes_no_entry(built, address, headers):
    cache.clear()
    Client().get(address, headers=HOST | headers)
    assert kept_entries() == []


def test_a_head_and_an_old_proxy_make_no_entry_and_are_answered(built, made):
    client = Client()
    assert client.head(CITY, headers=HOST).content == b""
    client.get(CITY, headers=HOST, SERVER_PROTOCOL="HTTP/1.0")
    assert kept_entries() == []
    page = read()
    head = client.head(CITY, headers=HOST)
    assert head.content == b"" and head["ETag"] == page["ETag"] and head["Content-Length"] == page["Content-Length"]
    assert client.get(CITY, headers=HOST, SERVER_PROTOCOL="HTTP/1.0").content == page.content
    assert read(range="bytes=0-9").content == page.content  # a server may ignore a range


def test_many_addresses_share_a_bounded_number_of_places(built, monkeypatch):
    monkeypatch.setattr("mobility_portal.page_cache.store.SLOTS", 2)
    for code in (*portal.CITY_TRACTS, portal.OUTSIDE):
        assert read(f"/tracts/{code}/").status_code == 200
    assert 1 <= len([key for key in kept_entries() if "page-slot" in key]) <= 2
    assert SLOTS <= 1024
    near = NearPages(most=2)
    page = middleware.keep(read(), "v")
    for name in "abc":
        near.put(("http://testserver", name, ""), page)
    assert len(near) == 2 and near.find(("http://testserver", "a", ""), "v") is None


def kept_entries() -> list[str]:
    client = cache._cache.get_client(None)
    return [key.decode() for key in client.keys("*") if b":page" in key]


def test_a_page_with_a_failed_panel_is_not_kept(built, made, monkeypatch):
    def broken(*_):
        raise RuntimeError("planted")

    with monkeypatch.context() as patched:
        patched.setattr("dashboards.panels.catalog.panel", broken)
        first = read()
        assert first.status_code == 200 and "ETag" not in first
    assert read()["ETag"]
    assert len(made) == 2


def test_what_changes_while_a_page_is_made_is_not_hidden_by_it(built, monkeypatch):
    own = place_views.find_place

    def slow(*asked):
        found = own(*asked)
        City.objects.filter(slug="springfield").update(name="Shelbyville")
        return found

    with monkeypatch.context() as patched:
        patched.setattr(place_views, "find_place", slow)
        assert "ETag" not in read()
    assert b"Shelbyville" in read().content


def test_one_request_makes_a_page_while_others_wait(built, made, monkeypatch):
    own = place_views.find_place

    def slow(*asked):
        time.sleep(0.4)
        return own(*asked)

    monkeypatch.setattr(place_views, "find_place", slow)
    monkeypatch.setattr(middleware, "PATIENCE", 60.0)  # a busy machine takes more than three seconds
    tags = []

    def ask():
        tags.append(read()["ETag"])
        connection.close()

    threads = [Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(tags)) == 1 and len(tags) == 4 and len(made) == 1


def test_an_area_is_made_once_for_strangers_until_it_changes_or_is_closed(built, made):
    owner = UserFactory()
    token = areas.create_area("pasted", "Ours", portal.CITY_TRACTS, owner=owner.pk)
    address = f"/areas/{token}/"
    first = read(address)
    assert first["Cache-Control"] == "private, no-cache"  # in no cache but ours
    assert first.status_code == 200 and read(address).content == first.content and len(made) == 1
    assert first["X-Robots-Tag"] == read(address)["X-Robots-Tag"]
    areas.update_area(token, by=owner.pk, name="Renamed", note="", by_link=True)
    assert b"Renamed" in read(address).content and len(made) == 2
    areas.update_area(token, by=owner.pk, name="Renamed", note="", by_link=False)
    assert read(address).status_code == 404
    mine = Client()
    mine.force_login(owner)
    assert read(address, mine).status_code == 200
    assert read(address).status_code == 404
    areas.update_area(token, by=owner.pk, name="Renamed", note="", by_link=True)
    assert read(address).status_code == 200
    areas.archive_area(token, by=owner.pk)
    assert read(address).status_code == 404


def test_pages_are_answered_without_a_database_version(built, monkeypatch):
    def away():
        raise Error("planted")

    monkeypatch.setattr(middleware.watch, "_read", away)
    assert read().status_code == 200


@pytest.mark.parametrize(
    ("accepted", "chosen"),
    [
        ("", ""),
        ("gzip, deflate, br, zstd", "br"),
        ("gzip", "gzip"),
        ("br;q=0.1, gzip;q=0.9", "gzip"),
        ("br;q=0, gzip;q=0", ""),
        ("*", "br"),
        ("*;q=0", ""),
        ("BR", "br"),
        ("br;q=nan", ""),
        ("br;q=1e400, gzip;q=2", ""),
        ("identity", ""),
        (",;,;;q=,\x00", ""),
        ("x" * 100_000 + ",br", ""),
    ],
)
def test_encodings(accepted, chosen):
    assert choose_encoding(accepted) == chosen
