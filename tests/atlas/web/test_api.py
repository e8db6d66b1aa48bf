"""The API as a researcher's script reads it."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from atlas.web.api_problems import errors_by_field
from tests.factories import portal

pytestmark = pytest.mark.django_db
TRACTS = "/api/v1/cities/springfield/tracts/?measure=kfr_pooled_pooled_p25_usd_2015"


@pytest.fixture
def built(tmp_path):
    return portal.build(tmp_path)


def test_every_list_is_count_next_results(built, client):
    for url in ("/api/v1/cities/", "/api/v1/measures/", "/api/v1/releases/", TRACTS):
        body = client.get(url).json()
        assert {"count", "next", "results"} <= body.keys() and "previous" not in body
        assert body["count"] == len(body["results"]) and body["next"] is None


def test_the_headline_says_everything(built, client):
    found = client.get("/api/v1/cities/springfield/").json()["headline"]
    assert found["measure"] == "kfr_pooled_pooled_p25" and 0 < found["value"] < 1
    assert found["standard_error"] is None and found["standard_error_reason"]
    assert {"usd", "coverage", "weight_rule", "references"} <= found.keys()
    assert found["references"][0]["value"] == 0.34619635


def test_tracts_are_published_values_in_their_shortest_text(built, client):
    response = client.get(TRACTS)
    body = response.json()
    first = body["results"][0]
    assert first["geoid"] == "26163500100" and b'"value":20000,' in response.content
    assert {"name", "standard_error", "count", "share_in_city", "national_percentile"} <= first.keys()
    assert body["measure"]["unit"] == "usd_2015" and body["standard_error_reason"]
    assert body["sources"][0]["citation"].startswith("Chetty")


def test_derived_ranks_are_marked(built, client):
    body = client.get("/api/v1/cities/springfield/tracts/?measure=kfr_pooled_pooled_p25").json()
    assert body["measure"]["derived_from"] == "kfr_pooled_pooled_p25_usd_2015"


def test_pages_follow(built, client):
    body = client.get(TRACTS + "&page_size=3").json()
    assert body["count"] == 4 and len(body["results"]) == 3 and "page=2" in body["next"]


@pytest.mark.parametrize(
    ("url", "status"),
    [
        ("/api/v1/cities/nowhere/", 404),
        ("/api/v1/cities/nowhere/tracts/", 404),
        ("/api/v1/cities/springfield/tracts/?measure=<script>", 404),
        (TRACTS + "&page=99", 404),
    ],
)
def test_mistakes_are_problem_documents(built, client, url, status):
    response = client.get(url)
    assert response.status_code == status == response.json()["status"]
    assert response["Content-Type"] == "application/problem+json"
    assert isinstance(response.json()["detail"], str)


def test_the_tracts_name_the_nearest_measure_as_every_other_address_does(built, client):
    body = client.get("/api/v1/cities/springfield/tracts/?measure=kfr_pooled_pooled_p52").json()
    assert body["detail"].startswith("There is no measure 'kfr_pooled_pooled_p52' here. Nearest: kfr_pooled_pooled_p25")


@pytest.mark.parametrize("url", ["/api/v1/nonsense/", "/api/", "/api/v2/cities/", "/api/v1/cities/spring field/"])
def test_an_address_the_api_does_not_have_is_a_problem_document(client, url):
    response = client.get(url)
    assert (response.status_code, response["Content-Type"]) == (404, "application/problem+json")
    assert response.json() == {
        "type": "about:blank",
        "title": "Not found.",
        "status": 404,
        "detail": "There is nothing at this address; /api/docs/ lists every address of the API.",
        "request_id": response["X-Request-ID"],
    }
    assert client.get("/nonsense/")["Content-Type"].startswith("text/html")


def test_what_is_wrong_is_a_sentence_and_the_same_by_field(client):
    """Lists, fields inside fields and rows: one text for people, one object for programs."""
    response = client.post("/api/v1/areas/", {"name": "", "geoids": []}, content_type="application/json")
    body = response.json()
    assert response.status_code == 400 and set(body["errors"]) == {"name", "geoids"}
    assert body["detail"].startswith("name: This field may not be blank. geoids: ")
    body = client.get("/api/v1/compare/").json()
    assert body["detail"].startswith("Name the cities") and body["errors"] == {"": [body["detail"]]}
    assert errors_by_field({"geoids": {3: ["Too long."]}, "rows": [{"a": ["Gone."]}], "non_field_errors": ["No."]}) == {
        "geoids.3": ["Too long."],
        "rows.0.a": ["Gone."],
        "": ["No."],
    }


@pytest.mark.parametrize("url", ["/api/v1/cities/", "/api/v1/measures/", "/api/v1/releases/", TRACTS])
def test_the_api_only_reads(built, client, url):
    assert client.post(url, {}).status_code in (401, 403, 405)
    assert client.delete(url).status_code in (401, 403, 405)


def test_the_schema_names_every_address(client, db):
    schema = client.get("/api/schema/?format=json").json()
    assert {
        "/api/v1/cities/",
        "/api/v1/cities/{slug}/",
        "/api/v1/cities/{slug}/tracts/",
        "/api/v1/measures/",
        "/api/v1/releases/",
    } <= schema["paths"].keys()


def test_queries_do_not_grow_with_cities(built, client):
    client.get("/api/v1/cities/")

    def count():
        with CaptureQueriesContext(connection) as seen:
            client.get("/api/v1/cities/")
        return len(seen)

    one = count()
    for i in range(8):
        portal.add_city(f"town-{i}", f"26{i:05d}")
    client.get("/api/v1/cities/")
    assert 0 < one <= 12 and count() == one


def test_the_kind_of_a_problem_is_a_sentence_without_gaps(client):
    """DRF's own words for these two have a part to fill in, which belongs into the detail."""
    for answer in (client.get("/api/v1/areas/"), client.post("/api/v1/areas/", "x", content_type="text/plain")):
        said = answer.json()
        assert answer.status_code in (405, 415) and answer["Content-Type"] == "application/problem+json"
        assert "{" not in said["title"] + said["detail"] and said["title"] in (
            "Method not allowed.",
            "Unsupported media type.",
        )
