"""What the API says of itself: names, tags, problems, and that none of it is missing for an operation."""

import re

import pytest

from atlas.web.api_problems import MEDIA_TYPE
from mobility_portal.schema_view import SchemaView
from tests.atlas.web.test_public_reads import routes

METHODS = ("get", "post", "patch", "put", "delete")
VERBS = "list get create update archive restore copy compare answer choose end link log move place publish push reverse"
VERBS += " review"
VERBS = VERBS.split()


@pytest.fixture(scope="module")
def document() -> dict:
    return SchemaView.generator_class().get_schema(public=True)


@pytest.fixture(scope="module")
def operations(document) -> dict[str, dict]:
    found = [one for path in document["paths"].values() for method, one in path.items() if method in METHODS]
    named = {one["operationId"]: one for one in found}
    assert len(named) == len(found) > 70
    return named


def test_every_address_is_described(document):
    described = {re.sub(r"{\w+}", "*", path) for path in document["paths"]}
    known = {"/" + re.sub(r"<[^>]+>", "*", route) for route, _ in routes() if route.startswith("api/v1/")}
    assert described == known


def test_names_are_a_verb_and_a_thing(operations):
    for name, one in operations.items():
        verb, _, thing = name.partition("_")
        assert verb in VERBS and thing and re.fullmatch("[a-z_]+", thing) and one["summary"], name


def test_every_tag_is_explained(document, operations):
    explained = {tag["name"]: tag["description"] for tag in document["tags"]}
    used = {tag for one in operations.values() for tag in one["tags"]}
    assert used == explained.keys() and all(explained.values())


def test_every_problem_is_a_problem_document(document, operations):
    for name, one in operations.items():
        problems = {status: said for status, said in one["responses"].items() if status.startswith("4")}
        assert {"400", "429"} <= problems.keys(), name
        for said in problems.values():
            assert said["content"] == {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
            assert said["description"]
    assert document["components"]["schemas"]["Problem"]["required"] == ["type", "title", "status", "detail"]


def test_what_may_be_answered_follows_from_the_operation(operations):
    assert "404" in operations["get_city"]["responses"] and "401" not in operations["get_city"]["responses"]
    assert {"401", "403", "404"} <= operations["get_milestone"]["responses"].keys()
    assert {"403", "404"} <= operations["list_city_tracts"]["responses"].keys()  # the context to be read first
    assert {"409", "415", "422"} <= operations["update_milestone"]["responses"].keys()
    assert "422" not in operations["create_area"]["responses"]  # no Idempotency-Key there
    assert "304" in operations["list_cities"]["responses"] and "304" not in operations["list_risks"]["responses"]


def test_headers_are_described(operations):
    answered = operations["list_cities"]["responses"]
    assert {"ETag", "RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset"} == answered["200"]["headers"].keys()
    assert "RateLimit-Reset" in answered["429"]["headers"]
    sent = [one["name"] for one in operations["create_milestone"]["parameters"] if one["in"] == "header"]
    assert sent == ["Idempotency-Key"]


def test_values_and_bounds_are_declared(operations):
    asked = {one["name"]: one["schema"] for one in operations["get_city_panel"]["parameters"]}
    assert asked["view"]["enum"] == ["raw", "shrunk", "tiers", "within"] and asked["weights"]["default"] == "majority"
    asked = {one["name"]: one["schema"] for one in operations["list_measures"]["parameters"]}
    assert (asked["page_size"]["minimum"], asked["page_size"]["maximum"]) == (1, 10_000)


def test_whom_to_write_to_and_under_which_license(document, settings):
    info = document["info"]
    assert info["contact"]["email"] == settings.CONTACT_EMAIL and info["license"]["name"] and info["version"] == "1.1.0"


def test_it_is_made_once(client):
    first, second = (SchemaView.generator_class().get_schema(public=True) for _ in range(2))
    assert first is second
