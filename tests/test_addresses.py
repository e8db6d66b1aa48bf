"""Every address the portal has, as a stranger: what answers, what it may do, what it may never say."""

import pytest
from django.urls import get_resolver

from tests.factories import portal

PUBLIC = {
    "": 200,
    "healthz": 200,
    "api/schema/": 200,
    "api/docs/": 200,
    "data/": 200,
    "data/jobs/": 200,
    "data/fetches/": 200,
    "data/jobs/<uuid:pk>/": 404,
    "api/v1/measures/": 200,
    "api/v1/releases/": 200,
    "api/v1/cities/": 200,
    "api/v1/cities/<slug:slug>/": 200,
    "api/v1/cities/<slug:slug>/tracts/": 200,
    "cities/<slug:slug>/": 200,
    "cities/<slug:slug>/geometry.json": 200,
    "cities/<slug:slug>/map.json": 200,
    "cities/<slug:slug>/<str:panel>.csv": 200,
}
pytestmark = pytest.mark.django_db


def routes(patterns, prefix=""):
    for pattern in patterns:
        route = prefix + str(pattern.pattern)
        if hasattr(pattern, "url_patterns"):
            yield from routes(pattern.url_patterns, route)
        else:
            yield route


def address(route: str, slug: str = "springfield") -> str:
    filled = route.replace("<slug:slug>", slug).replace("<str:panel>", "tracts")
    return "/" + filled.replace("<uuid:pk>", "12345678-1234-5678-1234-567812345678")


def test_the_table_names_every_address():
    assert set(routes(get_resolver().url_patterns)) == set(PUBLIC)


def test_each_answers_as_the_table_says(tmp_path, client):
    portal.build(tmp_path)
    assert {route: client.get(address(route)).status_code for route in PUBLIC} == PUBLIC


def test_unknown_cities_are_404_everywhere(client):
    for route in PUBLIC:
        if "<slug:slug>" in route:
            assert client.get(address(route, "nowhere")).status_code == 404, route


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_nothing_public_can_be_written(tmp_path, client, method):
    portal.build(tmp_path)
    for route in PUBLIC:
        assert getattr(client, method)(address(route)).status_code in (401, 403, 404, 405), route


def test_every_page_carries_the_strict_policy(tmp_path, client):
    portal.build(tmp_path)
    for route in ("", "data/", "api/docs/", "cities/<slug:slug>/"):
        policy = client.get(address(route))["Content-Security-Policy"]
        assert "unsafe" not in policy and "default-src 'self'" in policy and "http" not in policy, route


def test_pages_and_data_page_tell_no_path_of_the_machine(tmp_path, client):
    portal.build(tmp_path)
    for route in PUBLIC:
        assert str(tmp_path).encode() not in client.get(address(route)).content, route
