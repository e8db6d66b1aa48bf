"""A kept page as bytes."""

import struct

import pytest
from django.core.cache import cache
from django.http import HttpResponse

from mobility_portal.page_cache.kept_page import KeptPage, keep
from mobility_portal.page_cache.store import _place, find_page, put_page
from mobility_portal.page_cache.written_page import NotAPage, read_page, write_page


@pytest.fixture
def page() -> KeptPage:
    return keep(HttpResponse("<p>Detroit ✓</p>" * 50, headers={"X-Of-The-Page": "yes"}), "v1")


def test_it_comes_back_as_it_was(page):
    assert read_page(write_page("key", page)) == ("key", page)
    assert page.plain.decode().startswith("<p>Detroit ✓")


def test_what_is_no_page_is_told_apart_wherever_it_is_cut_or_changed(page):
    whole = write_page("key", page)
    head = struct.unpack(">I", whole[:4])[0]
    wrong = [None, "text", {}, b"", b"\0" * 4, whole[:3], whole[: head // 2], struct.pack(">I", 2) + b"[]"]
    for written in wrong:
        with pytest.raises(NotAPage):
            read_page(written)


def test_only_the_page_of_this_key_and_version_is_found(page):
    put_page("key", page, is_few=True)
    assert find_page("key", "v1", is_few=True) == page
    assert find_page("key", "v2", is_few=True) is None
    put_page("other", page, is_few=True)
    cache.set(_place("key", True), cache.get(_place("other", True)), 60)
    assert find_page("key", "v1", is_few=True) is None, "of another address"
    cache.set(_place("key", True), b"not a page", 60)
    assert find_page("key", "v1", is_few=True) is None
