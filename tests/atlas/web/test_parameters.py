"""A parameter nobody declared is refused, and the refusal names those there are."""

import time
from threading import Thread

import pytest
from django.urls import resolve
from rest_framework.views import APIView

from atlas.web import parameters
from atlas.web.parameters import DeclaredParametersMixin, declared_parameters
from engagements.permissions import Role
from mobility_portal.schema_view import SchemaView
from tests.atlas.web.test_public_reads import routes
from tests.factories import portal
from tests.factories.engagements import EngagementFactory, UserFactory, member

pytestmark = pytest.mark.django_db
CITY = "/api/v1/cities/springfield/"
FILES = (".csv", ".json", ".jsonld", ".svg", ".png", ".pdf", ".pptx", ".xlsx", ".parquet", ".geojson", ".gpkg", ".zip")


@pytest.fixture
def built(tmp_path):
    return portal.build(tmp_path)


def test_a_misspelt_parameter_is_not_ignored(built, client):
    answer = client.get(CITY + "tracts/?mesure=kfr_pooled_pooled_p25")
    body = answer.json()
    assert (answer.status_code, answer["Content-Type"]) == (400, "application/problem+json")
    assert body["errors"] == {
        "mesure": ["There is no such parameter here. There are: context, dollars, measure, page, page_size."]
    }
    assert body["detail"].startswith("mesure: There is no such parameter here.")


@pytest.mark.parametrize(
    ("address", "known"),
    [
        ("/api/v1/cities/", "There are: dollars, page, page_size."),
        (CITY, "There are: dollars."),
        (CITY + "panels/where/", "There are: context, dollars, measure, metric, overlay, view, weights."),
        (CITY + "summary/", "There are: dollars, measure, weights."),
        ("/api/v1/compare/", "There are: cities, dollars, measure."),
        ("/api/v1/measures/", "There are: page, page_size."),
        ("/api/schema/", "There are: format."),
        ("/cities/springfield/where.csv", "There are: context, dollars, measure, metric, overlay, view, weights."),
        ("/cities/springfield/geometry.json", "It takes none."),
        ("/compare/means.csv", "There are: cities, dollars, measure."),
    ],
)
def test_each_address_names_those_it_has(built, client, address, known):
    body = client.get(address + "?format_=json&zzz=1").json()
    assert body["errors"] == {name: [f"There is no such parameter here. {known}"] for name in ("format_", "zzz")}


def test_who_may_not_ask_learns_nothing_of_parameters(client):
    assert client.get("/api/v1/milestones/?nonsense=1").status_code == 401


def test_the_work_of_cities_and_what_is_written_too(client):
    client.force_login(UserFactory())
    known = "There are: city, page, page_size."
    assert client.get("/api/v1/engagements/?cty=detroit").json()["errors"]["cty"][0].endswith(known)
    answer = client.post("/api/v1/milestones/?x=1", {}, content_type="application/json")
    assert answer.json()["errors"] == {"x": ["There is no such parameter here. It takes none."]}


@pytest.mark.parametrize("said", ["0", "-1", "ten", "", "1.5", "10001", "٣", "9" * 30])
def test_a_size_of_a_page_that_is_none_is_refused(built, client, said):
    """It used to be ignored: a page of another size than asked for, with nothing said."""
    answer = client.get("/api/v1/measures/", {"page_size": said})
    assert answer.json()["errors"] == {"page_size": ["Give a whole number from 1 to 10,000."]}


@pytest.mark.parametrize(
    ("address", "name", "values"),
    [
        (CITY + "panels/where/?view=round", "view", "raw, within, shrunk, tiers"),
        (CITY + "panels/where/?weights=none", "weights", "majority, share"),
        (CITY + "panels/where/?context=no", "context", "read"),
        (CITY + "tracts/?context=no", "context", "read"),
        (CITY + "summary/?weights=none", "weights", "majority, share"),
        ("/api/v1/evidence/?finding=good", "finding", "positive, null, negative"),
        ("/evidence/export.csv?finding=good", "finding", "positive, null, negative"),
    ],
)
def test_a_value_that_is_none_gets_the_values_there_are(built, client, address, name, values):
    answer = client.get(address)
    assert answer.status_code == 400 and list(answer.json()["errors"]) == [name]
    assert f"There are: {values}" in answer.json()["detail"]


def test_a_filter_that_is_none_is_no_file_of_everything(client):
    """It used to be: the whole library, under the name of an answer."""
    assert client.get("/evidence/export.csv?q=" + "x" * 999).status_code == 400
    assert client.get("/evidence/export.csv?tier=&finding=").status_code == 200


def test_every_view_of_the_api_checks(db):
    views = [view.cls for route, view in routes() if route.startswith("api/v1/")]
    assert len(views) > 40
    for view in views:
        assert issubclass(view, DeclaredParametersMixin), view
        assert not any(declared_parameters(view, method) for method in ("OPTIONS", "TRACE"))


def test_every_file_of_the_portal_checks():
    files = {route: view for route, view in routes() if route.endswith(FILES)}
    assert len(files) > 30
    assert not [route for route, view in files.items() if not hasattr(view, "query_parameters")]


def test_files_of_the_work_of_cities_refuse_as_public_ones_do(client):
    engagement = EngagementFactory()
    client.force_login(member(Role.LEAD, engagement))
    for name in ("timeline.csv", "milestones/export.xlsx", "money/sums.csv"):
        answer = client.get(f"/engagements/{engagement.slug}/{name}?nonsense=1")
        assert (answer.status_code, answer["Content-Type"]) == (400, "application/problem+json"), name
        assert client.get(f"/engagements/{engagement.slug}/{name}").status_code == 200


def test_only_the_schema_takes_format(built, client):
    assert client.get("/api/schema/?format=json").json()["openapi"].startswith("3.")
    assert client.get("/api/schema/?format=nonsense").status_code == 404
    assert client.get(CITY + "?format=json").status_code == 400
    assert issubclass(SchemaView, APIView)


@pytest.mark.parametrize("method", ["DISPATCH", "INITIAL", "MADEUP"])
def test_a_method_that_is_none_is_refused_and_not_remembered(client, method):
    """Any word may be sent as a method; some are names of what a view has."""
    before = parameters._read_declaration.cache_info().currsize
    assert client.generic(method, "/api/v1/areas/").status_code == 405
    assert parameters._read_declaration.cache_info().currsize == before


def test_two_requests_never_read_declarations_at_once(monkeypatch):
    """drf-spectacular's extensions are loaded when they are first asked for, by whoever comes first."""
    at_once, most = [], []
    own = parameters.SchemaGenerator.create_view

    def counted(self, *asked):
        at_once.append(1)
        most.append(len(at_once))
        time.sleep(0.02)
        try:
            return own(self, *asked)
        finally:
            at_once.pop()

    monkeypatch.setattr(parameters.SchemaGenerator, "create_view", counted)
    parameters._read_declaration.cache_clear()
    views = [resolve(path).func.view_class for path in ("/api/v1/cities/", "/api/v1/measures/")]
    threads = [Thread(target=parameters.declared_parameters, args=(view, "GET")) for view in views]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(most) == 2 and max(most) == 1
